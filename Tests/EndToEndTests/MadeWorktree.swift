import ChildProcess
import Foundation
import SystemPackage
import TestSupport

/// A worktree that the real `wt new --json` has made, and what it said of it.
struct MadeWorktree {
    /// The fields of `wt new --json` that tests look at.
    struct Answer: Decodable {
        struct Cold {
            let profile: String
            let unit: String
            let reason: String
        }

        struct Seed: Decodable {
            let donors: [String]
            let unitsLinked: Int
            let unitsCopied: Int
            let unitsCold: Int
            let bytesShared: Int64
            let bytesWritten: Int64
            let bytesCloned: Int64
            let stopped: String?
            let unitsLeft: Int
            let bytesLeft: Int64
            let units: [UnitAnswer]

            /// The units that stay cold, as `package stem`.
            var cold: [Cold] {
                units.filter { $0.action == "cold" }.map {
                    Cold(profile: $0.profile, unit: "\($0.package) \($0.unit)", reason: $0.reason ?? "")
                }
            }
        }

        let path: String
        let native: Bool
        let seed: Seed
        let notes: [String]
    }

    let path: FilePath
    let answer: Answer

    /// Runs `wt new --json NAME ARGUMENTS…` in `directory`. Throws `TestFailure` with all of its words when the status
    /// is not 0.
    init(
        _ name: String, _ arguments: [String] = [], in directory: FilePath, environment: [String: String]
    ) throws {
        let outcome = try runWT(["new", "--json", name] + arguments, in: directory, environment: environment)
        guard outcome.status == 0 else {
            throw TestFailure("wt new \(name): status \(outcome.status)\n\(outcome.text)\(outcome.errorText)")
        }
        answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output))
        path = FilePath(answer.path)
    }

    init(_ name: String, _ arguments: [String] = [], from workspace: SmallWorkspace) throws {
        try self.init(name, arguments, in: workspace.path, environment: workspace.environment)
    }

    init(_ name: String, _ arguments: [String] = [], from workspace: AuditWorkspace) throws {
        try self.init(name, arguments, in: workspace.path, environment: workspace.environment)
    }

    /// `package stem` of the units that stay cold for a reason of their own, not for what they depend on.
    var coldByThemselves: Set<String> {
        Set(answer.seed.cold.filter { !$0.reason.hasPrefix("depends on ") }.map(\.unit))
    }

    /// `unit: reason`, for messages.
    var coldReasons: String { answer.seed.cold.map { "\($0.unit): \($0.reason)" }.sorted().joined(separator: "\n") }

    /// What the next build of everything has to compile and run, in the words of `CargoLog.compiled`.
    var expectedWork: [String] { answer.seed.cold.map { CargoLog.work(ofUnit: $0.unit) }.sorted() }
}

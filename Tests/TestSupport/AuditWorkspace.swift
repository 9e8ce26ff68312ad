import ChildProcess
import FileTree
import Foundation
import SystemPackage

/// A workspace with every awkward case, from real crates: 12 members, 154 packages, 272 units (in the dev profile),
/// about 930 MB when built. See `Fixtures/AuditWorkspace`; the crates are Debian's `librust-*-dev`, which
/// `scripts/test` installs.
///
/// It is built once for each layout and profile, which takes a minute or two, and kept in the package's build
/// directory. Compiled code holds absolute paths, so every test gets it at the place where it was built, restored
/// from a backup; tests of one configuration therefore take turns.
public struct AuditWorkspace: Sendable {
    /// The main worktree, with its `target`. Further worktrees belong beside it: they are gone at the next `use`.
    public let path: FilePath
    /// For git, cargo and `wt` alike.
    public let environment: [String: String]
    /// How it was built.
    public let layout: Layout
    /// `dev` or `release`, as `cargo --profile` takes it.
    public let profile: String
    /// What cargo said when it built all this from nothing.
    public let coldBuild: CargoLog

    /// Runs `body` on a freshly restored workspace that nobody else uses meanwhile, other test processes included.
    /// Rethrows what it throws; throws `TestFailure` when the workspace cannot be made. Write the closure as
    /// `{ workspace throws in …`, or the compiler takes an `#expect(try …)` in it for one that cannot throw.
    public static func use<Result>(
        _ layout: Layout, profile: String = "dev", _ body: (AuditWorkspace) throws -> Result
    ) throws -> Result {
        let place = AuditPlace(configuration: "\(layout.rawValue)-\(profile)")
        return try place.locked {
            try place.makeSources()
            try place.build(layout, profile)
            try place.restore()
            let log = CargoLog(try String(contentsOfFile: place.log.string, encoding: .utf8))
            return try body(
                AuditWorkspace(
                    path: place.repository, environment: place.environment(), layout: layout, profile: profile,
                    coldBuild: log))
        }
    }

    /// `cargo SUBCOMMAND -v --offline --workspace --all-targets --profile … ARGUMENTS…`, as it was built, in the main
    /// worktree or in `worktree`. Throws `TestFailure` when cargo fails.
    @discardableResult
    public func build(
        _ arguments: [String] = [], subcommand: String = "build", in worktree: FilePath? = nil,
        settings: [String: String] = [:]
    ) throws -> CargoRun {
        try CargoRun(
            subcommand, ["--workspace", "--all-targets", "--profile", profile] + arguments, in: worktree ?? path,
            layout: layout, environment: environment.merging(settings) { $1 })
    }

    /// git in the main worktree; see `TestRepository.git`.
    @discardableResult
    public func git(_ arguments: String...) throws -> String {
        try runTool("git", ["-C", path.string] + arguments, environment)
    }
}

/// Runs a program that must not fail, and returns what it printed, without the last line end.
@discardableResult
func runTool(
    _ program: String, _ arguments: [String], in directory: FilePath? = nil, _ environment: [String: String]
) throws -> String {
    let outcome = try ChildProcess(program, arguments, in: directory, environment: environment).run()
    guard outcome.status == 0 else {
        throw TestFailure(
            "\(program) \(arguments.joined(separator: " ")): status \(outcome.status)\n\(outcome.errorText)")
    }
    return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
}

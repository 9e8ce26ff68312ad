import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// `wt new` under strace(1), which lists what it asks of the system while it seeds, kills it at a chosen call, or has
/// the system refuse that call. Only calls that concern the new build directory count, so that the same call comes at
/// the same number every time.
struct TracedSeeding {
    /// One call of a whole seeding.
    struct Call: CustomStringConvertible {
        let name: String
        /// Counted from 1 among the calls of this name.
        let number: Int
        /// strace's line.
        let line: String
        var description: String { "\(name) number \(number)" }
    }

    /// What is done to one call.
    enum Injection {
        /// SIGKILL before it is carried out.
        case kill
        /// This answer instead.
        case error(String)
    }

    /// All that a seeding writes with. A question mark: not every architecture has it.
    static let names = [
        "linkat", "openat", "?mkdir", "mkdirat", "utimensat", "write", "copy_file_range", "ioctl", "symlinkat",
        "unlinkat", "fchmod",
    ]

    let workspace: SmallWorkspace
    /// A worktree whose seeding went undisturbed.
    let whole: MadeWorktree
    /// Every file and directory of its build directory, relative to that.
    let places: [String]

    /// Makes the worktree `whole`, from a donor that was built before.
    init(_ workspace: SmallWorkspace) throws {
        self.workspace = workspace
        whole = try MadeWorktree("whole", from: workspace)
        let target = whole.path.appending("target")
        places = (FileManager.default.enumerator(atPath: target.string)?.allObjects as? [String] ?? []).sorted()
    }

    /// Where the worktree for this branch goes.
    func path(_ branch: String) -> FilePath {
        workspace.path.removingLastComponent().appending("repository.\(branch)")
    }

    /// The calls of an undisturbed seeding, in their order, made on a worktree of their own.
    func calls() throws -> [Call] {
        let (outcome, log) = try run("counted")
        guard outcome.status == 0 else { throw TestFailure("strace wt new: \(outcome.errorText)") }
        return Self.calls(log)
    }

    /// The calls in a log.
    static func calls(_ log: String) -> [Call] {
        var numbers: [String: Int] = [:]
        return log.split(separator: "\n").compactMap { line in
            let words = line.drop { $0.isNumber || $0 == " " }
            guard let name = words.wholeMatch(of: /([a-z0-9_]+)\(.*/)?.1 else { return nil }
            numbers[String(name), default: 0] += 1
            return Call(name: String(name), number: numbers[String(name)]!, line: String(words))
        }
    }

    /// `wt new --json BRANCH ARGUMENTS…`, of which only calls in the build directory at `path` (default: that of the
    /// template) are traced. Returns what came of it, and the log.
    func run(
        _ branch: String, _ arguments: [String] = [], at path: FilePath? = nil,
        injecting injection: (Injection, at: Call)? = nil
    ) throws -> (outcome: ChildProcess.Outcome, log: String) {
        let target = (path ?? self.path(branch)).appending("target")
        let log = workspace.path.removingLastComponent().appending("\(branch).strace")
        var words = ["-f", "-o", log.string, "-e", "trace=" + Self.names.joined(separator: ","), "-P", target.string]
        for place in places { words += ["-P", "\(target)/\(place)"] }
        switch injection {
        // Much faster, but strace 6.1 does not deliver signals then.
        case nil: words.insert("--seccomp-bpf", at: 0)
        case (.kill, let call)?: words += ["-e", "inject=\(call.name):signal=SIGKILL:when=\(call.number)"]
        case (.error(let code), let call)?:
            words = ["--seccomp-bpf"] + words + ["-e", "inject=\(call.name):error=\(code):when=\(call.number)"]
        }
        words += try Self.onOneProcessor(workspace.environment)
        words += [productsDirectory.appending("wt").string, "new", "--json", branch] + arguments
        let outcome = try ChildProcess("strace", words, in: workspace.path, environment: workspace.environment).run()
        return (outcome, String(decoding: try readFile(log), as: UTF8.self))
    }

    /// Words before a program's. On one processor one thread does all, in the same order every time; strace counts the
    /// calls of each by itself.
    static func onOneProcessor(_ environment: [String: String]) throws -> [String] {
        let allowed = try ChildProcess("taskset", ["-pc", "\(getpid())"], environment: environment).run().text
        return ["taskset", "-c", String(allowed.split(separator: " ").last?.prefix { $0.isNumber } ?? "")]
    }

    // MARK: What is left

    /// The files of each unit, by the hash in their paths; the files of no unit are not among them.
    static func units(_ places: [String], in target: FilePath) -> [String: Set<String>] {
        var units: [String: Set<String>] = [:]
        for place in places {
            guard let hash = place.firstMatch(of: /[-\/]([0-9a-f]{16})(?=[.\/]|$)/)?.1,
                FileStatus.ifPresent(target.pushing(FilePath(place))).map({ $0.kind != .directory }) == true
            else { continue }
            units[String(hash), default: []].insert(place)
        }
        return units
    }

    /// The units that are there in part: with some of their files, or, when `mayBeUnfinished`, with the hash file, which
    /// makes cargo trust the rest, and not with all the others.
    func halfUnits(of path: FilePath, mayBeUnfinished: Bool) -> [String] {
        let here = Self.units(places, in: path.appending("target"))
        return Self.units(places, in: whole.path.appending("target")).compactMap { hash, files in
            let found = here[hash] ?? []
            if found == files || found.isEmpty { return nil }
            if mayBeUnfinished, !found.contains(where: Self.isHashFile) { return nil }
            return "\(hash): \(files.subtracting(found).sorted()) are missing"
        }
    }

    /// `lib-NAME`, `run-build-script-…` and the like, beside which a fingerprint has `dep-…`, `output-…`, `….json` and
    /// `invoked.timestamp`.
    private static func isHashFile(_ place: String) -> Bool {
        let parts = place.split(separator: "/")
        guard let name = parts.last, parts.contains(".fingerprint") || parts.dropLast().last == "fingerprint" else {
            return false
        }
        return !name.contains(".") && !name.hasPrefix("dep-") && !name.hasPrefix("output-")
    }

    /// Whether git and cargo find all in order in a worktree whose seeding did not come to its end: it is clean, it
    /// builds, and its programs say what those of the donor say, with their own paths. Returns what was compiled.
    func check(_ path: FilePath, _ layout: Layout) throws -> CargoLog {
        let repository = workspace.repository
        guard try repository.git("worktree", "list", "--porcelain").contains("worktree \(path)\n") else {
            throw TestFailure("git does not know \(path)")
        }
        try repository.git("fsck", "--no-progress")
        let status = try repository.git("status", "--porcelain", in: path)
        guard status == "" else { throw TestFailure("git status: \(status)") }
        let run = try workspace.build(layout, ["--all-targets"], in: path)
        let expected = try workspace.report().mapValues { $0.replacing(workspace.path.string, with: path.string) }
        let report = try workspace.report(of: path)
        guard report == expected else { throw TestFailure("\(path): \(report)") }
        guard try workspace.build(layout, ["--all-targets"], in: path).log.compiledNothing else {
            throw TestFailure("\(path): another build compiles again")
        }
        return run.log
    }
}

import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A repository without cargo in it, for worktrees whose making is disturbed: `main` with files in three directories, an
/// existing branch `topic`, and `far`, which only a remote has.
struct MakingPlace {
    /// Who makes the worktree.
    enum Way: CaseIterable {
        case native, git
    }

    let directory: TemporaryDirectory
    let repository: TestRepository
    /// Below a directory that is not there.
    var path: FilePath { directory.appending("above").appending("x") }
    private let wt = productsDirectory.appending("wt").string

    init(_ way: Way) throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        for name in ["a.txt", "src/b.txt", "src/deep/c.txt"] { try repository.write(name, "\(name)\n") }
        try repository.commit()
        try repository.branch("topic")
        try repository.git("config", "remote.origin.url", "/nowhere")
        try repository.git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
        try repository.git("update-ref", "refs/remotes/origin/far", "HEAD")
        if way == .git { try repository.git("config", "core.sharedRepository", "group") }
        // The first deletion of a reference makes the file packed-refs.
        try repository.git("branch", "first")
        try repository.git("branch", "-D", "first")
    }

    /// `wt new` without seeding at `path`.
    func words(_ arguments: [String]) -> [String] {
        [wt, "new", "--no-seed"] + arguments + ["--path", path.string]
    }

    /// Runs a program here.
    func run(_ words: [String]) throws -> ChildProcess.Outcome {
        try ChildProcess(words[0], Array(words.dropFirst()), in: repository.path, environment: repository.environment)
            .run()
    }

    /// Starts a program here that goes on beside the test.
    func start(_ words: [String], log: String) throws -> Background {
        try Background(
            words, in: repository.path, environment: repository.environment, log: directory.appending(log))
    }

    /// Everything but the logs of programs.
    func snapshot() throws -> TreeSnapshot {
        let logs = try Directory(directory.path).entries().map(\.name.string).filter { $0.hasSuffix(".log") }
        return try TreeSnapshot(directory.path, excluding: Set(logs))
    }

    /// `strace wt new`, of which only `wt` itself is traced. Returns what came of it, and the calls.
    func trace(
        _ arguments: [String], injecting injection: (signal: String, at: TracedSeeding.Call)? = nil
    ) throws -> (outcome: ChildProcess.Outcome, calls: [TracedSeeding.Call]) {
        let log = directory.appending("strace.log")
        let inject = injection.map { ["-e", "inject=\($0.at.name):signal=\($0.signal):when=\($0.at.number)"] } ?? []
        let outcome = try run(["strace", "-o", log.string] + inject + words(arguments))
        return (outcome, TracedSeeding.calls(String(decoding: try readFile(log), as: UTF8.self)))
    }

    /// Calls of an undisturbed `wt new`, spread between the first and the last that something can be left behind by.
    /// What it makes is taken away again.
    func points(_ count: Int, _ arguments: [String]) throws -> [TracedSeeding.Call] {
        let (outcome, calls) = try trace(arguments)
        guard outcome.status == 0, let first = calls.firstIndex(where: { $0.line.contains("wt-making\", 0") }),
            let last = calls.lastIndex(where: { $0.line.contains("wt-making") }), last - first > 2 * count
        else { throw TestFailure("strace wt new: \(outcome.errorText)") }
        try takeAway(arguments)
        // How often something is read from git, and waited for, is different each time.
        let range = calls[(first - 1)...(last + 1)].filter {
            $0.line.contains("\"/") && !$0.line.contains("\"/proc/")
                || ["write", "clone", "clone3", "vfork", "pidfd_open", "unlink"].contains($0.name)
        }
        return (0...count).map { range[range.startIndex + (range.count - 1) * $0 / count] }
    }

    /// Removes the complete worktree and its branch with git.
    func takeAway(_ arguments: [String]) throws {
        try repository.git("worktree", "remove", path.string)
        try removeEmptyDirectory(path.removingLastComponent())
        for branch in arguments where branch != "topic" && !branch.hasPrefix("-") {
            try repository.git("branch", "-D", branch)
        }
    }

    /// Waits until no program that a killed `wt` has started is at work any more: each holds the lock on the record.
    func waitForOrphans() throws {
        let records = repository.path.appending(".git").appending("wt-making")
        guard FileStatus.ifPresent(records) != nil else { return }
        for entry in try Directory(records).entries() {
            let record = open(records.appending(entry.name).string, O_RDONLY)
            guard record >= 0 else { continue }
            defer { close(record) }
            while flock(record, LOCK_SH) != 0 {
                guard errno == EINTR else { throw TestFailure("flock: \(errno)") }
            }
        }
    }

    /// Whether the worktree is whole: registered, not locked, and clean.
    func check() throws {
        let listing = try repository.git("worktree", "list", "--porcelain")
        guard listing.contains("worktree \(path)\n"), !listing.contains("\nlocked"), !listing.contains("\nprunable")
        else { throw TestFailure(listing) }
        let status = try repository.git("status", "--porcelain", in: path)
        guard status == "" else { throw TestFailure("git status: \(status)") }
        guard FileStatus.ifPresent(repository.path.appending(".git").appending("wt-making")) == nil else {
            throw TestFailure("a record is left")
        }
        try repository.git("fsck", "--no-progress")
    }

    /// Makes a filter driver for `src/b.txt`, which sends `wt new` to git: a line of shell, and then the file as it is.
    func makeFilter(_ line: String) throws {
        let script = directory.appending("filter")
        try makeProgram(script, "#!/bin/sh\n\(line)\nexec cat\n")
        try repository.git("config", "filter.own.smudge", script.string)
        try repository.git("config", "filter.own.clean", "cat")
        try repository.git("config", "filter.own.required", "true")
        try repository.write(".git/info/attributes", "src/b.txt filter=own\n")
    }

    /// A filter that stops in the middle of the checkout, once: it makes the file `reached`, and goes on when something
    /// is written to `gate`. Nothing of it is part of a snapshot.
    func makeGate() throws -> (reached: FilePath, gate: FilePath) {
        let (reached, gate) = (directory.appending("reached.log"), directory.appending("gate"))
        guard mkfifo(gate.string, 0o666) == 0 else { throw TestFailure("mkfifo: \(errno)") }
        try makeFilter("if [ ! -e '\(reached)' ]; then : > '\(reached)'; read line < '\(gate)'; fi")
        return (reached, gate)
    }
}

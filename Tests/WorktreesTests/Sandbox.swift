import ChildProcess
import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// A repository in a directory of its own, and wt's verbs on it.
///
/// `main` has three commits with a file, a script, a symlink and a directory; `topic` is a branch at the second. A
/// `target` directory is ignored.
struct Sandbox {
    let directory: TemporaryDirectory
    var repository: TestRepository

    init(in directory: TemporaryDirectory? = nil, name: String = "repository") throws {
        let directory = try directory ?? TemporaryDirectory()
        self.directory = directory
        repository = try TestRepository(in: directory, name: name)
        try repository.write("a.txt", "one\n")
        try repository.write("src/lib.rs", "pub fn one() {}\n")
        try repository.write("src/deep/b.rs", "// b\n")
        try repository.write("run.sh", "#!/bin/sh\n")
        try repository.write(".gitignore", "/target\n*.ignored\n")
        try sh("chmod +x run.sh; ln -s src/lib.rs link; ln -s ../nowhere src/dangling")
        try repository.commit("first")
        try repository.write("a.txt", "one\ntwo\n")
        try repository.commit("second")
        try repository.branch("topic")
        try repository.write("a.txt", "one\ntwo\nthree\n")
        try repository.commit("third")
    }

    /// A path beside the main worktree.
    func path(_ name: String) -> FilePath { directory.path.pushing(FilePath(name)) }

    /// Runs a shell script in the main worktree, or in `place`. Returns what it prints, less the last line end.
    @discardableResult
    func sh(_ script: String, in place: FilePath? = nil) throws -> String {
        let outcome = try ChildProcess(
            "sh", ["-ec", script], in: place ?? repository.path, environment: repository.environment
        ).run()
        guard outcome.status == 0 else {
            throw TestFailure("\(script): status \(outcome.status)\n\(outcome.errorText)")
        }
        return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
    }

    /// Something that sends `wt new` to git, and makes no other difference to a worktree.
    func makeObstacle() throws { try repository.git("config", "core.sharedRepository", "group") }

    /// A post-checkout hook that runs a line of shell.
    func makeHook(_ line: String) throws {
        try makeProgram(repository.path.pushing(".git/hooks/post-checkout"), "#!/bin/sh\n\(line)\n")
    }

    /// The repository as seen from the main worktree, or from `place`.
    func open(_ place: FilePath? = nil) throws -> Repository {
        try Repository(discovering: place ?? repository.path, environment: repository.environment)
    }

    /// What `wt new` decides in the main worktree, or in `place`.
    func plan(_ options: NewOptions, from place: FilePath? = nil) throws -> NewPlan {
        let opened = try open(place)
        return try NewPlan(
            options, in: opened, settings: Settings(for: opened), currentDirectory: place ?? repository.path)
    }

    /// `wt new`, whole.
    @discardableResult
    func new(
        _ options: NewOptions, from place: FilePath? = nil,
        progress: @escaping @Sendable (NewProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> NewResult {
        try plan(options, from: place).run(in: open(place), progress: progress, isCancelled: isCancelled)
    }

    /// What `wt rm` decides.
    func removalPlan(_ options: RemovalOptions, from place: FilePath? = nil) throws -> RemovalPlan {
        try RemovalPlan(options, in: open(), currentDirectory: place ?? repository.path)
    }

    /// `wt rm --wait`, whole.
    @discardableResult
    func remove(_ options: RemovalOptions, from place: FilePath? = nil) throws -> RemovalResult {
        let result = try removalPlan(options, from: place).run(in: open())
        try trash.empty()
        return result
    }

    /// The repository's trash.
    var trash: Trash { get throws { Trash(of: try open().location) } }

    /// Takes the trash away from wt, as another file system does: a file is in its place.
    func forbidTrash() throws { try sh("touch .git/wt-trash") }

    /// Everything in the sandbox, the repository's own files included.
    func snapshot() throws -> TreeSnapshot { try TreeSnapshot(directory.path) }
}

/// The failure that `body` throws; nil when it throws none. Any other error fails the test.
func failure<Result>(_ body: () throws -> Result) throws -> Failure? {
    do {
        _ = try body()
        return nil
    } catch let failure as Failure {
        return failure
    }
}

extension NewOptions {
    init(
        _ name: String, at startPoint: String? = nil, path: FilePath? = nil, detach: Bool = false,
        track: Bool? = nil, donor: String? = nil, lockReason: String? = nil
    ) {
        self.init(name)
        self.startPoint = startPoint
        self.path = path
        self.detach = detach
        self.track = track
        donors = donor.map { [$0] } ?? []
        self.lockReason = lockReason
    }
}

extension RemovalOptions {
    init(_ name: String, force: Int, branch: Branch = .whenMerged) {
        self.init(name)
        self.force = force
        self.branch = branch
    }
}

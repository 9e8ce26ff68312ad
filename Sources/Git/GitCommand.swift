import ChildProcess
import FileTree
import SystemPackage

/// The `git` executable, run at one place. For what libgit2 answers wrongly or not at all: status, history, writing
/// references, and whole repositories that it refuses to open.
public struct GitCommand: Sendable {
    /// Whether a call may write; decides about locks and language.
    public enum Purpose: Sendable {
        /// `GIT_OPTIONAL_LOCKS=0`, so that not even the index is refreshed, and `LC_ALL=C`, so that messages can be
        /// recognised.
        case read
        /// The environment as the user has it, since hooks and filters may run in it.
        case write
        /// The same, but for `LC_ALL=C`, so that messages can be recognised.
        case writeUntranslated
    }

    let directory: FilePath
    let leadingArguments: [String]
    let environment: [String: String]

    /// Runs git at `directory`, which is the root of a worktree or a git directory. It looks no further up: when
    /// `directory` is no repository any more, calls fail instead of answering for the repository around it.
    public init(at directory: FilePath, environment: [String: String]) {
        var environment = environment.withoutRepositoryVariables
        if let parent = directory.removingLastComponent().exactString {
            environment["GIT_CEILING_DIRECTORIES"] = parent
        }
        self.init(directory: directory, leadingArguments: [], environment: environment)
    }

    /// Runs git for the worktree at `root`, by way of `<root>/.git` and no other repository, as `git worktree remove`
    /// does for its checks (check_clean_worktree, builtin/worktree.c).
    public init(worktree root: FilePath, environment: [String: String]) {
        self.init(
            directory: root, leadingArguments: ["--git-dir=.git", "--work-tree=."],
            environment: environment.withoutRepositoryVariables)
    }

    /// The same for a worktree whose files have been moved to `root`, away from where `.git` in it makes sense.
    public init(worktree root: FilePath, gitDirectory: FilePath, environment: [String: String]) {
        self.init(
            directory: root, leadingArguments: ["--git-dir=\(gitDirectory)", "--work-tree=."],
            environment: environment.withoutRepositoryVariables)
    }

    /// Runs git for a worktree in the making, as `git worktree add` does (add_worktree, builtin/worktree.c): filters and
    /// hooks see `GIT_DIR` and `GIT_WORK_TREE`, and here `GIT_INDEX_FILE` as well.
    init(
        administrativeDirectory: FilePath, worktree root: FilePath, index: FilePath, environment: [String: String]
    ) {
        var environment = environment.withoutRepositoryVariables
        environment["GIT_DIR"] = administrativeDirectory.string
        environment["GIT_WORK_TREE"] = root.string
        environment["GIT_INDEX_FILE"] = index.string
        self.init(directory: root, leadingArguments: [], environment: environment)
    }

    /// Runs git exactly where the user stands, with the environment as it is, but for `GIT_INDEX_FILE`, which git gives to
    /// the hooks of a commit: `git worktree add` would hand it on to the `git reset` that is its last part, which then
    /// writes the new worktree's index over the one of the commit.
    init(start: FilePath, environment: [String: String]) {
        var environment = environment
        environment["GIT_INDEX_FILE"] = nil
        self.init(directory: start, leadingArguments: [], environment: environment)
    }

    private init(directory: FilePath, leadingArguments: [String], environment: [String: String]) {
        self.directory = directory
        self.leadingArguments = leadingArguments
        self.environment = environment
    }

    /// Runs `git <arguments>` and returns what it printed. Throws `GitError` when it cannot be started
    /// (`notFound`), and `command` with its message for any exit status not in `accepting`. Once `isCancelled` says so,
    /// git is asked to end, which is such a status.
    @discardableResult
    public func run(
        _ arguments: [String], for purpose: Purpose = .read, accepting: Set<Int32> = [0],
        isCancelled: (() -> Bool)? = nil
    ) throws(GitError) -> ChildProcess.Outcome {
        let process = process(arguments, for: purpose)
        let outcome: ChildProcess.Outcome
        do throws(ChildProcess.Failure) {
            outcome = try process.run(isCancelled: isCancelled)
        } catch {
            throw GitError(.notFound, error.description)
        }
        guard accepting.contains(outcome.status) else {
            throw GitError(.command(status: outcome.status), Self.reason(of: outcome, arguments))
        }
        return outcome
    }

    /// Runs `git <arguments>`, which writes nothing, and hands over what it prints as it comes; what it says on standard
    /// error is dropped. Returns its exit status; nil when `body` has ended it by returning false. Throws `GitError` when
    /// it cannot be started (`notFound`).
    func run(
        _ arguments: [String], reading body: (UnsafeRawBufferPointer) -> Bool
    ) throws(GitError) -> Int32? {
        do throws(ChildProcess.Failure) {
            return try process(arguments, for: .read).run(reading: body)
        } catch {
            throw GitError(.notFound, error.description)
        }
    }

    private func process(_ arguments: [String], for purpose: Purpose) -> ChildProcess {
        var environment = environment
        if purpose == .read { environment["GIT_OPTIONAL_LOCKS"] = "0" }
        if purpose != .write { environment["LC_ALL"] = "C" }
        return ChildProcess("git", leadingArguments + arguments, in: directory, environment: environment)
    }

    /// What git said, without its `fatal:`; hints are left out. Lines that go on with a tab belong to the one before.
    private static func reason(of outcome: ChildProcess.Outcome, _ arguments: [String]) -> String {
        let lines = outcome.errorText.replacing("\n\t", with: " ").split(separator: "\n").map(String.init)
        let said = lines.compactMap { $0.dropped(prefix: "fatal: ") ?? $0.dropped(prefix: "error: ") }
        return said.first ?? lines.last ?? "git \(arguments.first ?? "") ended with status \(outcome.status)"
    }
}

extension [String: String] {
    /// Without the variables that name one worktree of one repository, which would answer for the wrong one. Those
    /// that carry configuration (`GIT_CONFIG_COUNT` and others) stay: they are what the user asked for.
    public var withoutRepositoryVariables: [String: String] {
        let names: Set = [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE",
            "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS",
            "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_DIFF_OPTS",
        ]
        return filter { !names.contains($0.key) }
    }
}

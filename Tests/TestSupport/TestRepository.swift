import ChildProcess
import FileTree
import Foundation
import SystemPackage

/// A repository made by the real `git`, which knows nothing of the configuration of whoever runs the tests.
public struct TestRepository: Sendable {
    /// The main worktree.
    public let path: FilePath
    /// What `git` is run with; hand the same to cargo and `wt`.
    public var environment: [String: String]
    /// Keeps the directory alive for as long as the repository is in use.
    private let owner: TemporaryDirectory

    /// `git init` with the branch `main` in `directory/name`, without a commit. `HOME` is `directory/home`.
    /// Throws `TestFailure`.
    public init(in directory: TemporaryDirectory, name: String = "repository") throws {
        try self.init(
            in: directory, name: name,
            environment: TestEnvironment.hermetic(home: directory.appending("home")))
    }

    /// The same with an environment made before. Throws `TestFailure`.
    public init(in directory: TemporaryDirectory, name: String, environment: [String: String]) throws {
        owner = directory
        path = directory.path.appending(name)
        self.environment = environment
        try makeDirectories(path)
        try git("init", "--quiet", "--initial-branch=main")
        // libgit2 reads no GIT_AUTHOR_* variables for its reflogs.
        try git("config", "user.name", TestEnvironment.identity.name)
        try git("config", "user.email", TestEnvironment.identity.email)
    }

    /// Runs git in the main worktree, or in `directory`. Returns what it printed, without the last line end. Throws
    /// `TestFailure` with all of git's words when its exit status is not 0.
    @discardableResult
    public func git(_ arguments: String..., in directory: FilePath? = nil) throws -> String {
        let outcome = try attempt(arguments, in: directory)
        guard outcome.status == 0 else {
            throw TestFailure(
                "git \(arguments.joined(separator: " ")): status \(outcome.status)\n\(outcome.text)\(outcome.errorText)"
            )
        }
        return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
    }

    /// Runs git and hands over whatever came of it: to compare a refusal of git's with one of ours.
    /// Throws `ChildProcess.Failure` only when there is no git.
    public func attempt(_ arguments: [String], in directory: FilePath? = nil) throws -> ChildProcess.Outcome {
        try ChildProcess("git", arguments, in: directory ?? path, environment: environment).run()
    }

    /// Writes a file below the main worktree, or below `worktree`, with the directories it needs; an existing one is
    /// rewritten in place. Returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String, in worktree: FilePath? = nil) throws -> FilePath {
        let file = (worktree ?? path).appending(name)
        try makeDirectories(file.removingLastComponent())
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
        return file
    }

    /// Commits everything that is not ignored, an empty commit included. Returns the commit's id.
    @discardableResult
    public func commit(_ message: String = "a commit", in worktree: FilePath? = nil) throws -> String {
        try git("add", "--all", in: worktree)
        try git("commit", "--quiet", "--allow-empty", "--message", message, in: worktree)
        return try git("rev-parse", "HEAD", in: worktree)
    }

    /// `git branch`: a new branch at the start point, not checked out.
    public func branch(_ name: String, at startPoint: String = "HEAD") throws {
        try git("branch", "--no-track", name, startPoint)
    }

    /// `git worktree add`, the counterpart that our own worktrees are compared with: beside the main worktree, on the
    /// existing branch. Returns the worktree's path.
    @discardableResult
    public func addWorktree(_ name: String, branch: String) throws -> FilePath {
        let place = path.removingLastComponent().appending(name)
        try git("worktree", "add", "--quiet", place.string, branch)
        return place
    }
}

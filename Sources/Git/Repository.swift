import CLibGit2
import FileTree
import SystemPackage

/// A repository, seen from one of its worktrees. Works through libgit2 where its answers are git's, and through the
/// `git` executable where they are not (`refusal` says which, and why); callers need not care. Not for two threads at
/// once.
public struct Repository: ~Copyable {
    /// Where its parts are.
    public let location: RepositoryLocation
    /// Its configuration at the time it was opened.
    public let configuration: Configuration
    /// The environment in which git is run.
    public let environment: [String: String]
    /// Why libgit2 is not used for this repository at all; nil when it is.
    public let refusal: Obstacle?
    /// The root of another repository's worktree that this one lies in so that it can have been committed there, configuration
    /// and all: wt's own keys in that (`Configuration.disregardedKeys`) do not count. Nil for nearly all.
    public let worktreeAround: FilePath?
    /// Runs git for the repository as a whole: references, configuration, objects.
    public let git: GitCommand
    /// libgit2's handle; nil when there is a `refusal`.
    let handle: OpaquePointer?

    /// Finds the repository that `start` lies in, as git would in `environment` (`GIT_DIR` and its like included).
    /// `allowingNative: false` does everything through git. Throws `GitError`: `notARepository`, `ownership`,
    /// `unsupported` for a repository that not even git can read.
    public init(
        discovering start: FilePath, environment: [String: String], allowingNative: Bool = true
    ) throws(GitError) {
        let found = try discover(start, .upwards, environment: environment, allowingNative: allowingNative)
        let redirected = foreignVariables.contains { environment[$0] != nil }
        // core.worktree can name a directory from which git would not find the repository.
        let tree = found.workingTree.flatMap { FileStatus.ifPresent($0.appending(".git")) == nil ? nil : $0 }
        let place = tree ?? found.gitDirectory
        try self.init(
            found, environment: environment,
            git: redirected
                ? GitCommand(start: start, environment: environment) : GitCommand(at: place, environment: environment))
    }

    /// Opens the repository at `path`, which is the root of a worktree or a git directory; directories above are not
    /// searched, and variables such as `GIT_DIR` do not count. Throws as the other initialiser.
    public init(
        opening path: FilePath, environment: [String: String], allowingNative: Bool = true
    ) throws(GitError) {
        let environment = environment.withoutRepositoryVariables
        let found = try discover(path, .exactly, environment: environment, allowingNative: allowingNative)
        try self.init(found, environment: environment, git: GitCommand(at: path, environment: environment))
    }

    private init(_ found: Discovered, environment: [String: String], git: GitCommand) throws(GitError) {
        let opened = try Self.judge(found, environment: environment, git: git)
        location = opened.location
        configuration = opened.configuration
        refusal = opened.refusal
        handle = opened.handle
        worktreeAround = opened.worktreeAround
        self.environment = environment
        self.git = git
    }

    deinit { git_repository_free(handle) }

    private struct Opened {
        let location: RepositoryLocation
        let configuration: Configuration
        let refusal: Obstacle?
        let handle: OpaquePointer?
        let worktreeAround: FilePath?
    }

    /// Decides whether libgit2's handle is of use, and gives it back when it is not.
    private static func judge(
        _ found: Discovered, environment: [String: String], git: GitCommand
    ) throws(GitError) -> Opened {
        var handle = found.handle
        // Each has a part in the configuration.
        let around =
            EmbeddedRepository.worktree(around: found.gitDirectory)
            ?? EmbeddedRepository.worktree(around: found.commonDirectory)
        do throws(GitError) {
            var refusal = found.refusal
            var configuration: Configuration?
            if let opened = handle {
                let reader = NativeConfiguration(
                    commonDirectory: found.commonDirectory, environment: environment, isOwnTrusted: around == nil)
                configuration = try? reader.load(opened)
                refusal = self.refusal(of: configuration, found)
            }
            if refusal != nil {
                git_repository_free(handle)
                handle = nil
                configuration = nil
            }
            let settled =
                if let configuration { configuration } else {
                    try self.configuration(from: git, isOwnTrusted: around == nil)
                }
            try refuseReftable(settled)
            let location = try RepositoryLocation(
                gitDirectory: found.gitDirectory, commonDirectory: found.commonDirectory,
                workingTree: found.workingTree, configuration: settled)
            return Opened(
                location: location, configuration: settled, refusal: refusal, handle: handle,
                worktreeAround: around)
        } catch {
            git_repository_free(handle)
            throw error
        }
    }

    private static func configuration(
        from git: GitCommand, isOwnTrusted: Bool
    ) throws(GitError) -> Configuration {
        let home = git.environment["HOME"].map { FilePath($0) }
        if isOwnTrusted { return Configuration(listing: try git.run(["config", "--list", "-z"]).output, home: home) }
        return Configuration(
            scopedListing: try git.run(["config", "--list", "--show-scope", "-z"]).output, home: home)
    }

    /// What makes even libgit2's reading of references and configuration wrong.
    private static func refusal(of configuration: Configuration?, _ found: Discovered) -> Obstacle? {
        guard let configuration else {
            return Obstacle(.repositoryFile("config"), "libgit2 does not read the configuration")
        }
        // git honours these in format 0 too (handle_extension_v0, setup.c), where libgit2 does not look.
        if let key = configuration.keys(withPrefix: "extensions.").first(where: { $0 != "extensions.noop" }) {
            return Obstacle(.configuration(key), "the repository uses \(key)")
        }
        if let key = configuration.keys(withPrefix: "includeif.hasconfig:").first {
            return Obstacle(.configuration(key), "the configuration has an include of the kind hasconfig")
        }
        let directories = Set([found.gitDirectory, found.commonDirectory])
        if directories.contains(where: { FileStatus.ifPresent($0.appending("config.worktree")) != nil }) {
            return Obstacle(.repositoryFile("config.worktree"), "a worktree has its own configuration")
        }
        return nil
    }

    /// References are read from their files here, and a reftable has none.
    private static func refuseReftable(_ configuration: Configuration) throws(GitError) {
        guard let format = configuration.string(forKey: "extensions.refstorage"), format != "files" else { return }
        throw GitError(
            .unsupported(feature: "extensions.refStorage=\(format)"),
            "the repository keeps its references in the format \(format), which is not supported yet")
    }

    /// The references of the repository.
    var references: ReferenceFiles { ReferenceFiles(commonDirectory: location.commonDirectory) }

    /// What the discovered worktree's `HEAD` names.
    public func head() -> Head { references.head(in: location.gitDirectory) }
}

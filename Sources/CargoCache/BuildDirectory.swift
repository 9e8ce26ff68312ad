import ChildProcess
import FileTree
import FoundationEssentials
import SystemPackage

/// Where cargo keeps the intermediate artifacts of a workspace.
public struct BuildDirectory: Hashable, Sendable {
    /// Absolute.
    public let path: FilePath
    /// Its name in the build directory around it, for one that is nested (`target/rust-analyzer`); else nil.
    public let nestedName: FilePath.Component?
    /// Whether a setting moved it from `target` in the workspace's root.
    public let isConfigured: Bool

    /// The root of the workspace that is built there, where cargo was asked; nil where it was not.
    public let workspaceRoot: FilePath?

    /// Cargo could not say where it builds.
    public struct Failure: Error, CustomStringConvertible {
        /// Cargo's first line, or why it could not be started.
        public let description: String
    }

    /// The build directory of the workspace at `root`, as cargo resolves it. Cargo is started only when a setting is
    /// in play (`cargo metadata --no-deps`: `build_directory`, from cargo 1.91 on, else `target_directory`); otherwise
    /// it is `target`. Throws `Failure` when cargo has to be asked and cannot answer.
    public init(ofWorkspaceAt root: FilePath, environment: [String: String]) throws(Failure) {
        var settings = BuildSettings(environment: environment)
        try self.init(ofWorkspaceAt: root, isSettingInPlay: settings.areInPlay(at: root), environment: environment)
    }

    /// The same where it is known whether a setting is in play.
    init(
        ofWorkspaceAt root: FilePath, isSettingInPlay: Bool, environment: [String: String]
    ) throws(Failure) {
        guard isSettingInPlay else {
            self.init(path: root.appending("target"), isConfigured: false)
            return
        }
        let command = ChildProcess(
            environment["CARGO"] ?? "cargo",
            ["metadata", "--no-deps", "--offline", "--format-version", "1"], in: root, environment: environment)
        let outcome: ChildProcess.Outcome
        do throws(ChildProcess.Failure) {
            outcome = try command.run()
        } catch {
            throw Failure(description: error.description)
        }
        guard outcome.status == 0,
            let metadata = try? JSONDecoder().decode(Metadata.self, from: Data(outcome.output))
        else {
            let line = outcome.errorText.split(separator: "\n").first.map(String.init)
            throw Failure(description: line ?? "cargo metadata failed with status \(outcome.status)")
        }
        self.init(
            path: FilePath(metadata.build_directory ?? metadata.target_directory).lexicallyNormalized(),
            isConfigured: true, workspaceRoot: FilePath(metadata.workspace_root))
    }

    private init(
        path: FilePath, isConfigured: Bool, workspaceRoot: FilePath? = nil, nestedName: FilePath.Component? = nil
    ) {
        self.path = path
        self.isConfigured = isConfigured
        self.workspaceRoot = workspaceRoot
        self.nestedName = nestedName
    }

    /// The one of that name in this one.
    public func nested(_ name: FilePath.Component) -> BuildDirectory {
        BuildDirectory(
            path: path.appending(name), isConfigured: isConfigured, workspaceRoot: workspaceRoot, nestedName: name)
    }

    /// The one around a nested one; for any other, itself.
    public var outermostPath: FilePath { nestedName == nil ? path : path.removingLastComponent() }

    struct Metadata: Decodable {
        let target_directory: String
        let build_directory: String?
        let workspace_root: String
    }

    /// Takes the locks of every profile directory of the build directory, those of nested ones not included, so that
    /// cargo waits (see `ProfileLock`). Nil when cargo is at work there. Where cargo of this version makes no such file, one
    /// is made, which does no harm.
    public static func lock(_ path: FilePath) -> [FileLock]? {
        var locks: [FileLock] = []
        for profile in BuildTree.profileDirectories(of: path) {
            for name in ProfileLock.names {
                guard let lock = FileLock(path.appending(profile.components).appending(name)) else { return nil }
                locks.append(lock)
            }
        }
        return locks
    }

    /// Whether cargo is at work in the build directory or in one nested in it: it holds a lock in each profile directory
    /// that it uses (flock; see `ProfileLock`). Opens the lock files without changing them.
    public static func isBusy(_ path: FilePath) -> Bool {
        let nested = BuildTree.nestedBuildDirectories(of: path).map { path.appending($0) }
        return ([path] + nested).contains { root in
            BuildTree.profileDirectories(of: root).contains { profile in
                ProfileLock.names.contains { name in
                    isLocked(root.appending(profile.components).appending(name))
                }
            }
        }
    }
}

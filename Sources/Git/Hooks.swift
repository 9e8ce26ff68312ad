import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Repository {
    /// The executable hook `name` as a git that is started in `directory` finds it (find_hook, hook.c), `core.hooksPath`
    /// included; nil when there is none. With a relative `core.hooksPath` another worktree may have another.
    public func hook(_ name: String, from directory: FilePath? = nil) -> FilePath? {
        var hooks = location.commonDirectory.appending("hooks")
        if let text = configuration.string(forKey: "core.hooksPath") {
            // Set to nothing, it stands for the root directory, and is meant to keep all hooks from running.
            guard !text.isEmpty, let configured = configuration.path(forKey: "core.hooksPath") else { return nil }
            // Not made shorter: the hook sees it as its own name.
            hooks = configured.isAbsolute ? configured : place(startedIn: directory).directory.pushing(configured)
        }
        let file = hooks.appending(name)
        guard let target = realPath(file), FileStatus.ifPresent(target)?.kind == .file,
            file.withPlatformString({ access($0, X_OK) }) == 0
        else { return nil }
        return file
    }

    /// Whether a checkout of `tree` will bring the hook along, in a directory that a relative `core.hooksPath` names.
    func hasHook(_ name: String, in tree: TreeListing) -> Bool {
        guard let configured = configuration.path(forKey: "core.hooksPath"), configured.isRelative else { return false }
        let wanted = configured.appending(name).lexicallyNormalized().bytes
        return tree.indices.contains { tree.paths[$0].elementsEqual(wanted) }
    }

    /// Where a git that is started in `directory` works, and the prefix that it remembers of the way there
    /// (setup_git_directory, setup.c): the root of the working tree. In a bare repository and inside the git directory
    /// it stays where it is, and there is no prefix. Without a `directory`, the root is meant.
    func place(startedIn directory: FilePath?) -> (directory: FilePath, prefix: FilePath?) {
        guard let root = location.workingTree else { return (directory ?? location.gitDirectory, nil) }
        guard let directory = directory.map({ realPath($0) ?? $0 }) else { return (root, "") }
        if directory.starts(with: location.gitDirectory) || directory.starts(with: location.commonDirectory) {
            return (directory, nil)
        }
        var prefix = directory
        return prefix.removePrefix(root) ? (root, prefix) : (directory, "")
    }
}

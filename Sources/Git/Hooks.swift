import FileTree
import SystemPackage

extension Repository {
    /// The executable hook `name` as git finds it from the discovered worktree (find_hook, hook.c), `core.hooksPath`
    /// included; nil when there is none. With a relative `core.hooksPath` another worktree may have another.
    public func hook(_ name: String) -> FilePath? {
        let directory =
            if let configured = configuration.path(forKey: "core.hooksPath") {
                configured.resolved(from: location.workingTree ?? location.gitDirectory)
            } else {
                location.commonDirectory.appending("hooks")
            }
        let file = directory.appending(name)
        guard let target = realPath(file), let status = FileStatus.ifPresent(target), status.kind == .file else {
            return nil
        }
        return status.mode & 0o111 != 0 ? file : nil
    }

    /// Whether a checkout of `tree` will bring the hook along, in a directory that a relative `core.hooksPath` names.
    func hasHook(_ name: String, in tree: TreeListing) -> Bool {
        guard let configured = configuration.path(forKey: "core.hooksPath"), configured.isRelative else { return false }
        let wanted = configured.appending(name).lexicallyNormalized().bytes
        return tree.indices.contains { tree.paths[$0].elementsEqual(wanted) }
    }
}

import FileTree
import SystemPackage

extension CompilerDepInfo {
    /// The directory of the package, absolute: the closest one above the crate root that has a manifest. `workspace` is
    /// the workspace's root, which paths of its members are relative to. A crate root can lie in the directory of a
    /// package within the package, or of another one: where cargo's own dep-info is given, the crate root relative to
    /// the directory has to be one of its files. Nil where no such directory is found.
    public func packageRoot(
        inWorkspaceAt workspace: FilePath, agreeingWith depInfo: EncodedDepInfo? = nil
    ) -> FilePath? {
        guard let first = sources.first else { return nil }
        let crateRoot = workspace.pushing(FilePath(bytes: first)).lexicallyNormalized()
        let files = depInfo?.files.filter { $0.base == .packageRoot }.map(\.path) ?? []
        var path = crateRoot
        while path.removeLastComponent() {
            guard FileStatus.ifPresent(path.appending("Cargo.toml")) != nil else { continue }
            var relative = crateRoot
            guard relative.removePrefix(path) else { return nil }
            if files.isEmpty || files.contains(relative.bytes) { return path }
        }
        return nil
    }
}

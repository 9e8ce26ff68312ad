import FileTree
import SystemPackage

extension CompilerDepInfo {
    /// The directory of the package, absolute: the closest one above the crate root that has a manifest. `workspace` is
    /// the workspace's root, which paths of its members are relative to. A crate root can lie in the directory of a
    /// package within the package, or of another one (`build = "../other/build.rs"`): where cargo's own dep-info is given,
    /// the crate root relative to the directory has to be one of its files, if it has any there (for registries it has
    /// none). Nil where no such directory is found.
    public func packageRoot(
        inWorkspaceAt workspace: FilePath, agreeingWith depInfo: EncodedDepInfo? = nil
    ) -> FilePath? {
        guard let crateRoot = self.crateRoot else { return nil }
        let file = workspace.pushing(FilePath(bytes: crateRoot)).lexicallyNormalized()
        let files = depInfo?.files.filter { $0.base == .packageRoot }.map(\.path) ?? []
        var path = file
        while path.removeLastComponent() {
            guard FileStatus.ifPresent(path.appending("Cargo.toml")) != nil else { continue }
            var relative = file
            guard relative.removePrefix(path) else { return nil }
            if files.isEmpty || files.contains(relative.bytes) { return path }
        }
        return nil
    }
}

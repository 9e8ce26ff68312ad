import FileTree
import SystemPackage

extension CompilerDepInfo {
    /// The dep-info that rustc wrote for a unit, and which file it is; nil where there is none, or it cannot be read.
    public static func read(_ unit: Unit, in buildDirectory: FilePath) -> (info: CompilerDepInfo, file: UnitFile)? {
        guard let file = unit.artifacts.first(where: { $0.kind == .compilerDepInfo }),
            let bytes = try? readFile(buildDirectory.appending(file.path.components))
        else { return nil }
        return (CompilerDepInfo(bytes), file)
    }

    /// The directory of the package, absolute: the closest one above the crate root that has a manifest. `workspace` is
    /// the workspace's root, which paths of its members are relative to. Nil where no manifest is found.
    public func packageRoot(inWorkspaceAt workspace: FilePath) -> FilePath? {
        guard let crateRoot = sources.first else { return nil }
        var path = workspace.pushing(FilePath(bytes: crateRoot)).lexicallyNormalized()
        while path.removeLastComponent() {
            if FileStatus.ifPresent(path.appending("Cargo.toml")) != nil { return path }
        }
        return nil
    }

    /// Whether the files that cargo keeps relative to the package's root are sources of rustc's when `root` is that
    /// root. A crate root can lie in another package's directory, and the root found from it is then a wrong one.
    func agrees(with depInfo: EncodedDepInfo, packageRoot root: FilePath, workspace: FilePath) -> Bool {
        let absolute = Set(sources.map { workspace.pushing(FilePath(bytes: $0)).lexicallyNormalized() })
        return depInfo.files.allSatisfy { file in
            file.base != .packageRoot || absolute.contains(root.pushing(FilePath(bytes: file.path)))
        }
    }
}

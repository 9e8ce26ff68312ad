import FileTree
import SystemPackage

/// Makes a chain of directories `d/d/d…` with a file in each. Throws `FileError`.
public func makeDeepTree(in root: FilePath, levels: Int) throws(FileError) {
    var directory = try Directory(root)
    for _ in 0..<levels {
        try directory.write([1], to: "file")
        directory = try directory.makeChild("d")
    }
}

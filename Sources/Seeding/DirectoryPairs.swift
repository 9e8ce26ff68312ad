import FileTree
import SystemPackage

/// One directory in the donor and its counterpart in the recipient, both open.
final class DirectoryPair {
    let source: Directory
    let target: Directory
    /// Their file systems.
    let devices: DevicePair

    init(source: consuming Directory, target: consuming Directory) throws(FileError) {
        devices = try DevicePair(from: source, to: target)
        self.source = source
        self.target = target
    }
}

/// Opens directories of the two build directories, and keeps the ones open that many units use in turn.
final class DirectoryPairs {
    /// The donor's build directory.
    let source: FilePath
    private let target: FilePath
    /// `deps` and `examples`, which serve every unit.
    private var shared: [FilePath: DirectoryPair] = [:]
    /// The directory that was asked for last: a unit's own is needed several times in a row, and then never again.
    private var last: (path: FilePath, pair: DirectoryPair)?

    init(source: FilePath, target: FilePath) {
        // Where `target` itself is a symlink, that is its owner's choice; below it none is followed.
        self.source = realPath(source) ?? source
        self.target = realPath(target) ?? target
    }

    /// The pair at `path`, relative to the build directories; made in the recipient where it is missing. Throws
    /// `FileError`.
    func pair(_ path: FilePath) throws(FileError) -> DirectoryPair {
        if let last, last.path == path { return last.pair }
        if let pair = shared[path] { return pair }
        let sourcePath = source.appending(path.components)
        let targetPath = target.appending(path.components)
        let from = try Directory(sourcePath)
        try makeDirectories(targetPath)
        let pair = try DirectoryPair(source: from, target: Directory(targetPath))
        if path.lastComponent == "deps" || path.lastComponent == "examples" {
            shared[path] = pair
        } else {
            last = (path, pair)
        }
        return pair
    }

    /// The recipient's directory at `path` alone, which nothing is made for: the donor's may be gone by now. Throws
    /// `FileError`.
    func target(_ path: FilePath) throws(FileError) -> Directory { try Directory(target.appending(path.components)) }
}

import FileTree
import SystemPackage

/// The mtimes of directories in which names are replaced. Cargo does not look at them, but they tell when somebody last
/// built there.
struct DirectoryTimes {
    private let times: [(path: FilePath, time: FileTime)]

    init(_ directories: Set<FilePath>, in root: FilePath) {
        times = directories.compactMap { directory in
            let path = root.appending(directory.components)
            return FileStatus.ifPresent(path).map { (path, $0.mtime) }
        }
    }

    func restore() {
        for (path, time) in times { try? setModificationTime(of: path, to: time) }
    }
}

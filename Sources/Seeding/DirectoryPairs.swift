import FileTree
import SystemPackage

/// One directory in the donor and its counterpart in the recipient.
final class DirectoryPair {
    /// The recipient's.
    let target: OpenDirectory
    private let name: FilePath.Component
    private let above: DirectoryPair?
    private var opened: OpenDirectory?
    private var knownDevices: DevicePair?

    /// The build directories themselves.
    init(source: consuming Directory, target: consuming Directory) {
        self.target = OpenDirectory(target)
        name = "."
        above = nil
        opened = OpenDirectory(source)
    }

    private init(_ name: FilePath.Component, in above: DirectoryPair, target: OpenDirectory) {
        self.target = target
        self.name = name
        self.above = above
    }

    /// The pair of that name in this one; made in the recipient where it is missing. Throws `FileError`.
    func child(_ name: FilePath.Component) throws(FileError) -> DirectoryPair {
        let target = try target.child(name, isMade: true)
        return DirectoryPair(name, in: self, target: target)
    }

    /// The donor's, opened when it is asked for: much is written from memory. Throws `FileError`.
    func source() throws(FileError) -> OpenDirectory {
        if let opened { return opened }
        guard let above else { preconditionFailure("a build directory is open") }
        let found = try above.source().child(name)
        opened = found
        return found
    }

    /// Their file systems. Throws `FileError`.
    func devices() throws(FileError) -> DevicePair {
        if let knownDevices { return knownDevices }
        let devices = try DevicePair(from: source().directory, to: target.directory)
        knownDevices = devices
        return devices
    }
}

/// Opens directories of the two build directories, each from the one above it, and keeps those open that many units use.
final class DirectoryPairs {
    /// The donor's build directory.
    let source: FilePath
    private let target: FilePath
    /// The build directories themselves, and what serves every unit: `deps`, `.fingerprint` and the like.
    private var shared: [FilePath: DirectoryPair] = [:]
    /// Others on the way to the directory that was asked for last: a unit's own is needed several times in a row, and then
    /// never again.
    private var way: [(path: FilePath, pair: DirectoryPair)] = []

    init(source: FilePath, target: FilePath) {
        // Where `target` itself is a symlink, that is its owner's choice; below it none is followed.
        self.source = realPath(source) ?? source
        self.target = realPath(target) ?? target
    }

    /// The pair at `path`, relative to the build directories; made in the recipient where it is missing. Throws
    /// `FileError`.
    func pair(_ path: FilePath) throws(FileError) -> DirectoryPair {
        if let last = way.last, last.path == path { return last.pair }
        if let pair = shared[path] { return pair }
        guard let name = path.lastComponent else {
            let from = try Directory(source)
            try makeDirectories(target)
            let pair = try DirectoryPair(source: from, target: Directory(target))
            shared[path] = pair
            return pair
        }
        while let last = way.last, last.path == path || !path.starts(with: last.path) { way.removeLast() }
        let pair = try pair(path.removingLastComponent()).child(name)
        if Self.sharedNames.contains(name), path.components.count <= 3 {
            shared[path] = pair
        } else {
            way.append((path, pair))
        }
        return pair
    }

    private static let sharedNames: Set<FilePath.Component> = ["deps", "examples", ".fingerprint", "build"]

    /// The recipient's directory at `path` alone, which nothing is made for: the donor's may be gone by now. Throws
    /// `FileError`.
    func target(_ path: FilePath) throws(FileError) -> Directory { try Directory(target.appending(path.components)) }
}

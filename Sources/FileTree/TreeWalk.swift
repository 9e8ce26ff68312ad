import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How many levels of a walk stay open. A tree can be deeper than a process may have files open (1024 by default), so
/// the levels above are closed, and reached again through `..` on the way back.
private let openLevels = 32

extension Directory {
    /// Walks the tree below this directory, depth first and without recursion. Symlinks are not followed, and file
    /// systems mounted below are not entered: a mount point is an EXDEV, or is passed over. Directories that vanish
    /// meanwhile are passed over.
    ///
    /// - Parameters:
    ///   - file: Called with all that is not a directory.
    ///   - enter: Called with every directory below, just opened; false leaves it out.
    ///   - leave: Called with a directory's parent and name when all below it was walked.
    consuming func walk(
        passingOverMounts: Bool,
        file: (_ parent: borrowing Directory, _ name: UnsafePointer<CChar>) throws(FileError) -> Void,
        enter: (_ directory: borrowing Directory) throws(FileError) -> Bool = { _ throws(FileError) in true },
        leave: (_ parent: borrowing Directory, _ name: UnsafePointer<CChar>) throws(FileError) -> Void = {
            _, _ throws(FileError) in
        }
    ) throws(FileError) {
        var levels = [try Level(self, name: [0])]
        try levels[0].read(file)
        while let current = levels.last {
            if let name = current.subdirectories.popLast() {
                guard let child = try current.open(name, passingOverMounts: passingOverMounts),
                    try child.with(enter)
                else { continue }
                levels.append(child)
                if levels.count > openLevels { levels[levels.count - 1 - openLevels].close() }
                try child.read(file)
            } else {
                levels.removeLast()
                guard let above = levels.last else { return }
                try above.reopen(from: current)
                try above.with { directory throws(FileError) in try leave(directory, current.name) }
            }
        }
    }
}

/// One directory on the way from the root of a walk to where it is.
private final class Level {
    /// Nil while it is closed.
    private var directory: Directory?
    private let place: Place
    private let status: FileStatus
    /// Its name in the directory above, ended by a NUL.
    let name: [CChar]
    /// The names of the directories in it that are still to be walked. They are collected first, so that no directory
    /// stays half read while what is below it is walked, or removed.
    var subdirectories: [[CChar]] = []

    init(_ directory: consuming Directory, name: [CChar]) throws(FileError) {
        place = directory.place
        status = try directory.status()
        self.directory = consume directory
        self.name = name
    }

    func with<Result: ~Copyable>(
        _ body: (borrowing Directory) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        guard directory != nil else { preconditionFailure("the walk is somewhere else") }
        return try body(directory!)
    }

    func read(
        _ file: (borrowing Directory, UnsafePointer<CChar>) throws(FileError) -> Void
    ) throws(FileError) {
        var found: [[CChar]] = []
        try with { directory throws(FileError) in
            try directory.forEachEntry { name, kind throws(FileError) in
                if kind == .directory {
                    found.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
                } else {
                    try file(directory, name)
                }
            }
        }
        subdirectories = found
    }

    /// Nil when `name` is a directory no longer, or a mount point that is to be passed over.
    func open(_ name: [CChar], passingOverMounts: Bool) throws(FileError) -> Level? {
        do throws(FileError) {
            return try with { directory throws(FileError) in
                try Level(directory.childOnSameMount(name), name: name)
            }
        } catch {
            switch error.code {
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: return nil
            case .improperLink where passingOverMounts: return nil
            default: throw error
            }
        }
    }

    func close() { directory = nil }

    /// Opens it again from a directory below. When that one was moved meanwhile, its `..` is somebody else's: an
    /// ESTALE, and the walk ends.
    func reopen(from below: Level) throws(FileError) {
        if directory != nil { return }
        let again = try below.with { directory throws(FileError) in try directory.parent(place) }
        let found = try again.status()
        guard found.device == status.device, found.inode == status.inode else {
            throw FileError("return to", place.path, .staleNFSFileHandle)
        }
        directory = consume again
    }
}

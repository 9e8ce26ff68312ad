import CargoCache
import FileTree
import SystemPackage

/// The files of one unit on their way: all of them, or none.
struct UnitTransaction {
    private let taken: SeedPlan.TakenUnit
    private let directories: DirectoryPairs
    private var made: [(directory: FilePath, name: FilePath.Component)] = []
    /// Files and bytes so far.
    private(set) var counts = SeedReport()

    init(_ taken: SeedPlan.TakenUnit, _ directories: DirectoryPairs) {
        self.taken = taken
        self.directories = directories
    }

    /// Links, copies or writes everything but the hash file. Throws `FileError`; `undo` is for the caller.
    mutating func takeFiles() throws(FileError) {
        for file in taken.files {
            try take(file, try directories.pair(file.file.directory))
            made.append((file.file.directory, file.file.name))
        }
    }

    private mutating func take(_ file: SeedPlan.File, _ pair: DirectoryPair) throws(FileError) {
        if file.file.node == .directory {
            _ = try file.file.name.withName { name throws(FileError) in try pair.target.makeChild(name) }
            return
        }
        let copied = try file.file.name.withName {
            name throws(FileError) -> (how: Transfer, size: Int64)? in
            if file.file.node == .symlink {
                try pair.target.copySymlink(name, from: pair.source)
                return (.copy, 0)
            }
            switch file.action {
            case .rewrite(let bytes):
                try pair.target.write(bytes, to: name, mtime: file.mtime)
                return (.copy, Int64(bytes.count))
            case .copy:
                return try pair.target.copy(name, from: pair.source)
            case .link:
                do throws(FileError) {
                    try pair.target.link(name, from: pair.source)
                    return nil
                } catch  where error.isRefusedLink {
                    return try pair.target.copy(name, from: pair.source)
                }
            }
        }
        if let copied {
            counts.count(copied)
        } else {
            counts.linkedFiles += 1
            counts.sharedBytes += file.size
        }
    }

    /// Writes the hash file, with which the unit counts. Throws `FileError`.
    mutating func finish(_ fingerprint: FingerprintState) throws(FileError) {
        let directory = taken.unit.fingerprintDirectory
        let pair = try directories.pair(directory)
        let stem = FilePath.Component(taken.unit.stem)!
        try stem.withName { name throws(FileError) in
            try pair.target.write(fingerprint.text, to: name, mtime: fingerprint.time)
        }
        counts.copiedFiles += 1
        counts.writtenBytes += Int64(fingerprint.text.count)
    }

    /// Takes away what this unit has put there, and nothing else.
    mutating func undo() {
        for file in made.reversed() {
            guard let pair = try? directories.pair(file.directory) else { continue }
            try? file.name.withName { name throws(FileError) in try pair.target.unlink(name) }
        }
        made = []
    }
}

extension FileError {
    /// The system's ways of saying that this file cannot have another link here: another file system, another owner
    /// (`fs.protected_hardlinks`), too many links (65,000 on ext4), or no links at all.
    fileprivate var isRefusedLink: Bool {
        [.improperLink, .notPermitted, .tooManyLinks, .notSupported, .permissionDenied].contains(code)
    }
}

import CargoCache
import FileTree
import SystemPackage

/// The files of one unit on their way: all of them, or none.
struct UnitTransaction {
    private let taken: SeedPlan.TakenUnit
    private let directories: DirectoryPairs
    private let transfers: TransferMemory
    private let isStamped: Bool
    private var made: [UnitFile] = []
    /// Files and bytes so far.
    private(set) var counts = SeedReport()

    /// `isStamped`: copies get the planned mtimes, which are not the donor's.
    init(
        _ taken: SeedPlan.TakenUnit, _ directories: DirectoryPairs, _ transfers: TransferMemory, isStamped: Bool
    ) {
        self.isStamped = isStamped
        self.taken = taken
        self.directories = directories
        self.transfers = transfers
    }

    /// Links, copies or writes everything but the hash file. Throws `FileError`; `undo` is for the caller.
    mutating func takeFiles() throws(FileError) {
        if let replaced = taken.replaced { try remove(replaced) }
        for file in taken.files {
            if try take(file, try directories.pair(file.file.directory)) { made.append(file.file) }
        }
    }

    /// The hash file first: without it cargo does not look at the rest.
    private func remove(_ unit: Unit) throws(FileError) {
        try remove(FilePath.Component(unit.stem)!, in: unit.fingerprintDirectory)
        for file in unit.artifacts + unit.fingerprintFiles where file.node != .directory {
            try remove(file.name, in: file.directory)
        }
    }

    private func remove(_ name: FilePath.Component, in path: FilePath) throws(FileError) {
        do throws(FileError) {
            let directory = try directories.target(path)
            try name.withName { name throws(FileError) in try directory.unlink(name) }
        } catch  where error.code == .noSuchFileOrDirectory {
            return
        }
    }

    /// Returns whether anything is there now that was not before.
    private mutating func take(_ file: SeedPlan.File, _ pair: DirectoryPair) throws(FileError) -> Bool {
        if file.file.node == .directory {
            return try file.file.name.withName { name throws(FileError) in
                let isNew = (try? pair.target.status(of: name)) == nil
                _ = try pair.target.makeChild(name)
                return isNew
            }
        }
        let (how, size) = try file.file.name.withName {
            name throws(FileError) -> (how: Transfer, size: Int64) in
            if file.file.node == .symlink {
                try pair.target.copySymlink(name, from: pair.source)
                return (.copy, 0)
            }
            if case .rewrite(let bytes) = file.action {
                try pair.target.write(bytes, to: name, mtime: file.mtime)
                return (.copy, Int64(bytes.count))
            }
            let taken = try transfers.take(
                name, from: pair.source, to: pair.target, between: pair.devices, mayLink: file.isLinked)
            if isStamped, taken.how != .link { try pair.target.setTime(of: name, to: file.mtime) }
            return taken
        }
        counts.count((how, how == .link ? file.size : size))
        return true
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
            guard let directory = try? directories.target(file.directory) else { continue }
            try? file.name.withName { name throws(FileError) in
                if file.node == .directory {
                    try directory.removeEmptyChild(name)
                } else {
                    try directory.unlink(name)
                }
            }
        }
        made = []
    }
}

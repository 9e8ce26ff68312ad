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
            let pair = try directories.pair(file.file.directory)
            var isNew = false
            do throws(FileError) {
                isNew = try take(file, pair)
            } catch {
                try clear(file.file, error)
                isNew = try take(file, pair)
            }
            if isNew { made.append(file.file) }
        }
    }

    /// Takes away a file that stands in the way because a seeding or a build has begun the unit and not finished it:
    /// without its hash file it counts for nothing, and cargo would write over it. No build is at work there now
    /// (`RecipientLocks`). Throws the error that it was met by
    /// where its name or directory is not this unit's own, or the unit is there by now.
    private func clear(_ file: UnitFile, _ error: FileError) throws(FileError) {
        guard error.code == .fileExists, file.node != .directory, !isThere(),
            file.path.components.contains(where: { $0.string.contains(taken.unit.hash) })
        else { throw error }
        try remove(FilePath.Component(taken.unit.stem)!, in: taken.unit.fingerprintDirectory)
        try remove(file.name, in: file.directory)
    }

    /// Whether the recipient has a hash file of this unit. One that a kill has cut off is none.
    private func isThere() -> Bool {
        do throws(FileError) {
            let directory = try directories.target(taken.unit.fingerprintDirectory)
            let stem = FilePath.Component(taken.unit.stem)!
            let size = try stem.withName { name throws(FileError) in try directory.status(of: name).size }
            return size >= taken.unit.hash.utf8.count
        } catch {
            return error.code != .noSuchFileOrDirectory
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
                let isNew = (try? pair.target.directory.status(of: name)) == nil
                _ = try pair.target.directory.makeChild(name)
                return isNew
            }
        }
        let (how, size) = try file.file.name.withName {
            name throws(FileError) -> (how: Transfer, size: Int64) in
            if file.file.node == .symlink {
                try pair.target.directory.copySymlink(name, from: pair.source().directory)
                return (.copy, 0)
            }
            if case .rewrite(let bytes) = file.action {
                try pair.target.directory.write(bytes, to: name, mtime: file.mtime)
                return (.copy, Int64(bytes.count))
            }
            if let contents = file.contents {
                try pair.target.directory.write(contents, to: name, mtime: file.mtime)
                return (.copy, Int64(contents.bytes.count))
            }
            return try transfers.take(
                name, from: pair.source().directory, to: pair.target.directory, between: pair.devices(),
                mayLink: file.isLinked, mtime: isStamped ? file.mtime : nil)
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
            do throws(FileError) {
                try pair.target.directory.write(fingerprint.text, to: name, mtime: fingerprint.time)
            } catch {
                guard error.code == .fileExists, !isThere() else { throw error }
                try pair.target.directory.unlink(name)
                try pair.target.directory.write(fingerprint.text, to: name, mtime: fingerprint.time)
            }
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

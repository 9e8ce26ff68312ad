import FileTree
import SystemPackage

/// The copying, as far as it is.
struct IncludeCopying: ~Copyable {
    private let source: Directory
    private let target: Directory
    private var result: Included
    private let keepsTimes: Bool
    /// Directories that were made, outermost first, with the permissions that they get in the end.
    private var made: [(path: FilePath, mode: UInt32)] = []
    private var madePaths: Set<FilePath> = []
    /// Whether there is no room for another file.
    private(set) var isFull = false

    /// The directory of the file before on both sides: that of the next one, as a rule.
    private var current: FilePath?
    private var there: Directory
    private var here: Directory
    /// The permission bits that have an effect on a file there: none of the group's or of others' where a directory above it
    /// keeps these out and the one in its place here may not.
    private var permissions: UInt32

    init(from source: FilePath, to target: FilePath, keepsTimes: Bool, _ result: Included) throws(FileError) {
        // All at once below: what cannot be copied must not be there in part.
        let top = try Directory(source)
        let theirs = try Directory(source)
        let root = try Directory(target)
        let ours = try Directory(target)
        let permissions = try Self.permissions(within: top.status())
        self.source = top
        self.permissions = permissions
        there = theirs
        self.target = root
        here = ours
        self.result = result
        self.keepsTimes = keepsTimes
        current = ""
    }

    /// Whether something stands at the path already.
    func exists(_ path: FilePath) -> Bool {
        guard let directory = target.descend(path.removingLastComponent()), let name = path.lastComponent else {
            return false
        }
        return (try? name.withName { name throws(FileError) in try directory.status(of: name) }) != nil
    }

    mutating func refuse(_ file: IncludePlan.File) {
        let reason = "git does not ignore it at this commit"
        result.leftOut.append(IncludePlan.LeftOut(path: file.path, reason: reason))
        result.failures.append("\(file.path) was not copied: \(reason)")
    }

    mutating func take(_ file: IncludePlan.File, _ isCancelled: () -> Bool) {
        let directory = file.path.removingLastComponent()
        guard let name = file.path.lastComponent else { return }
        do throws(FileError) {
            if directory != current {
                current = nil
                guard let next = source.descend(directory) else { return }
                there = next
                here = try makeWay(directory)
                current = directory
            }
            let isIdentical = try name.withName { name throws(FileError) in
                let isIdentical = try Self.copy(
                    name, from: there, to: here, isSymlink: file.isSymlink, permissions, isCancelled)
                if !keepsTimes { try here.setTime(of: name, to: .now()) }
                return isIdentical
            }
            result.files.append(file)
            if isIdentical { result.identical.insert(file.path) }
        } catch {
            switch error.code {
            // Of the source alone; in the target it would be a directory that somebody has just removed.
            case .noSuchFileOrDirectory, .canceled: break
            case .fileExists, .notDirectory, .tooManySymbolicLinkLevels:
                let isTaken = exists(file.path)
                let reason = isTaken ? "it is there already" : "something else is there: \(error.path.lastComponent!)"
                result.leftOut.append(IncludePlan.LeftOut(path: file.path, reason: reason))
                if !isTaken { result.failures.append("\(file.path) was not copied: \(reason)") }
            default:
                result.failures.append("\(file.path) was not copied: \(error)")
                isFull = error.code == .noSpace || error.code == .diskQuotaExceeded
            }
        }
    }

    /// Returns whether the source was the same before and after.
    private static func copy(
        _ name: UnsafePointer<CChar>, from: borrowing Directory, to: borrowing Directory, isSymlink: Bool,
        _ permissions: UInt32, _ isCancelled: () -> Bool
    ) throws(FileError) -> Bool {
        let before = try from.status(of: name)
        if isSymlink {
            try to.copySymlink(name, from: from)
            try? to.setTime(of: name, to: before.mtime)
            return false
        }
        _ = try withoutActuallyEscaping(isCancelled) { isCancelled throws(FileError) in
            try to.copy(name, from: from, permissions: permissions, isCancelled: isCancelled)
        }
        if let after = try? from.status(of: name), after.inode == before.inode, after.isUnchanged(since: before) {
            return true
        }
        // Its old time would vouch for bytes that came later.
        try to.setTime(of: name, to: .now())
        return false
    }

    /// Who may not enter a directory has no use of the permissions of what is in it.
    private static func permissions(within directory: FileStatus) -> UInt32 {
        0o700 | (directory.mode & 0o010 == 0 ? 0 : 0o070) | (directory.mode & 0o001 == 0 ? 0 : 0o007)
    }

    /// Opens the directory in the target, and makes what is missing of it; finds the permissions that have an effect
    /// there.
    private mutating func makeWay(_ path: FilePath) throws(FileError) -> Directory {
        permissions = try Self.permissions(within: source.status())
        var here = try Self.top(target)
        var there = try Self.top(source)
        var done = FilePath("")
        for name in path.components {
            done.append(name)
            guard let theirs = there.descend(to: name) else {
                throw FileError("open", source.path.appending(done.components), .noSuchFileOrDirectory)
            }
            there = theirs
            let status = try there.status()
            if let ours = here.descend(to: name) {
                here = ours
                if !madePaths.contains(done) { permissions &= Self.permissions(within: status) }
                continue
            }
            let mode = status.mode & 0o777 & permissions
            try name.withName { name throws(FileError) in try here.makeNewChild(name, mode: mode | 0o700) }
            made.append((done, mode))
            madePaths.insert(done)
            guard let ours = here.descend(to: name) else {
                throw FileError("open", target.path.appending(done.components), .fileExists)
            }
            here = ours
        }
        return here
    }

    private static func top(_ directory: borrowing Directory) throws(FileError) -> Directory {
        guard let again = directory.descend("") else { throw FileError("open", directory.path, .noSuchFileOrDirectory) }
        return again
    }

    /// Gives the directories their permissions: innermost first, since one may be closed to its owner.
    consuming func finish() -> Included {
        for (path, mode) in made.reversed() { try? target.descend(path)?.setPermissions(mode) }
        return result
    }
}

import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// AT_FDCWD, which the C header has as a macro with a cast on some systems.
let currentDirectory: Int32 = AT_FDCWD

/// An open directory: children are reached through its descriptor, so that no path is resolved twice and no symlink
/// that appears on the way is followed.
public struct Directory: ~Copyable {
    let descriptor: Int32
    let place: Place

    /// Where it was opened, for messages only.
    public var path: FilePath { place.path }

    /// Opens `path`; the last component may not be a symlink (O_NOFOLLOW). Throws `FileError`.
    public init(_ path: FilePath) throws(FileError) {
        let opened = path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { throw FileError("open", path, Errno(rawValue: errno)) }
        self.descriptor = opened
        self.place = Place(path)
    }

    private init(descriptor: Int32, place: Place) {
        self.descriptor = descriptor
        self.place = place
    }

    deinit { close(descriptor) }

    /// Opens the child directory `name`. Throws `FileError` when it is none, or a symlink.
    public func child(_ name: UnsafePointer<CChar>) throws(FileError) -> Directory {
        let opened = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw error("open", name) }
        return Directory(descriptor: opened, place: Place(name, in: place))
    }

    /// Opens the child directory `name` for a walk that has no use for messages: `path` stays that of this directory, since
    /// to remember a name costs as much as the rest. Nil when there is none, or a symlink, or something is mounted there,
    /// or it cannot be opened.
    public func namelessChild(_ name: UnsafePointer<CChar>) -> Directory? {
        let opened = wt_open_directory_on_same_mount(descriptor, name)
        return opened < 0 ? nil : Directory(descriptor: opened, place: place)
    }

    /// Opens the child directory `name` unless something is mounted there. Throws `FileError`: EXDEV for a mount.
    func childOnSameMount(_ name: UnsafePointer<CChar>) throws(FileError) -> Directory {
        let opened = wt_open_directory_on_same_mount(descriptor, name)
        guard opened >= 0 else { throw error("open", name, -opened) }
        return Directory(descriptor: opened, place: Place(name, in: place))
    }

    /// Opens the directory above this one, which stood at `place` when it was open before. Throws `FileError`.
    func parent(_ place: Place) throws(FileError) -> Directory {
        let opened = openat(descriptor, "..", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw FileError("open", place.path, Errno(rawValue: errno)) }
        return Directory(descriptor: opened, place: place)
    }

    /// Makes the child directory `name` where it is missing, and opens it. Throws `FileError`.
    public func makeChild(_ name: UnsafePointer<CChar>) throws(FileError) -> Directory {
        if mkdirat(descriptor, name, 0o777) != 0, errno != EEXIST { throw error("create", name) }
        return try child(name)
    }

    /// The status of the directory itself. Throws `FileError`.
    public func status() throws(FileError) -> FileStatus {
        var status = wt_status()
        let code = wt_status_of(descriptor, &status)
        guard code == 0 else { throw FileError("look at", path, Errno(rawValue: code)) }
        return FileStatus(raw: status)
    }

    /// The status of the child `name`, not followed. Throws `FileError`.
    public func status(of name: UnsafePointer<CChar>) throws(FileError) -> FileStatus {
        var status = wt_status()
        let code = wt_status_at(descriptor, name, &status)
        guard code == 0 else { throw error("look at", name, code) }
        return FileStatus(raw: status)
    }

    /// Calls `body` for every entry but `.` and `..`, in the order in which the file system has them. The name is
    /// valid during the call only. The kind comes from `d_type`, or from fstatat(2) where the file system has none; an
    /// entry that vanishes before that is passed over. Takes a second descriptor until it returns. Throws what `body`
    /// throws, and `FileError` when the directory cannot be read.
    public func forEachEntry(
        _ body: (_ name: UnsafePointer<CChar>, _ kind: FileKind) throws(FileError) -> Void
    ) throws(FileError) {
        // Opened anew: a duplicate would share its position with other readers of the same directory.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw FileError("read", path, Errno(rawValue: errno)) }
        guard let stream = fdopendir(copy) else {
            let code = errno
            close(copy)
            throw FileError("read", path, Errno(rawValue: code))
        }
        defer { closedir(stream) }
        let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                guard code == 0 else { throw FileError("read", path, Errno(rawValue: code)) }
                return
            }
            let name = (UnsafeRawPointer(entry) + nameOffset).assumingMemoryBound(to: CChar.self)
            if name[0] == dot, name[1] == 0 || (name[1] == dot && name[2] == 0) { continue }
            if let kind = try kind(of: entry.pointee.d_type, name) { try body(name, kind) }
        }
    }

    private func kind(of type: UInt8, _ name: UnsafePointer<CChar>) throws(FileError) -> FileKind? {
        if let kind = Self.kind(of: type) { return kind }
        do throws(FileError) {
            return try status(of: name).kind
        } catch let error where error.code == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Nil where the file system does not say.
    private static func kind(of type: UInt8) -> FileKind? {
        switch Int(type) {
        case Int(DT_REG): .file
        case Int(DT_DIR): .directory
        case Int(DT_LNK): .symlink
        case Int(DT_UNKNOWN): nil
        default: .other
        }
    }

    /// A `FileError` about the child `name`, from `code` or else from errno.
    func error(_ operation: String, _ name: UnsafePointer<CChar>, _ code: Int32? = nil) -> FileError {
        let code = code ?? errno
        return FileError(operation, Place(name, in: place).path, Errno(rawValue: code))
    }
}

private let dot = CChar(UInt8(ascii: "."))

extension Directory {
    /// Every entry's name and kind, sorted by the bytes of the name, as git sorts; for the places where speed does not
    /// matter. Throws `FileError`.
    public func entries() throws(FileError) -> [(name: FilePath.Component, kind: FileKind)] {
        var found: [(name: FilePath.Component, kind: FileKind)] = []
        try forEachEntry { name, kind in
            if let component = FilePath.Component(platformString: name) { found.append((component, kind)) }
        }
        return found.sorted { first, second in
            first.name.withPlatformString { a in second.name.withPlatformString { b in strcmp(a, b) < 0 } }
        }
    }
}

extension Directory {
    /// The same of the directory at `path`, opened for this alone, at less cost: the names are read at once, and sorted
    /// before anything is made of them. Throws `FileError`.
    public static func entries(of path: FilePath) throws(FileError) -> [(name: FilePath.Component, kind: FileKind)] {
        try Directory(path).freshEntries()
    }

    /// The same of a directory that was just opened and nothing was read of. Throws `FileError`.
    public func freshEntries() throws(FileError) -> [(name: FilePath.Component, kind: FileKind)] {
        var memory = wt_entries()
        defer { free(memory.bytes) }
        // Fails only where the system has no kinds and an entry goes away meanwhile.
        guard wt_read_entries(descriptor, false, &memory) == 0, let bytes = memory.bytes else {
            return try entries()
        }
        var records: [Int] = []
        var start = 0
        while start < memory.size {
            let name = bytes + start + nameOffset
            let isDots = name[0] == dot && (name[1] == 0 || name[1] == dot && name[2] == 0)
            if !isDots { records.append(start) }
            start += Int(UnsafeRawPointer(bytes + start).loadUnaligned(fromByteOffset: lengthOffset, as: UInt16.self))
        }
        records.sort { strcmp(bytes + $0 + nameOffset, bytes + $1 + nameOffset) < 0 }
        return records.compactMap { start in
            FilePath.Component(platformString: bytes + start + nameOffset).map {
                ($0, Self.kind(of: UInt8(bitPattern: bytes[start + typeOffset])) ?? .other)
            }
        }
    }
}

/// Whether `path` is a directory, not a symlink to one, in which nothing is; false where that cannot be told.
public func isEmptyDirectory(_ path: FilePath) -> Bool { (try? Directory(path).entries().isEmpty) == true }

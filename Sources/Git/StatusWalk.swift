import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Compares a worktree's files with its index, and looks for files that are not in it, in one walk: a directory is read
/// once, each tracked file is looked at once, and no directory is entered that holds neither tracked files nor unknown ones
/// that are not ignored.
struct StatusWalk: ~Copyable {
    /// Tracked paths whose file differs, but for `doubtful` ones.
    private(set) var modified = 0
    /// Files and directories that are neither tracked nor ignored.
    var untracked = 0
    /// What was read because stat data proved nothing.
    private(set) var doubtful: [ReadFile] = []
    /// The attribute files that hold for tracked files, seen from the root.
    private(set) var attributeFiles: [[UInt8]] = []
    /// Whether a tracked attribute file is missing; git then takes the one in the index.
    private(set) var lacksAttributeFile = false
    let root: FilePath
    private let index: IndexView
    var entries: DirectoryEntries
    var ignores: IgnoreStack
    private var hasher = FileHasher()
    private var nameBuffer = [CChar](repeating: 0, count: 256)
    /// Directories with tracked files that are still to be walked: those of the current one last.
    private var pending: [(range: Range<Int>, prefix: Int)] = []

    /// A tracked file that was read.
    struct ReadFile {
        /// Its entry's position.
        let position: Int
        /// Whether its bytes are those of the blob.
        let isEqual: Bool
        let hasCarriageReturn: Bool
    }

    private init(_ root: FilePath, _ top: borrowing Directory, _ index: IndexView, _ common: [IgnoreRules]) {
        self.root = root
        self.index = index
        entries = DirectoryEntries(for: top)
        ignores = IgnoreStack(common)
    }

    /// Walks the whole worktree at `root`. Throws `Unproven`.
    static func walk(
        _ root: FilePath, _ index: IndexView, ignoring common: [IgnoreRules]
    ) throws(Unproven) -> StatusWalk {
        let top = try open(root)
        var walk = StatusWalk(root, top, index, common)
        try walk.walk(top, 0..<index.count, prefix: 0)
        return walk
    }

    /// Walks a directory that holds the entries `range`, whose paths have `prefix` bytes in front of their names here.
    private mutating func walk(
        _ directory: borrowing Directory, _ range: Range<Int>, prefix: Int
    ) throws(Unproven) {
        do throws(FileError) { try entries.read(directory) } catch { throw Unproven(error.description) }
        let firstPending = pending.count
        let ignoreFile = try enter(directory, range, prefix)
        ignores.push(prefix: prefix, ignoreFile: ignoreFile)
        var position = range.lowerBound
        while position < range.upperBound {
            let name = index.path(position) + prefix
            let length = index.length(position) - prefix
            guard let slash = memchr(name, Int32(UInt8(ascii: "/")), length) else {
                try compare(position, UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), length, directory)
                position += 1
                continue
            }
            let count = UnsafeRawPointer(slash) - UnsafeRawPointer(name)
            let end = index.end(ofPrefix: prefix + count + 1, from: position, upTo: range.upperBound)
            let found = entries.position(of: name, count: count)
            switch found.flatMap({ entries.kind($0) }) {
            case .directory?:
                entries.take(found!)
                pending.append((position..<end, prefix + count + 1))
            case .symlink?:
                // git looks behind it before it takes the files for deleted, and passes over those that it cannot see,
                // as in a loop (check_removed, diff-lib.c).
                throw Unproven("a symlink is in the place of a tracked directory")
            case nil:
                nameOfDirectory(position, from: prefix, count: count)
                try checkAbsence(nameBuffer, directory)
                modified += end - position
            default: modified += end - position
            }
            position = end
        }
        if entries.remaining > 0 { try lookAtRest(directory, range, prefix) }
        while pending.count > firstPending {
            let next = pending.removeLast()
            let child = try open(next.range.lowerBound, from: prefix, to: next.prefix, in: directory)
            try walk(child, next.range, prefix: next.prefix)
        }
        ignores.pop()
    }

    /// Compares a tracked file.
    private mutating func compare(
        _ position: Int, _ name: UnsafePointer<CChar>, _ count: Int, _ directory: borrowing Directory
    ) throws(Unproven) {
        guard let found = entries.position(of: index.path(position) + (index.length(position) - count), count: count)
        else {
            try checkAbsence(name, directory)
            if strcmp(name, ".gitattributes") == 0 { lacksAttributeFile = true }
            modified += 1
            return
        }
        let kind = entries.kind(found)
        // A directory in its place does not count as untracked besides (index_name_is_other, read-cache.c).
        entries.take(found)
        guard kind == .file || kind == .symlink else {
            modified += 1
            return
        }
        let status: FileStatus
        do throws(FileError) { status = try directory.status(of: name) } catch { throw Unproven(error.description) }
        switch index.compare(position, status) {
        case .unchanged: break
        case .modified: modified += 1
        case .doubtful:
            guard let result = hasher.read(name, in: directory, isSymlink: kind == .symlink) else {
                throw Unproven("a file changed while it was read")
            }
            doubtful.append(
                ReadFile(
                    position: position, isEqual: result.id == index.id(position),
                    hasCarriageReturn: result.hasCarriageReturn && kind == .file))
        }
    }

    /// Notes the attribute file of a directory, and returns the text of its ignore file.
    private mutating func enter(
        _ directory: borrowing Directory, _ range: Range<Int>, _ prefix: Int
    ) throws(Unproven) -> [UInt8]? {
        if entries.kind(of: ".gitattributes") != nil {
            attributeFiles.append(path(range, prefix) + ".gitattributes".utf8)
        }
        return try ignoreFile(entries.kind(of: ".gitignore"), directory)
    }

    mutating func ignoreFile(_ kind: FileKind?, _ directory: borrowing Directory) throws(Unproven) -> [UInt8]? {
        guard let kind else { return nil }
        // Versions of git differ about a symlink.
        guard kind == .file, let text = hasher.contents(of: ".gitignore", in: directory) else {
            throw Unproven("an ignore file cannot be read")
        }
        return text
    }

    /// The path of the directory with the entries `range`, with a slash behind.
    func path(_ range: Range<Int>, _ prefix: Int) -> [UInt8] {
        prefix == 0 ? [] : Array(UnsafeBufferPointer(start: index.path(range.lowerBound), count: prefix))
    }

    private static func open(_ root: FilePath) throws(Unproven) -> Directory {
        do throws(FileError) { return try Directory(root) } catch { throw Unproven(error.description) }
    }

    /// Opens the child directory whose name is between two places in an entry's path.
    private mutating func open(
        _ position: Int, from start: Int, to end: Int, in directory: borrowing Directory
    ) throws(Unproven) -> Directory {
        nameOfDirectory(position, from: start, count: end - start - 1)
        return try open(nameBuffer, in: directory)
    }

    /// Puts part of an entry's path into `nameBuffer`.
    private mutating func nameOfDirectory(_ position: Int, from start: Int, count: Int) {
        if nameBuffer.count <= count { nameBuffer = [CChar](repeating: 0, count: 2 * count) }
        nameBuffer.withUnsafeMutableBufferPointer { buffer in
            memcpy(buffer.baseAddress!, index.path(position) + start, count)
            buffer[count] = 0
        }
    }

    func open(_ name: UnsafePointer<CChar>, in parent: borrowing Directory) throws(Unproven) -> Directory {
        guard let directory = parent.namelessChild(name) else { throw Unproven("a directory cannot be opened") }
        return directory
    }

    /// Throws `Unproven` when a name that the directory does not list leads somewhere all the same: the file system has it
    /// in other letters (git asks by name), or it has just come to be.
    private func checkAbsence(_ name: UnsafePointer<CChar>, _ directory: borrowing Directory) throws(Unproven) {
        do throws(FileError) {
            _ = try directory.status(of: name)
        } catch {
            if error.code == .noSuchFileOrDirectory { return }
        }
        throw Unproven("a file is there under another name")
    }
}

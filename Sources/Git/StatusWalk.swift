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
    /// What it has found.
    struct Findings: Sendable {
        /// Tracked paths whose file differs, but for `doubtful` ones.
        var modified = 0
        /// Files and directories that are neither tracked nor ignored.
        var untracked = 0
        /// What was read because stat data proved nothing.
        var doubtful: [ReadFile] = []
        /// The attribute files that hold for tracked files, seen from the root.
        var attributeFiles: [[UInt8]] = []
        /// Whether a tracked attribute file is missing; git then takes the one in the index.
        var lacksAttributeFile = false
    }

    /// A directory with tracked files: its entries, and the length of its path with the slash behind.
    typealias Child = (range: Range<Int>, prefix: Int)

    var found = Findings()
    let root: FilePath
    private let index: IndexView
    var entries: DirectoryEntries
    var ignores: IgnoreStack
    private var hasher = FileHasher()
    private var nameBuffer = [CChar](repeating: 0, count: 256)
    /// Directories with tracked files that are still to be walked: those of the current one last.
    private var pending: [Child] = []
    /// Others that help; nil where nobody does.
    private let helpers: StatusHelpers?

    /// A tracked file that was read.
    struct ReadFile: Sendable {
        /// Its entry's position.
        let position: Int
        /// Whether its bytes are those of the blob.
        let isEqual: Bool
        let hasCarriageReturn: Bool
    }

    /// PATH_MAX on Linux: git gives up there. Each slash costs a level of the stack.
    static let longestPath = 4096

    private init(
        _ root: FilePath, _ top: borrowing Directory, _ index: IndexView, _ ignores: IgnoreStack,
        _ helpers: StatusHelpers?
    ) {
        self.root = root
        self.index = index
        entries = DirectoryEntries(for: top)
        self.ignores = ignores
        self.helpers = helpers
    }

    /// Walks the whole worktree at `root`. Throws `Unproven`.
    static func walk(
        _ root: FilePath, _ index: IndexView, ignoring common: [IgnoreRules], by hands: Hands = .one
    ) throws(Unproven) -> Findings {
        let top = try open(root)
        guard let helpers = StatusHelpers(hands, entries: index.count) else {
            return try walk(root, top, index, IgnoreStack(common), nil)
        }
        let shared = OpenDirectory(top)
        return try helpers.run { () throws(Unproven) in
            try walk(root, shared.directory, index, IgnoreStack(common), helpers)
        }
    }

    private static func walk(
        _ root: FilePath, _ top: borrowing Directory, _ index: IndexView, _ ignores: IgnoreStack,
        _ helpers: StatusHelpers?
    ) throws(Unproven) -> Findings {
        var walk = StatusWalk(root, top, index, ignores, helpers)
        try walk.walk(top, 0..<index.count, prefix: 0)
        return walk.found
    }

    /// Walks some of the directories in one that is as far as they are.
    private static func walk(
        _ children: [Child], in directory: borrowing Directory, prefix: Int, _ root: FilePath, _ index: IndexView,
        _ ignores: IgnoreStack, _ helpers: StatusHelpers
    ) throws(Unproven) -> Findings {
        var walk = StatusWalk(root, directory, index, ignores, helpers)
        walk.pending = children
        try walk.walkPending(from: 0, in: directory, prefix: prefix)
        return walk.found
    }

    /// Walks a directory that holds the entries `range`, whose paths have `prefix` bytes in front of their names here.
    private mutating func walk(
        _ directory: borrowing Directory, _ range: Range<Int>, prefix: Int
    ) throws(Unproven) {
        guard prefix < Self.longestPath else { throw Unproven("a path is longer than git can look at") }
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
            let place = entries.position(of: name, count: count)
            switch place.flatMap({ entries.kind($0) }) {
            case .directory?:
                entries.take(place!)
                pending.append((position..<end, prefix + count + 1))
            case .symlink?:
                // git looks behind it before it takes the files for deleted, and passes over those that it cannot see,
                // as in a loop (check_removed, diff-lib.c).
                throw Unproven("a symlink is in the place of a tracked directory")
            case nil:
                nameOfDirectory(position, from: prefix, count: count)
                try checkAbsence(nameBuffer, directory)
                found.modified += end - position
            default: found.modified += end - position
            }
            position = end
        }
        if entries.remaining > 0 { try lookAtRest(directory, range, prefix) }
        try handOver(from: firstPending, in: directory, prefix: prefix)
        try walkPending(from: firstPending, in: directory, prefix: prefix)
        ignores.pop()
    }

    private mutating func walkPending(
        from first: Int, in directory: borrowing Directory, prefix: Int
    ) throws(Unproven) {
        while pending.count > first {
            let next = pending.removeLast()
            let child = try open(next.range.lowerBound, from: prefix, to: next.prefix, in: directory)
            try walk(child, next.range, prefix: next.prefix)
        }
    }

    /// Leaves what is pending in a directory to the helpers, in parts that are worth it; the last part stays.
    private mutating func handOver(from first: Int, in directory: borrowing Directory, prefix: Int) throws(Unproven) {
        guard let helpers, pending.count > first + 1 else { return }
        var parts: [[Child]] = [[]]
        var size = 0
        for child in pending[first...] {
            if size >= helpers.grain {
                parts.append([])
                size = 0
            }
            parts[parts.count - 1].append(child)
            size += child.range.count
        }
        let kept = parts.removeLast()
        for part in parts {
            let again = OpenDirectory(try open(".", in: directory))
            helpers.add { [root, index, ignores] () throws(Unproven) in
                try Self.walk(part, in: again.directory, prefix: prefix, root, index, ignores, helpers)
            }
        }
        pending.replaceSubrange(first..., with: kept)
    }

    /// Compares a tracked file.
    private mutating func compare(
        _ position: Int, _ name: UnsafePointer<CChar>, _ count: Int, _ directory: borrowing Directory
    ) throws(Unproven) {
        guard let place = entries.position(of: index.path(position) + (index.length(position) - count), count: count)
        else {
            try checkAbsence(name, directory)
            if strcmp(name, ".gitattributes") == 0 { found.lacksAttributeFile = true }
            found.modified += 1
            return
        }
        let kind = entries.kind(place)
        // A directory in its place does not count as untracked besides (index_name_is_other, read-cache.c).
        entries.take(place)
        guard kind == .file || kind == .symlink else {
            found.modified += 1
            return
        }
        let status: FileStatus
        do throws(FileError) { status = try directory.status(of: name) } catch { throw Unproven(error.description) }
        switch index.compare(position, status) {
        case .unchanged: break
        case .modified: found.modified += 1
        case .doubtful:
            guard let result = hasher.read(name, in: directory, isSymlink: kind == .symlink) else {
                throw Unproven("a file changed while it was read")
            }
            found.doubtful.append(
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
            found.attributeFiles.append(path(range, prefix) + ".gitattributes".utf8)
        }
        return try ignoreFile(entries.kind(of: ".gitignore"), directory)
    }

    mutating func ignoreFile(_ kind: FileKind?, _ directory: borrowing Directory) throws(Unproven) -> [UInt8]? {
        guard let kind else { return nil }
        // git opens a FIFO, and waits for somebody who writes.
        if kind == .other { throw Unproven("a .gitignore is no file, and git would wait for it", holdsUpGit: true) }
        // Versions of git differ about a symlink.
        guard kind == .file, let text = hasher.contents(of: ".gitignore", in: directory, limit: 16 << 20) else {
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

import FileTree
import SystemPackage

/// A worktree in the making: what it shall be, known before anything is written, and what of it has been made so far.
public struct Making: Hashable, Sendable {
    /// Its root, absolute, as it was asked for.
    public let path: FilePath
    /// Its commit.
    public let commit: ObjectID
    /// The branch it shall have checked out; nil for none.
    public let branch: String?
    /// Whether the branch was not there and is made for it.
    public let makesBranch: Bool
    /// Whether `git worktree add` makes it.
    public let isByGit: Bool
    /// The empty directory that was at the path before; nil when there was nothing.
    public let standing: LastingIdentity?
    /// The directories above the path that were missing, deepest first.
    public let missing: [FilePath]

    /// The branch's file, once it is made.
    public private(set) var branchFile: LastingIdentity?
    /// The name under `worktrees/` that was tried last. git chooses by itself.
    public private(set) var administrativeName: FilePath.Component?
    /// The administrative directory of that name, once it is made.
    public private(set) var administrativeDirectory: LastingIdentity?
    /// The worktree's root, once it is made.
    public private(set) var root: LastingIdentity?
    /// Whether `git worktree add` was about to be started.
    public private(set) var hasStartedGit = false
    /// Whether it was about to be taken away again.
    public private(set) var isBeingUndone = false

    /// Describes a worktree that is about to be made at `path`, and looks what is there of the path already.
    public init(at path: FilePath, commit: ObjectID, branch: String?, makesBranch: Bool, byGit isByGit: Bool) {
        self.path = path
        self.commit = commit
        self.branch = branch
        self.makesBranch = makesBranch
        self.isByGit = isByGit
        standing = try? LastingIdentity(path)
        var missing: [FilePath] = []
        var above = path.removingLastComponent()
        while !above.isEmpty, FileStatus.ifPresent(above) == nil {
            missing.append(above)
            above.removeLastComponent()
        }
        self.missing = missing
    }

    /// Something that is about to be made, or was made.
    public enum Step: Sendable {
        /// The branch is made; its file.
        case branch(LastingIdentity)
        /// The administrative directory is about to be made under this name.
        case administrativeName(FilePath.Component)
        /// It is made.
        case administrativeDirectory(LastingIdentity)
        /// The root is made.
        case root(LastingIdentity)
        /// `git worktree add` is about to be started.
        case git
        /// Something failed, and what was made is about to be taken away.
        case undoing
    }

    // MARK: As bytes

    /// Fields of a name, a space and a value, each with a NUL behind: paths may hold anything else. Steps are added
    /// behind.
    var bytes: [UInt8] {
        var bytes = Self.field("making", "1".utf8) + Self.field("path", path.bytes)
        bytes += Self.field("commit", commit.description.utf8)
        if let branch { bytes += Self.field(makesBranch ? "new-branch" : "branch", branch.utf8) }
        if isByGit { bytes += Self.field("way", "git".utf8) }
        if let standing { bytes += Self.field("standing", standing.description.utf8) }
        for directory in missing { bytes += Self.field("missing", directory.bytes) }
        return bytes + Self.field("begun", "".utf8)
    }

    static func bytes(of step: Step) -> [UInt8] {
        switch step {
        case .branch(let file): field("branch-file", file.description.utf8)
        case .administrativeName(let name): field("name", name.bytes)
        case .administrativeDirectory(let directory): field("directory", directory.description.utf8)
        case .root(let root): field("root", root.description.utf8)
        case .git: field("git", "".utf8)
        case .undoing: field("undoing", "".utf8)
        }
    }

    private static func field(_ name: String, _ value: some Sequence<UInt8>) -> [UInt8] {
        Array("\(name) ".utf8) + value + [0]
    }

    /// Reads what `bytes` wrote, with the steps behind it; nil for anything else. A last field without its NUL was being
    /// written when the writer was killed, before what it announces; it does not count.
    init?(bytes: [UInt8]) {
        var fields: [(name: String, value: [UInt8])] = []
        for part in bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast() {
            guard let space = part.firstIndex(of: 0x20) else { return nil }
            fields.append((part[..<space].text, Array(part[(space + 1)...])))
        }
        guard let first = fields.first, first.name == "making", first.value.text == "1",
            let end = fields.firstIndex(where: { $0.name == "begun" })
        else { return nil }
        let header = Dictionary(grouping: fields[1..<end], by: \.name)
        func one(_ name: String) -> [UInt8]? { header[name]?.first?.value }
        guard let path = one("path").map({ FilePath(bytes: $0) }), path.isAbsolute, path.lastComponent != nil,
            let commit = one("commit").flatMap({ ObjectID(hex: $0.text) })
        else { return nil }
        self.path = path
        self.commit = commit
        let missing = (header["missing"] ?? []).map { FilePath(bytes: $0.value) }
        guard missing.allSatisfy({ path != $0 && path.starts(with: $0) }) else { return nil }
        self.missing = missing
        makesBranch = one("new-branch") != nil
        branch = (one("new-branch") ?? one("branch"))?.text
        guard branch.map(isValidBranchName) != false else { return nil }
        isByGit = one("way") != nil
        standing = one("standing").flatMap { LastingIdentity($0.text) }
        guard (standing == nil) == (one("standing") == nil) else { return nil }
        for field in fields[(end + 1)...] { guard add(field.name, field.value) else { return nil } }
    }

    private mutating func add(_ name: String, _ value: [UInt8]) -> Bool {
        let identity = LastingIdentity(value.text)
        switch name {
        case "branch-file": branchFile = identity
        case "directory": administrativeDirectory = identity
        case "root": root = identity
        case "git":
            hasStartedGit = true
            return true
        case "undoing":
            isBeingUndone = true
            return true
        case "name":
            let path = FilePath(bytes: value)
            guard path.isRelative, path.components.count == 1, let name = path.lastComponent, name.kind == .regular
            else { return false }
            administrativeName = name
            administrativeDirectory = nil
            return true
        default: return false
        }
        return identity != nil
    }
}

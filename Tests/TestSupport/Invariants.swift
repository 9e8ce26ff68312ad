import ChildProcess
import FileTree
import SystemPackage

/// What must hold of a repository whatever happens to it: taken in before something rough is done, and looked at again
/// afterwards.
///
///     let invariants = try Invariants(of: repository, untouched: [repository.path], files: [notes])
///     // …something fails, is killed, or races…
///     #expect(try invariants.violations() == [])
public struct Invariants: Sendable {
    private let repository: TestRepository
    /// Branches and other references, with what they point to.
    private let references: [String: String]
    private let trees: [(root: FilePath, snapshot: TreeSnapshot)]
    private let files: [(path: FilePath, content: [UInt8])]

    /// Branches that may be gone afterwards, as merged ones are after `wt rm`.
    public var mayLose: Set<String> = []
    /// Whether the untouched trees may have got other files of the same contents, as `wt dedupe` gives them.
    public var mayRelink = false
    /// Crates of path packages: of these nothing but libraries (`.rlib`, `.so`) may be linked.
    public var members: Set<String> = []

    /// Takes in the references; the worktrees in `untouched`, of which no byte, inode or mtime may change but in `.git`;
    /// and the contents of `files`, the user's own. Throws when something of that cannot be read.
    public init(of repository: TestRepository, untouched: [FilePath] = [], files: [FilePath] = []) throws {
        self.repository = repository
        references = try Self.references(of: repository)
        trees = try untouched.map { ($0, try TreeSnapshot($0, excluding: [".git"])) }
        self.files = try files.map { ($0, try readFile($0)) }
    }

    /// All that is not as it must be, a line each. `isSettled` says that a `wt` command has come to its end since: then
    /// nothing that an interrupted one leaves behind may be there any more. Throws when git cannot be run.
    public func violations(isSettled: Bool = true) throws -> [String] {
        var found = try changesOfTrees() + changesOfFiles() + changesOfReferences()
        let check = try repository.attempt(["fsck", "--no-progress", "--no-dangling"])
        if check.status != 0 || check.output + check.errors != [] {
            found.append("git fsck: \(check.text)\(check.errorText)")
        }
        let worktrees = try Self.worktrees(of: repository)
        found += try registrationFaults(worktrees, isSettled: isSettled)
        found += try linkFaults(worktrees)
        if isSettled { found += try leftovers(worktrees) }
        return found
    }

    /// The roots of all worktrees that git lists, the main one first. Throws `TestFailure`.
    public static func worktrees(of repository: TestRepository) throws -> [FilePath] {
        try repository.git("worktree", "list", "--porcelain", "-z").split(separator: "\0")
            .filter { $0.hasPrefix("worktree ") }.map { FilePath(String($0.dropFirst("worktree ".count))) }
    }

    // MARK: The user's

    private func changesOfTrees() throws -> [String] {
        try trees.flatMap { root, before in
            let now = try TreeSnapshot(root, excluding: [".git"])
            if !mayRelink { return now.differences(from: before).map { "\(root)/\($0)" } }
            return Set(now.entries.keys).union(before.entries.keys).sorted()
                .filter { now.entries[$0]?.withoutInode != before.entries[$0]?.withoutInode }
                .map { "\(root)/\($0): changed, and not its inode alone" }
        }
    }

    private func changesOfFiles() -> [String] {
        files.compactMap { path, content in
            guard let now = try? readFile(path) else { return "\(path): the user's file is gone" }
            return now == content ? nil : "\(path): the user's file has changed"
        }
    }

    private static func references(of repository: TestRepository) throws -> [String: String] {
        let lines = try repository.git("for-each-ref", "--format=%(refname) %(objectname)").split(separator: "\n")
        return Dictionary(
            lines.map { ($0.split(separator: " ").first.map(String.init)!, String($0)) }, uniquingKeysWith: { $1 })
    }

    private func changesOfReferences() throws -> [String] {
        let now = try Self.references(of: repository)
        return references.keys.sorted().compactMap { name in
            if now[name] == references[name] { return nil }
            if now[name] == nil, mayLose.contains(where: { name == "refs/heads/\($0)" }) { return nil }
            return "\(name): was \(references[name]!), is \(now[name] ?? "gone")"
        }
    }

    // MARK: git's

    /// Each registration has its directory and the other way round, and git has nothing to prune.
    private func registrationFaults(_ worktrees: [FilePath], isSettled: Bool) throws -> [String] {
        var found: [String] = []
        let place = repository.path.pushing(FilePath(".git/worktrees"))
        let registered = FileStatus.ifPresent(place) == nil ? [] : try Directory(place).entries().map(\.name)
        if isSettled {
            let prunable = try repository.git("worktree", "prune", "--dry-run", "--verbose")
            if !prunable.isEmpty { found.append("git worktree prune: \(prunable)") }
            if registered.count != worktrees.count - 1 {
                found.append("\(registered.count) registrations, but git lists \(worktrees.count - 1) worktrees")
            }
            for name in registered where FileStatus.ifPresent(place.appending(name).appending("locked")) != nil {
                found.append("\(name) is locked")
            }
        }
        var named: Set<FilePath> = []
        for name in registered {
            guard let text = try? readFile(place.appending(name).appending("gitdir")) else { continue }
            named.insert(FilePath(String(decoding: text, as: UTF8.self).filter { $0 != "\n" }))
        }
        guard isSettled else { return found }
        for path in worktrees.dropFirst() where FileStatus.ifPresent(path) != nil {
            let status = try repository.attempt(["rev-parse", "--verify", "--quiet", "HEAD"], in: path)
            if status.status != 0 { found.append("\(path): git rev-parse HEAD: \(status.errorText)") }
        }
        let beside = repository.path.removingLastComponent()
        for entry in try Directory(beside).entries() where entry.kind == .directory {
            let file = beside.appending(entry.name).appending(".git")
            guard FileStatus.ifPresent(file)?.kind == .file, !named.contains(file) else { continue }
            found.append("\(file) belongs to no registration")
        }
        return found
    }

    // MARK: wt's

    /// What `wt` and git make for a moment.
    private func leftovers(_ worktrees: [FilePath]) throws -> [String] {
        let git = repository.path.appending(".git")
        var found = ["wt-making", "wt-trash"].map { git.appending($0) }.filter { FileStatus.ifPresent($0) != nil }
            .map { "\($0) is left" }
        for root in [git] + worktrees {
            for (path, kind) in try names(below: root, leavingOut: root == git ? ["objects"] : [".git"]) {
                let name = path.lastComponent!.string
                let isLock = root == git && kind == .file && name.hasSuffix(".lock")
                if isLock || name.hasPrefix(".wt-") || name == "index.wt" { found.append("\(path) is left") }
            }
        }
        return found
    }

    /// Files that two worktrees share: only in build directories, only those that are replaced when they are made anew,
    /// and under one name only. See docs/how-it-works.md for the table.
    private func linkFaults(_ worktrees: [FilePath]) throws -> [String] {
        var seen: [FileIdentity: (worktree: Int, path: FilePath)] = [:]
        var found: [String] = []
        for (number, root) in worktrees.enumerated() {
            for (path, kind) in try names(below: root, leavingOut: [".git"]) where kind == .file {
                guard let status = FileStatus.ifPresent(path), status.links > 1 else { continue }
                guard let other = seen[FileIdentity(status)] else {
                    seen[FileIdentity(status)] = (number, path)
                    continue
                }
                // Within one worktree cargo itself makes links.
                guard other.worktree != number else { continue }
                let isSame = Self.stem(path) == Self.stem(other.path)
                if !isSame || !mayBeShared(path, below: root) { found.append("\(path) is shared with \(other.path)") }
            }
        }
        return found
    }

    private func mayBeShared(_ path: FilePath, below root: FilePath) -> Bool {
        var place = path
        guard place.removePrefix(root), place.components.first == "target", let name = path.lastComponent?.string,
            !place.components.contains(where: { $0.string.contains("fingerprint") || $0 == "incremental" })
        else { return false }
        if name.hasSuffix(".rlib") || name.hasSuffix(".so") { return name.hasPrefix("lib") }
        let isMember = members.contains { member in
            place.components.contains { $0.string.hasPrefix("lib\(member)-") || $0.string.hasPrefix("\(member)-") }
        }
        return !isMember
            && (name.hasPrefix("lib") && name.hasSuffix(".rmeta")
                || Self.stem(path).contains { $0.hasPrefix("build_script_") })
    }

    /// The name without the hash, which cargo leaves out where it uplifts a file, and with `_` for `-`, of which build
    /// scripts get their own back there.
    private static func stem(_ path: FilePath) -> [String] {
        let name = path.lastComponent!
        return [name.stem.replacing(/-[0-9a-f]{16}$/, with: "").replacing("-", with: "_"), name.extension ?? ""]
    }

    /// Everything below a directory, but what has one of these names right in it.
    private func names(
        below root: FilePath, leavingOut excluded: Set<String>
    ) throws(FileError) -> [(FilePath, FileKind)] {
        var found: [(FilePath, FileKind)] = []
        var waiting = [root]
        while let next = waiting.popLast() {
            for entry in try Directory(next).entries() where next != root || !excluded.contains(entry.name.string) {
                let path = next.appending(entry.name)
                found.append((path, entry.kind))
                if entry.kind == .directory { waiting.append(path) }
            }
        }
        return found
    }
}

import FileTree
import SystemPackage

/// The names in a repository that a user may be about to type. Read from git's files alone, since it is wanted at each TAB:
/// neither git nor libgit2 is asked, and no configuration is looked at, so an unusual repository may give too few or too
/// many. Names that a shell could not show on a line, with control characters or bytes that are not UTF-8, are left out.
public struct KnownNames {
    private let references: ReferenceFiles
    private var commonDirectory: FilePath { references.commonDirectory }

    /// A remote-tracking branch.
    public struct RemoteName {
        /// For example `origin/main`.
        public let fullName: String
        /// For example `main`.
        public let branch: String
    }

    /// Looks for the repository around `directory`, or at `gitDirectory` where the environment names one. Nil when there is
    /// none.
    public init?(around directory: FilePath, gitDirectory: FilePath? = nil) {
        guard let found = gitDirectory?.resolved(from: directory) ?? Self.gitDirectory(around: directory) else {
            return nil
        }
        // A linked worktree's directory says where what all share is (get_common_dir, setup.c).
        let shared = (try? readFile(found.appending("commondir"))).map { FilePath(bytes: $0.trimmedEnd) }
        references = ReferenceFiles(commonDirectory: shared?.resolved(from: found) ?? found)
    }

    private static func gitDirectory(around directory: FilePath) -> FilePath? {
        var place = directory
        while true {
            let git = place.appending(".git")
            switch FileStatus.ifPresent(git)?.kind {
            case .directory where isGitDirectory(git): return git
            case .file: return gitFileTarget(git)
            default: if isGitDirectory(place) { return place }
            }
            guard place.removeLastComponent() else { return nil }
        }
    }

    private static func isGitDirectory(_ path: FilePath) -> Bool {
        ["HEAD", "objects", "refs"].allSatisfy { FileStatus.ifPresent(path.appending($0)) != nil }
    }

    /// All local branches, in no order, like the others here: shells have an order of their own.
    public var localBranches: [String] { references.names(under: "refs/heads/") }

    /// All remote-tracking branches, without the remotes' `HEAD`.
    public var remoteBranches: [RemoteName] {
        references.names(under: "refs/remotes/").compactMap { name in
            guard let slash = name.firstIndex(of: "/") else { return nil }
            let branch = String(name[name.index(after: slash)...])
            return branch == "HEAD" ? nil : RemoteName(fullName: name, branch: branch)
        }
    }

    /// The branches that a new worktree could have: local ones that no worktree has, and those of remotes.
    public var branchesToCheckOut: [String] {
        var taken = Set(heads.compactMap(\.branch))
        // A branch that is here and on a remote is one.
        return (localBranches + remoteBranches.map(\.branch)).filter { taken.insert($0).inserted }
    }

    /// What the worktrees are called: by branch, or by directory where there is none, or by path where that would pass for
    /// an option.
    public var worktrees: [String] {
        heads.compactMap { head in
            let name = head.branch ?? head.path.lastComponent.flatMap { text($0.bytes) }
            return name?.hasPrefix("-") == true ? text(head.path.bytes) : name
        }.filter(isShowable)
    }

    /// Each worktree's branch and root.
    private var heads: [(branch: String?, path: FilePath)] {
        let parent = commonDirectory.appending("worktrees")
        let names = (try? Directory(parent).entries().map(\.name)) ?? []
        let linked = names.compactMap { name -> (String?, FilePath)? in
            let directory = AdministrativeDirectory(path: parent.appending(name))
            guard let path = directory.worktreePath else { return nil }
            return (branch(in: directory.path), path)
        }
        let main = (branch(in: commonDirectory), commonDirectory.removingLastComponent())
        return (hasMainWorktree ? [main] : []) + linked
    }

    /// A repository called `.git` has one, unless its configuration says that it is bare.
    private var hasMainWorktree: Bool {
        guard commonDirectory.lastComponent == ".git" else { return false }
        return (try? readFile(commonDirectory.appending("config")))?.contains(text: Array("bare = true".utf8)) != true
    }

    private func branch(in gitDirectory: FilePath) -> String? {
        guard case .symbolic(let name) = ReferenceFiles.looseValue(gitDirectory.appending("HEAD")) else { return nil }
        return name.dropped(prefix: "refs/heads/")
    }
}

extension ReferenceFiles {
    /// The names of all references below `prefix`, which ends in a slash, without it, in no order; values are not looked
    /// at.
    fileprivate func names(under prefix: String) -> [String] {
        var loose: [[UInt8]] = []
        if let directory = try? Directory(commonDirectory.pushing(FilePath(prefix))) {
            addLoose(directory, [], to: &loose)
        }
        let packed = PackedReferences(commonDirectory)?.names(under: prefix) ?? []
        let isKnown = loose.isEmpty || packed.isEmpty ? [] : Set(packed)
        return (packed + loose.filter { !isKnown.contains($0) }).compactMap(text).filter(isShowable)
    }

    private func addLoose(_ directory: borrowing Directory, _ prefix: [UInt8], to names: inout [[UInt8]]) {
        let lock = Array(".lock".utf8)
        try? directory.forEachEntry { entry, kind in
            let name = prefix + bytes(of: entry)
            if kind == .directory {
                if let child = try? directory.child(entry) { addLoose(child, name + [UInt8(ascii: "/")], to: &names) }
            } else if !name.suffix(lock.count).elementsEqual(lock) {
                names.append(name)
            }
        }
    }
}

/// Bytes as text; nil when they are not UTF-8.
private func text(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

private func isShowable(_ name: String) -> Bool { name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f } }

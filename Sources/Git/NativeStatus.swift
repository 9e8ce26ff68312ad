import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Works out the status of ordinary worktrees: from the index, the files' stat data, the tree of `HEAD` and the ignore
/// files. Whatever is not ordinary is `Unproven`.
struct NativeStatus: Sendable {
    private let references: ReferenceFiles
    private let objects: ObjectReader
    private let commonIgnores: [IgnoreRules]
    private let commonAttributes: CheckInAttributes

    /// Reads what holds for all worktrees. Throws `Unproven`.
    init(_ repository: borrowing Repository) throws(Unproven) {
        references = repository.references
        objects = ObjectReader(repository.location.commonDirectory.appending("objects"))
        commonIgnores = try IgnoreRules.common(to: repository)
        commonAttributes = try CheckInAttributes(outsideTreeOf: repository)
    }

    /// The status of a worktree, as `git status` counts it; of a linked one the files may have been moved to `place`.
    /// `known` is its index as it was read before, and saves reading it again when it is still the same. Writes nothing.
    /// Throws `Unproven`.
    func status(
        of worktree: WorktreeRecord, at place: FilePath? = nil, known: IndexFile? = nil, by hands: Hands = .one
    ) throws(Unproven) -> WorkingTreeStatus {
        try check(worktree, place)
        let root = place ?? worktree.path
        let index: IndexFile
        if let known, known.isCurrent(at: worktree.indexFile) {
            index = known
        } else {
            do throws(GitError) { index = try IndexFile(reading: worktree.indexFile) } catch {
                throw Unproven(error.message)
            }
        }
        guard !index.hasSpecialEntry else {
            throw Unproven("the index has conflicts, submodules, or files that are left out or assumed unchanged")
        }
        // After the index, as git reads them; a commit in between would show as staged either way.
        guard let commit = references.head(in: worktree.gitDirectory).commit, let tree = objects.tree(of: commit) else {
            throw Unproven("HEAD names no commit that can be read")
        }
        return try index.withView { view throws(Unproven) in
            guard view.isSorted else { throw Unproven("the index is not sorted") }
            var status = WorkingTreeStatus()
            let staged = try StagedCount(of: view, CacheTree(of: index), against: tree, objects)
            guard !staged.mayHaveRenames else { throw Unproven("there may be a rename") }
            status.staged = staged.total
            let walk = try StatusWalk.walk(root, view, ignoring: commonIgnores, by: hands)
            status.modified = try walk.modified + modifiedOfRead(walk, view, root: root)
            status.untracked = walk.untracked
            return status
        }
    }

    /// Whether git would take the administrative directory for one (is_git_directory, setup.c).
    private func isWhole(_ worktree: WorktreeRecord) -> Bool {
        guard let link = try? readFile(worktree.gitDirectory.appending("commondir")), worktree.head != .unreadable
        else {
            return false
        }
        let named = FilePath(bytes: link.trimmedEnd).resolved(from: worktree.gitDirectory)
        return realPath(named) == realPath(references.commonDirectory)
    }

    /// Whether git would find the same repository there, and agree to read it.
    private func check(_ worktree: WorktreeRecord, _ place: FilePath?) throws(Unproven) {
        guard !worktree.isBare, let root = FileStatus.ifPresent(place ?? worktree.path), root.kind == .directory else {
            throw Unproven("there is no worktree")
        }
        // safe.directory
        guard root.uid == geteuid(), FileStatus.ifPresent(worktree.gitDirectory)?.uid == geteuid() else {
            throw Unproven("the worktree belongs to another user")
        }
        if let directory = worktree.administrativeDirectory {
            // Files that were moved name the registration still, and that the place where they were.
            let expected = place == nil ? BackPointer.consistent : .registeredElsewhere(worktree.path.appending(".git"))
            guard BackPointer.check(directory, worktree: place ?? worktree.path) == expected, isWhole(worktree) else {
                throw Unproven("the worktree and its registration do not name each other")
            }
        } else {
            let directory = worktree.path.appending(".git")
            guard place == nil, FileStatus.ifPresent(directory)?.kind == .directory,
                realPath(directory) == realPath(worktree.gitDirectory)
            else {
                throw Unproven("the git directory is somewhere else")
            }
        }
    }

    /// How many of the files that had to be read differ.
    private func modifiedOfRead(
        _ walk: StatusWalk.Findings, _ index: IndexView, root: FilePath
    ) throws(Unproven) -> Int {
        guard !walk.doubtful.isEmpty else { return 0 }
        guard !walk.lacksAttributeFile else { throw Unproven("an attribute file is missing") }
        var attributes = commonAttributes
        for path in walk.attributeFiles {
            let file = root.pushing(FilePath(bytes: path))
            if FileStatus.ifPresent(file)?.kind == .other {
                throw Unproven("\(file) is no file, and git would wait for it", holdsUpGit: true)
            }
            try attributes.read(file)
        }
        for file in walk.doubtful {
            let path = UnsafeBufferPointer(start: index.path(file.position), count: index.length(file.position))
            let name = Array(path.split(separator: UInt8(ascii: "/")).last ?? [])
            guard !attributes.mayChange(name[...], hasCarriageReturn: file.hasCarriageReturn) else {
                throw Unproven("attributes may change what is compared")
            }
        }
        return walk.doubtful.count { !$0.isEqual }
    }
}

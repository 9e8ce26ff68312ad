import CLibGit2
import FileTree
import SystemPackage

/// All files of a commit's tree, in the order of an index.
public struct TreeListing: Sendable, RandomAccessCollection {
    /// One file, symlink or submodule.
    public struct Entry: Hashable, Sendable {
        /// Seen from the tree's root.
        public let path: FilePath
        /// The blob, or a submodule's commit.
        public let id: ObjectID
        /// What it is.
        public let mode: FileMode
    }

    /// A directory: a tree object and the entries below it, which stand together.
    struct Folder {
        let id: ObjectID
        let parent: Int?
        /// Length of its path with the slash behind; 0 for the root.
        let prefixLength: Int
        var entries: Range<Int>
        /// Numbers of the directories in it.
        var children: [Int] = []
    }

    private(set) var paths = PathTable()
    private(set) var ids: [ObjectID] = []
    private(set) var modes: [FileMode] = []
    /// The root first, each before those in it.
    private(set) var folders: [Folder] = []
    /// Why git might refuse this tree, or not check it out as it stands; nil for any ordinary one.
    private(set) var problem: String?

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of entries.
    public var endIndex: Int { ids.count }
    /// The entry at `position`; made on demand.
    public subscript(position: Int) -> Entry {
        Entry(path: paths.path(position), id: ids[position], mode: modes[position])
    }

    /// Whether the entry at `position` is a symlink.
    public func isSymlink(_ position: Int) -> Bool { modes[position] == .symlink }

    /// Whether the path lies below a submodule of the tree.
    public func isInSubmodule(_ path: FilePath) -> Bool {
        guard modes.contains(.submodule) else { return false }
        var directory = path.removingLastComponent()
        while !directory.isEmpty {
            if let position = position(of: directory) { return modes[position] == .submodule }
            directory.removeLastComponent()
        }
        return false
    }

    /// The position of the entry at `path`; nil when there is none.
    public func position(of path: FilePath) -> Int? {
        let wanted = path.bytes
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let order = paths.compare(middle, with: wanted)
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// The directories, seen from the tree's root and without that, for which `isWanted` holds; it is given the positions
    /// of all entries below.
    public func directories(where isWanted: (Range<Int>) -> Bool) -> [FilePath] {
        folders.filter { $0.parent != nil && isWanted($0.entries) }.map { folder in
            let start = paths.starts[folder.entries.lowerBound]
            return FilePath(bytes: paths.bytes[start..<(start + folder.prefixLength - 1)])
        }
    }

    /// The paths of the entries with this name, which is no path.
    public func paths(ofEntriesNamed name: String) -> [FilePath] {
        let name = Array(name.utf8)
        return indices.filter { self.name(ofEntry: $0).elementsEqual(name) }.map { paths.path($0) }
    }

    /// The last component of an entry's path.
    func name(ofEntry position: Int) -> ArraySlice<UInt8> {
        let path = paths[position]
        return path[((path.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex - 1) + 1)...]
    }

    /// Reads the tree of `commit`. Throws `GitError`.
    init(commit: ObjectID, repository: OpaquePointer) throws(GitError) {
        var oid = commit.native
        var object: OpaquePointer?
        var tree: OpaquePointer?
        try Libgit2.call("read commit \(commit)") { git_object_lookup(&object, repository, &oid, GIT_OBJECT_COMMIT) }
        defer { git_object_free(object) }
        try Libgit2.call("read the tree of \(commit)") { git_object_peel(&tree, object, GIT_OBJECT_TREE) }
        defer { git_object_free(tree) }
        var prefix: [UInt8] = []
        try add(tree, parent: nil, prefix: &prefix, repository)
    }

    private mutating func add(
        _ tree: OpaquePointer?, parent: Int?, prefix: inout [UInt8], _ repository: OpaquePointer
    ) throws(GitError) {
        let number = folders.count
        let id = ObjectID(git_tree_id(tree).pointee)
        folders.append(Folder(id: id, parent: parent, prefixLength: prefix.count, entries: count..<count))
        if let parent { folders[parent].children.append(number) }
        for position in 0..<git_tree_entrycount(tree) {
            guard let entry = git_tree_entry_byindex(tree, position) else { continue }
            try add(entry, in: number, prefix: &prefix, repository)
        }
        folders[number].entries = folders[number].entries.lowerBound..<count
        if folders[number].entries.isEmpty, parent != nil { note("it has an empty directory", prefix) }
    }

    private mutating func add(
        _ entry: OpaquePointer, in folder: Int, prefix: inout [UInt8], _ repository: OpaquePointer
    ) throws(GitError) {
        let name = bytes(of: git_tree_entry_name(entry))
        let start = prefix.count
        prefix.append(contentsOf: name)
        defer { prefix.removeSubrange(start...) }
        guard prefix.count < 4000 else { throw GitError(.other, "a path in the tree is too long: \(prefix.text)") }
        if let mode = FileMode(canonical: UInt32(git_tree_entry_filemode_raw(entry).rawValue)) {
            if let reason = TreeName.problem(name, mode) { note(reason, prefix) }
            paths.append(prefix)
            ids.append(ObjectID(git_tree_entry_id(entry).pointee))
            modes.append(mode)
            // A tree out of order can hold one name twice, and a file in the place of a directory.
            if count > 1, paths.compare(count - 2, with: paths, count - 1) >= 0 { note("it is not sorted", prefix) }
            return
        }
        if let reason = TreeName.problem(name, nil) { note(reason, prefix) }
        prefix.append(UInt8(ascii: "/"))
        var tree: OpaquePointer?
        try Libgit2.call("read the tree \(prefix.text)") {
            git_tree_lookup(&tree, repository, git_tree_entry_id(entry))
        }
        defer { git_tree_free(tree) }
        try add(tree, parent: folder, prefix: &prefix, repository)
    }

    private mutating func note(_ reason: String, _ path: [UInt8]) {
        if problem == nil { problem = "\(reason): \(path.text)" }
    }
}

extension Repository {
    /// All files of `commit`. Throws `GitError`; `unsupported` when libgit2 is not used for this repository.
    public func tree(of commit: ObjectID) throws(GitError) -> TreeListing {
        guard let handle else {
            throw GitError(.unsupported(feature: "libgit2"), "libgit2 is not used: \(refusal?.reason ?? "")")
        }
        return try TreeListing(commit: commit, repository: handle)
    }
}

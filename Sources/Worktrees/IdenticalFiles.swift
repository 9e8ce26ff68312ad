import FileTree
import Git
import SystemPackage

/// Files that are the same in donor and recipient.
struct IdenticalFiles: Sendable {
    /// Whether a file is one of them, by its path relative to the worktree's root.
    var contains: @Sendable (FilePath) -> Bool = { _ in false }
    /// All of them.
    var all: @Sendable () -> [FilePath] = { [] }
    /// The directories that they are in, and those above them but the root, relative to the worktree's root.
    var directories: [FilePath] = []
    /// Whether they are all that is tracked, there and here.
    var isComplete = false

    /// None.
    init() {}

    /// These.
    init(_ paths: Set<FilePath>, isComplete: Bool) {
        contains = { paths.contains($0) }
        all = { Array(paths) }
        var directories: Set<FilePath> = []
        for path in paths {
            var directory = path.removingLastComponent()
            while !directory.isEmpty, directories.insert(directory).inserted { directory.removeLastComponent() }
        }
        self.directories = Array(directories)
        self.isComplete = isComplete
    }

    /// Takes some out.
    mutating func remove(_ paths: Set<FilePath>) {
        contains = { [contains] path in contains(path) && !paths.contains(path) }
        all = { [all] in all().filter { !paths.contains($0) } }
        isComplete = false
    }

    /// Puts in files that were copied from the worktree at `source`. Where that is another one than the donor, the donor may
    /// have others in their place, or none.
    mutating func add(_ included: Included, donor: FilePath?) {
        guard included.source == donor else {
            if !included.files.isEmpty { isComplete = false }
            return
        }
        let more = included.identical
        contains = { [contains] path in more.contains(path) || contains(path) }
        all = { [all] in all() + more }
    }

    /// What a checkout found to be the same in the donor, which tracks `donorCount` files.
    init(_ tree: TreeListing, _ written: [Checkout.Written], donorCount: Int) {
        let same = written.map(\.isSameInSource)
        contains = { path in tree.position(of: path).map { same[$0] } ?? false }
        all = { tree.indices.filter { same[$0] }.map { tree[$0].path } }
        directories = tree.directories { range in same[range].contains(true) }
        isComplete = donorCount == tree.count && same.allSatisfy { $0 }
    }
}

import CargoCache
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
    /// Those among them that are symlinks.
    private var symlinks: [FilePath] = []
    /// Whether they are all that is tracked, there and here.
    var isComplete = false

    /// None.
    init() {}

    /// These.
    init(_ paths: Set<FilePath>, symlinks: [FilePath] = [], isComplete: Bool) {
        self.symlinks = symlinks.filter(paths.contains)
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

    /// Takes out symlinks that lead to something else in `recipient` than in `donor`, being the same symlinks: to a file
    /// that git ignores, say. Cargo and rustc follow them. Nil for a recipient that does not exist yet.
    mutating func removeSymlinksToOthers(donor: FilePath, recipient: FilePath?) {
        var left = symlinks
        while true {
            let other = left.filter { !leadsToSame($0, donor, recipient) }
            guard !other.isEmpty else { return }
            left.removeAll { other.contains($0) }
            // One that leads nowhere says nothing of what there is.
            let isHarmless =
                isComplete
                && other.allSatisfy { path in
                    realPath(donor.appending(path.components)) == nil
                        && recipient.flatMap { realPath($0.appending(path.components)) } == nil
                }
            remove(Set(other))
            isComplete = isHarmless
        }
    }

    private func leadsToSame(_ path: FilePath, _ donor: FilePath, _ recipient: FilePath?) -> Bool {
        guard let theirs = realPath(donor.appending(path.components)), let top = realPath(donor) else { return false }
        var rest = theirs
        let isInside = rest.removePrefix(top)
        if let recipient {
            guard let ours = realPath(recipient.appending(path.components)), let root = realPath(recipient) else {
                return false
            }
            guard isInside else { return ours == theirs }
            guard ours == root.appending(rest.components) else { return false }
        } else if !isInside {
            return true
        }
        guard FileStatus.ifPresent(theirs)?.kind == .directory else { return contains(rest) }
        let roots = [top] + [recipient].compactMap { $0 }
        let lists = roots.map { PackageFile.watched(in: rest, of: $0, except: "") }
        return lists.joined().allSatisfy { $0.kind == .directory || contains($0.path) }
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
        symlinks = tree.indices.filter { same[$0] && tree.isSymlink($0) }.map { tree[$0].path }
        all = { tree.indices.filter { same[$0] }.map { tree[$0].path } }
        directories = tree.directories { range in same[range].contains(true) }
        isComplete = donorCount == tree.count && same.allSatisfy { $0 }
    }
}

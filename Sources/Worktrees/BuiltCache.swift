import CargoCache
import FileTree
import Git
import SystemPackage

/// The build directories of one worktree, and what they cost.
public struct BuiltCache: Sendable {
    /// Build directories inside the worktree, absolute, those around nested ones only. Another place (a shared target
    /// directory, for example) belongs to no single worktree.
    public let directories: [FilePath]
    /// Build directories of its workspaces that lie elsewhere.
    public let outside: [FilePath]

    /// Finds them from the manifests in the worktree's index. A worktree whose index cannot be read, or where cargo
    /// cannot say where it builds, is looked at as if it had one workspace in its root and no settings.
    public init(of worktree: WorktreeRecord, in repository: borrowing Repository) {
        self.init(of: worktree, indexes: IndexReader(repository), environment: repository.environment)
    }

    /// The same for several worktrees at a time. `environment` is the one in which cargo is run.
    init(of worktree: WorktreeRecord, indexes: IndexReader, environment: [String: String]) {
        let isThere = !worktree.isBare && worktree.pruneReason == nil
        self.init(of: worktree, index: isThere ? try? indexes.index(of: worktree) : nil, environment: environment)
    }

    /// The same by the worktree's index, nil where that cannot be read.
    init(of worktree: WorktreeRecord, index: IndexFile?, environment: [String: String]) {
        guard !worktree.isBare, worktree.pruneReason == nil else {
            directories = []
            outside = []
            return
        }
        let root = worktree.path
        var manifests: [FilePath] = ["Cargo.toml"]
        if let index { manifests = index.paths(ofEntriesNamed: "Cargo.toml") }
        let found: [FilePath]
        do throws(BuildDirectory.Failure) {
            found = try WorkspaceSearch.builtWorkspaces(
                manifests: manifests, in: root, environment: environment
            ).map(\.buildDirectory.outermostPath)
        } catch {
            let target = root.appending("target")
            let isBuilt =
                BuildTree.isBuildDirectory(target) || !BuildTree.nestedBuildDirectories(of: target).isEmpty
            found = isBuilt ? [target] : []
        }
        var seen: Set<FilePath> = []
        let distinct = found.filter { seen.insert($0).inserted }
        directories = distinct.filter { $0.starts(with: root) && $0 != root }
        outside = distinct.filter { !$0.starts(with: root) }
    }

    /// What they take on disk, together. Throws `FileError` when one cannot be read.
    public func usage() throws(FileError) -> DiskUsage { try diskUsage(of: directories) }

    /// Directories whose times tell when cargo last built something here.
    public var directoriesOfUse: [FilePath] { directories.flatMap(BuildTree.directoriesOfUse) }

    /// Whether cargo is at work in one of them, or in one nested there.
    public var isBusy: Bool { directories.contains(where: BuildDirectory.isBusy) }
}

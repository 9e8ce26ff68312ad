import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// What `wt clean` will do: every build directory looked at, nothing touched.
public struct CleanPlan: Sendable {
    /// A build directory that will be cleaned.
    public struct Directory: Sendable {
        /// Absolute, without symlinks.
        public let path: FilePath
        /// What goes, absolute.
        public internal(set) var paths: [FilePath]
        /// What in it is not cargo's and stays, relative to it; empty when single units are removed.
        public internal(set) var kept: [FilePath]
        /// The units that go; empty when everything does.
        public internal(set) var units: [StaleUnit]
        /// What `paths` take; `exclusive` is what the removal of these alone would free.
        public internal(set) var usage: DiskUsage

        let identity: LastingIdentity
        /// Where it was found.
        let place: FilePath
        /// Whose units are looked at, with the compiler that each would use; empty when everything goes.
        let workspaces: [(workspace: CargoWorkspace, compiler: String?)]
    }

    /// A build directory that is left as it is.
    public struct Left: Sendable {
        /// The build directory.
        public let path: FilePath
        /// Why.
        public let reason: CleanRefusal
    }

    /// One worktree.
    public struct Worktree: Sendable {
        /// The worktree.
        public let worktree: WorktreeRecord
        /// Why it was chosen; nil where it was named.
        public let reason: String?
        /// What will be cleaned of it.
        public internal(set) var directories: [Directory]
        /// What will not.
        public internal(set) var left: [Left]

        let check: CleanCheck
    }

    /// The chosen worktrees, also those in which there is nothing to clean.
    public let worktrees: [Worktree]
    /// What goes, together: files that only cleaned worktrees share are freed, too.
    public let usage: DiskUsage
    /// Whether only units go that no build can reach any more.
    public let isStaleOnly: Bool

    /// Whether there is nothing to do.
    public var isEmpty: Bool { worktrees.allSatisfy(\.directories.isEmpty) }

    /// Looks at everything. Throws `Failure`: no such worktree, options that exclude each other, a registration that
    /// cannot be read.
    public init(
        _ options: CleanOptions, in repository: borrowing Repository, currentDirectory: FilePath,
        now: FileTime = .now()
    ) throws(Failure) {
        let location = repository.location
        let all = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(all, currentDirectory: currentDirectory)
        let selection = try CleanSelection(options, among: search, in: repository, now: now)
        var used: [(place: FilePath, by: WorktreeRecord)] = []
        for worktree in all {
            let cache = BuiltCache(of: worktree, in: repository)
            used += (cache.directories + cache.outside).compactMap(realPath).map { ($0, worktree) }
        }
        var worktrees: [Worktree] = []
        for choice in selection.choices {
            let others = used.filter { $0.by != choice.worktree }.map { ($0.place, $0.by.path) }
            let check = CleanCheck(
                worktree: choice.worktree, worktrees: all, location: location,
                usedByOthers: Dictionary(others) { first, _ in first }, environment: repository.environment)
            worktrees.append(Worktree(choice, check, options, in: repository))
        }
        self.worktrees = worktrees
        isStaleOnly = options.isStaleOnly
        let paths = worktrees.flatMap(\.directories).flatMap(\.paths)
        do throws(FileError) {
            usage = try diskUsage(of: paths)
        } catch {
            throw Failure(.failed, "cannot measure what would be freed: \(error)")
        }
    }
}

extension CleanPlan.Directory {
    /// Everything that cargo has made.
    mutating func take(_ contents: BuildContents) {
        paths = contents.made.map { path.appending($0.components) }
        kept = contents.foreign
    }

    /// Only what no build can reach.
    mutating func lookForStaleUnits() {
        units = []
        paths = []
        for (workspace, compiler) in workspaces {
            for unit in workspace.staleUnits(compiler: compiler) {
                units.append(unit)
                paths += ([unit.hashFile] + unit.paths).map { workspace.buildDirectory.appending($0.components) }
            }
        }
    }
}

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
        let places = all.map { ($0, BuiltCache(of: $0, in: repository)) }
        var worktrees: [Worktree] = []
        for choice in selection.choices {
            let others = places.filter { $0.0 != choice.worktree }.flatMap { other, cache in
                (cache.directories + cache.outside).compactMap { place in realPath(place).map { ($0, other.path) } }
            }
            let check = CleanCheck(
                worktree: choice.worktree, worktrees: all, location: location,
                usedByOthers: Dictionary(others) { first, _ in first }, environment: repository.environment)
            worktrees.append(Self.worktree(choice, check, options, in: repository))
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

    private static func worktree(
        _ choice: CleanSelection.Choice, _ check: CleanCheck, _ options: CleanOptions,
        in repository: borrowing Repository
    ) -> Worktree {
        var result = Worktree(worktree: choice.worktree, reason: choice.reason, directories: [], left: [], check: check)
        result.left = choice.cache.outside.map { Left(path: $0, reason: .outside) }
        var found = choice.cache.directories
        let usual = choice.worktree.path.appending("target")
        // Something else of that name, which it would be strange to pass over in silence.
        if !found.contains(usual), let status = FileStatus.ifPresent(usual), status.kind != .file,
            FileStatus.ifPresent(choice.worktree.path.appending("Cargo.toml")) != nil
        {
            found.append(usual)
        }
        for path in found {
            do throws(Stop) {
                if let directory = try Self.directory(path, choice, check, options, in: repository) {
                    result.directories.append(directory)
                }
            } catch {
                result.left.append(Left(path: path, reason: error.reason))
            }
        }
        return result
    }

    private struct Stop: Error {
        let reason: CleanRefusal
    }

    /// Nil where there is nothing to remove.
    private static func directory(
        _ path: FilePath, _ choice: CleanSelection.Choice, _ check: CleanCheck, _ options: CleanOptions,
        in repository: borrowing Repository
    ) throws(Stop) -> Directory? {
        if let refusal = check.refusal(of: path) { throw Stop(reason: refusal) }
        guard let real = realPath(path), let identity = try? LastingIdentity(real),
            let contents = BuildContents(of: real)
        else { throw Stop(reason: .notCargo) }
        if BuildDirectory.isBusy(real) { throw Stop(reason: .busy) }
        var directory = Directory(
            path: real, paths: [], kept: [], units: [], usage: DiskUsage(), identity: identity, place: path,
            workspaces: options.isStaleOnly ? try workspaces(in: path, choice.worktree, repository) : [])
        if options.isStaleOnly {
            directory.lookForStaleUnits()
        } else {
            directory.take(contents)
        }
        guard !directory.paths.isEmpty else { return nil }
        guard let usage = try? diskUsage(of: directory.paths) else { throw Stop(reason: .changed) }
        directory.usage = usage
        return directory
    }

    /// The workspaces that build in a directory or in one nested there, once for each of those.
    private static func workspaces(
        in path: FilePath, _ worktree: WorktreeRecord, _ repository: borrowing Repository
    ) throws(Stop) -> [(workspace: CargoWorkspace, compiler: String?)] {
        let donor: Donor
        do {
            let manifests = try repository.index(of: worktree).lazy.map(\.path).filter {
                $0.lastComponent == "Cargo.toml"
            }
            donor = try Donor(worktree, manifests: Array(manifests), environment: repository.environment)
        } catch {
            throw Stop(reason: .unknownWorkspaces("\(error)"))
        }
        var seen: Set<FilePath> = []
        return donor.workspaces.compactMap(donor.cargoWorkspace).filter { workspace in
            workspace.outermostBuildDirectory == path && seen.insert(workspace.buildDirectory).inserted
        }.map { workspace in
            (
                workspace,
                CompilerVersion.current(inWorkspaceAt: workspace.root, environment: repository.environment)
            )
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

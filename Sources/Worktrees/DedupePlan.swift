import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// What `wt dedupe` will do: every build directory looked at and compared, nothing touched.
public struct DedupePlan: Sendable {
    /// A build directory that takes part.
    public struct Place: Sendable {
        /// The worktree's root.
        public let worktree: FilePath
        /// The build directory, without symlinks; nested ones are places of their own.
        public let buildDirectory: FilePath
    }

    /// The build directories, in the order of the worktrees.
    public let places: [Place]
    /// What could be one file. Positions in it are those of `places`.
    public let duplicates: Duplicates
    /// What has to be said besides.
    public let notes: [String]

    /// Compares the worktrees that `names` mean, or all of them. Throws `Failure`: no such worktree.
    public init(
        _ names: [String], in repository: borrowing Repository, currentDirectory: FilePath
    ) throws(Failure) {
        let location = repository.location
        let all = try git { () throws(GitError) in try location.worktrees() }
        let search = WorktreeSearch(all, currentDirectory: currentDirectory)
        var chosen: [WorktreeRecord] = []
        for name in names {
            let worktree = try search.worktree(named: name)
            guard Self.hasFiles(worktree) else {
                throw Failure(.refused, "\(worktree.path) has no files", hints: ["wt list"])
            }
            if !chosen.contains(worktree) { chosen.append(worktree) }
        }
        if names.isEmpty { chosen = all.filter(Self.hasFiles) }

        var places: [Place] = []
        var groups: [FilePath] = []
        var notes: [String] = []
        var seen: Set<FilePath> = []
        for worktree in chosen {
            do {
                let index = try repository.index(of: worktree)
                let manifests = index.paths(ofEntriesNamed: "Cargo.toml")
                let built = try Donor(worktree, manifests: manifests, environment: repository.environment)
                for workspace in built.workspaces {
                    guard let real = realPath(workspace.buildDirectory.path), seen.insert(real).inserted else {
                        continue
                    }
                    places.append(Place(worktree: worktree.path, buildDirectory: real))
                    groups.append(workspace.directory.appending(workspace.nestedName ?? "-"))
                }
            } catch {
                notes.append("\(worktree.path) was left out: \(error)")
            }
        }
        self.places = places
        self.notes = notes
        duplicates = Duplicates(zip(places, groups).map { ($0.buildDirectory, $1) })
    }

    /// Relinks. Nothing is thrown: what could not be done is in the report.
    public func run(isCancelled: () -> Bool = { false }) -> DedupeReport {
        var deduplicator = Deduplicator(duplicates)
        return deduplicator.run(isCancelled: isCancelled)
    }

    private static func hasFiles(_ worktree: WorktreeRecord) -> Bool {
        !worktree.isBare && worktree.pruneReason == nil
            && FileStatus.ifPresent(worktree.path)?.kind == .directory
    }
}

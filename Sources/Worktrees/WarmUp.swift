import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// Seeds a worktree whose files are in place from a donor, workspace by workspace.
struct WarmUp {
    let donor: Donor
    let recipient: FilePath
    let worktreeRoots: [FilePath]
    let sources: SourceState
    let copyLimit: Int64
    let environment: [String: String]

    /// The plans, one for each build directory of the donor, and what has to be said about the others. Writes nothing.
    /// For a recipient that does not exist yet (`--dry-run`) its build directory is where the donor's is.
    func plans() -> (plans: [SeedPlan], notes: [String]) {
        var plans: [SeedPlan] = []
        var notes: [String] = []
        var places: [FilePath: FilePath?] = [:]
        var planned: Set<FilePath> = []
        for workspace in donor.workspaces {
            let theirs = workspace.buildDirectory
            // Cargo is asked once for each workspace, however many build directories it has.
            let place = places[workspace.directory] ?? place(of: workspace, &notes)
            places[workspace.directory] = .some(place)
            // A build directory that several workspaces use is taken once.
            guard let place, planned.insert(theirs.path).inserted else { continue }
            let ours = theirs.nestedName.map { place.appending($0) } ?? place
            var from = CargoWorkspace(
                worktree: donor.worktree.path, directory: workspace.directory, buildDirectory: theirs.path,
                outermostBuildDirectory: theirs.outermostPath)
            from.otherDirectories = donor.workspaces.filter {
                $0.directory != workspace.directory
                    && (theirs.nestedName != nil || $0.buildDirectory.path == theirs.path)
            }.map(\.directory)
            plans.append(
                SeedPlan(
                    SeedRequest(
                        donor: from,
                        recipient: CargoWorkspace(
                            worktree: recipient, directory: workspace.directory, buildDirectory: ours,
                            outermostBuildDirectory: place),
                        worktreeRoots: worktreeRoots + [recipient], sources: sources, copyLimit: copyLimit)))
        }
        return (plans, notes)
    }

    /// The recipient's build directory, the outermost one; nil, and a note, where there is none to seed.
    private func place(of workspace: Donor.Workspace, _ notes: inout [String]) -> FilePath? {
        let root = recipient.appending(workspace.directory.components)
        let theirs = workspace.buildDirectory.outermostPath
        do throws(BuildDirectory.Failure) {
            let ours = try buildDirectory(of: workspace, at: root)
            if ours != theirs { return ours }
            let note =
                "all worktrees build in \(theirs): nothing to seed, but cargo makes them wait for each other, and one can "
                + "run what another has built"
            if !notes.contains(note) { notes.append(note) }
        } catch {
            notes.append("\(root) stays cold: \(error)")
        }
        return nil
    }

    private func buildDirectory(
        of workspace: Donor.Workspace, at root: FilePath
    ) throws(BuildDirectory.Failure) -> FilePath {
        if FileStatus.ifPresent(root) != nil {
            return try BuildDirectory(ofWorkspaceAt: root, environment: environment).path
        }
        let donorRoot = donor.worktree.path.appending(workspace.directory.components)
        var path = workspace.buildDirectory.outermostPath
        guard path.removePrefix(donorRoot) else { return path }
        return root.appending(path.components)
    }

    /// Carries the plans out, and then makes directory mtimes equal where listings are. `progress` gets units done and
    /// units in all.
    func run(
        progress: (Int, Int) -> Void, isCancelled: () -> Bool
    ) -> (report: SeedReport, notes: [String]) {
        let (plans, notes) = plans()
        let total = plans.reduce(0) { $0 + $1.taken.count }
        var report = SeedReport()
        var done = 0
        for plan in plans {
            report = report + Seeder(plan).run(progress: { progress(done + $0, total) }, isCancelled: isCancelled)
            done += plan.taken.count
        }
        let directories = Set(sources.identical.flatMap(Self.directoriesAbove))
        _ = SourceTimes.copyDirectoryTimes(directories, from: donor.worktree.path, to: recipient)
        return (report, notes)
    }

    private static func directoriesAbove(_ file: FilePath) -> [FilePath] {
        var directories: [FilePath] = []
        var directory = file.removingLastComponent()
        while !directory.isEmpty {
            directories.append(directory)
            directory.removeLastComponent()
        }
        return directories
    }
}

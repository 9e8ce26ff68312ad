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

    /// The plans, one for each workspace of the donor, and what has to be said about the others. Writes nothing. For a
    /// recipient that does not exist yet (`--dry-run`) its build directory is where the donor's is.
    func plans() -> (plans: [SeedPlan], notes: [String]) {
        var plans: [SeedPlan] = []
        var notes: [String] = []
        for workspace in donor.workspaces {
            let root = recipient.appending(workspace.directory.components)
            let theirs = workspace.buildDirectory.path
            let ours: FilePath
            do throws(BuildDirectory.Failure) {
                ours = try buildDirectory(of: workspace, at: root)
            } catch {
                notes.append("\(root) stays cold: \(error)")
                continue
            }
            guard ours != theirs else {
                notes.append(
                    "all worktrees build in \(theirs): nothing to seed, but cargo makes them wait for each other, and one "
                        + "can run what another has built")
                continue
            }
            plans.append(
                SeedPlan(
                    SeedRequest(
                        donor: CargoWorkspace(
                            worktree: donor.worktree.path, directory: workspace.directory, buildDirectory: theirs),
                        recipient: CargoWorkspace(
                            worktree: recipient, directory: workspace.directory, buildDirectory: ours),
                        worktreeRoots: worktreeRoots + [recipient], sources: sources, copyLimit: copyLimit)))
        }
        return (plans, notes)
    }

    private func buildDirectory(
        of workspace: Donor.Workspace, at root: FilePath
    ) throws(BuildDirectory.Failure) -> FilePath {
        if FileStatus.ifPresent(root) != nil {
            return try BuildDirectory(ofWorkspaceAt: root, environment: environment).path
        }
        let donorRoot = donor.worktree.path.appending(workspace.directory.components)
        var path = workspace.buildDirectory.path
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

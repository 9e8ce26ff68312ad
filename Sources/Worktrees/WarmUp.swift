import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// Seeds a worktree whose files are in place, workspace by workspace.
struct WarmUp {
    let donors: Donors
    let recipient: FilePath
    /// All worktrees, with the recipient or without it.
    let worktrees: [WorktreeRecord]
    let sources: SourceState
    /// Where identical files are.
    let directories: [FilePath]
    /// The recipient's `Cargo.toml` files, as far as they are known: for a recipient that is new.
    var manifests: [FilePath] = []
    let settings: Settings
    let environment: [String: String]
    /// Locks of cargo's that are held in the recipient.
    var locks: [FileLock] = []

    /// A workspace and one of its build directories, the same in all donors.
    private struct Key: Hashable {
        let directory: FilePath
        let nestedName: FilePath.Component?
    }

    private var roots: [FilePath] { worktrees.filter { !$0.isBare }.map(\.path) }

    /// Where git keeps what is the worktrees' own, as `HEAD`, if that is in none of them: in a bare repository, with
    /// `--separate-git-dir`, in a submodule's.
    private var gitDirectories: [FilePath] {
        let roots = roots
        return worktrees.map(\.gitDirectory).filter { directory in !roots.contains { directory.starts(with: $0) } }
            .flatMap { [$0, realPath($0) ?? $0] }
    }

    /// The plans, one for each build directory of the donors, and what has to be said about the others. Writes nothing.
    /// For a recipient that does not exist yet (`--dry-run`) its build directory is where the donor's is.
    func plans() -> (plans: [SeedPlan], notes: [String]) {
        let answer = allPlans()
        return (answer.plans, answer.notes)
    }

    /// `foreign`: whether cargo would find another worktree's units in one of the recipient's build directories.
    private func allPlans() -> (plans: [SeedPlan], notes: [String], foreign: Bool) {
        var plans: [SeedPlan] = []
        var notes: [String] = []
        var foreign = false
        let check = PlaceCheck(
            of: recipient, among: roots, donors: donors,
            directories: Set(donors.all.flatMap { $0.workspaces.map(\.directory) }), environment: environment)
        let ownPaths = roots + gitDirectories + [recipient]
        var places: [FilePath: FilePath?] = [:]
        var planned: Set<FilePath> = []
        var seen: Set<Key> = []
        for (donor, workspace) in donors.all.flatMap({ donor in donor.workspaces.map { (donor, $0) } }) {
            guard seen.insert(Key(directory: workspace.directory, nestedName: workspace.nestedName)).inserted else {
                continue
            }
            // Cargo is asked once for each workspace, however many build directories it has.
            let place = places[workspace.directory] ?? place(of: workspace, in: donor, check, &notes, &foreign)
            places[workspace.directory] = .some(place)
            // A build directory that several workspaces use is taken once.
            guard let place, planned.insert(workspace.buildDirectory.path).inserted else { continue }
            if let name = workspace.nestedName,
                let objection = check.objection(to: place.appending(name), isNew: sources.stamp == nil)
            {
                notes.append("\(recipient.appending(workspace.directory.components)) stays cold: \(objection)")
                foreign = foreign || PlaceCheck.isBuilt(place.appending(name))
                continue
            }
            let givers = donors.all.compactMap { $0.cargoWorkspace(like: workspace) }
            let isPrimary = givers.first?.worktree == donors.primary.worktree.path
            var request = SeedRequest(
                donor: isPrimary ? givers[0] : nothing(in: donors.primary, like: workspace, of: donor),
                recipient: CargoWorkspace(
                    worktree: recipient, directory: workspace.directory,
                    buildDirectory: workspace.nestedName.map { place.appending($0) } ?? place,
                    outermostBuildDirectory: place),
                worktreeRoots: ownPaths, sources: sources, copyLimit: settings.copyLimit)
            request.others = Array(givers.dropFirst(isPrimary ? 1 : 0))
            let root = FileStatus.ifPresent(request.recipient.root) != nil ? request.recipient.root : request.donor.root
            request.compiler = { CompilerVersion.current(inWorkspaceAt: root, environment: environment) }
            if FileStatus.ifPresent(request.recipient.buildDirectory) != nil {
                let tree = BuildTree(reading: request.recipient.buildDirectory)
                request.freshUnits = freshUnits(request.recipient, tree)
                request.recipientTree = tree
            }
            if sources.stamp != nil {
                let graph = BuildGraph(BuildTree(reading: request.donor.buildDirectory))
                request.outdatedUnits = outdatedUnits(request.donor, graph)
                request.donorGraph = graph
            }
            request.onlyDependencies = settings.seed == .deps
            request.sharing = Self.sharing(from: workspace.buildDirectory.path, to: request.recipient.buildDirectory)
            plans.append(SeedPlan(request))
        }
        return (plans, notes, foreign)
    }

    /// Units that a build in the recipient would leave alone.
    private func freshUnits(_ workspace: CargoWorkspace, _ tree: BuildTree) -> Set<FilePath> {
        guard !tree.units.isEmpty else { return [] }
        let forecast = FreshnessForecast(of: tree, workspace: workspace.root, environment: environment)
        return Set(zip(forecast.graph.units, forecast.reasons).compactMap { $1 == nil ? $0.hashFile : nil })
    }

    /// Units that a build in the donor would make anew beyond doubt, for their own sake or for what they depend on.
    private func outdatedUnits(_ workspace: CargoWorkspace, _ graph: BuildGraph) -> Set<FilePath> {
        let forecast = FreshnessForecast(of: graph, workspace: workspace.root, environment: environment)
        return Set(
            zip(forecast.graph.units, forecast.reasons).compactMap { $1?.isCertain == true ? $0.hashFile : nil })
    }

    /// What is left of the limit for copies depends on it. A file that cargo has written into every build directory is
    /// tried.
    private static func sharing(from donor: FilePath, to recipient: FilePath) -> SeedRequest.FileSystemSharing {
        SeedRequest.FileSystemSharing(
            links: areOnOneDevice(donor, recipient),
            clones: canShareBlocks(of: donor.appending(".rustc_info.json"), in: recipient))
    }

    /// A workspace that the primary donor has not built stands for its sources all the same: no unit of its own comes
    /// from there.
    private func nothing(in primary: Donor, like workspace: Donor.Workspace, of donor: Donor) -> CargoWorkspace {
        let root = primary.worktree.path.appending(workspace.directory.components)
        var path = workspace.buildDirectory.path
        if path.removePrefix(donor.worktree.path.appending(workspace.directory.components)) {
            path = root.appending(path.components)
        } else {
            path = root.appending("target")
        }
        return CargoWorkspace(
            worktree: primary.worktree.path, directory: workspace.directory, buildDirectory: path)
    }

    /// Carries the plans out, and then makes directory mtimes equal where listings are, in a recipient that is new. Where
    /// such a recipient is to build among another's units, nothing is seeded: `looksOld`, and its files must get a time at
    /// which none of these was made. `progress` gets units done and units in all.
    func run(
        progress: (Int, Int) -> Void, isCancelled: () -> Bool
    ) -> (report: SeedReport, notes: [String], looksOld: Bool) {
        let (plans, found, foreign) = allPlans()
        var notes = found
        var report = SeedReport()
        if sources.stamp == nil, foreign || isBuiltElsewhere {
            if !foreign || !plans.isEmpty {
                notes.append(
                    "nothing is seeded: cargo builds a workspace of \(recipient) where another worktree's units can be")
            }
            return (report, notes, true)
        }
        let total = plans.reduce(0) { $0 + $1.taken.count }
        var done = 0
        for plan in plans {
            let seeder = Seeder(plan, holding: locks)
            report = report + seeder.run(progress: { progress(done + $0, total) }, isCancelled: isCancelled)
            done += plan.taken.count
        }
        guard sources.stamp == nil else { return (report, notes, false) }
        _ = SourceTimes.copyDirectoryTimes(directories, from: donors.primary.worktree.path, to: recipient)
        return (report, notes, false)
    }
}

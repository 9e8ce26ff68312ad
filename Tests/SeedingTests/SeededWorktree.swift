import CargoCache
import FileTree
import Seeding
import SystemPackage
import TestSupport

/// A second worktree beside a built one, made by `git worktree add` and seeded by the engine alone, with the sources
/// compared byte by byte: what the engine is told here owes nothing to the code that uses it.
struct SeededWorktree {
    let workspace: SmallWorkspace
    let path: FilePath
    let request: SeedRequest
    let plan: SeedPlan
    let report: SeedReport

    /// Seeds a new worktree on `branch` (a new branch when it does not exist). `change` may alter the request before
    /// the plan is made, `meanwhile` the donor between the plan and its execution.
    init(
        from workspace: SmallWorkspace, branch: String = "topic", name: String = "seeded",
        change: (inout SeedRequest) throws -> Void = { _ in }, meanwhile: (SeedPlan) throws -> Void = { _ in }
    ) throws {
        self.workspace = workspace
        let since = FileTime.now()
        path = workspace.path.removingLastComponent().appending(name)
        let exists = try workspace.repository.attempt(["rev-parse", "--verify", "--quiet", branch]).status == 0
        if exists {
            try workspace.repository.git("worktree", "add", "--quiet", path.string, branch)
        } else {
            try workspace.repository.git("worktree", "add", "--quiet", "-b", branch, path.string)
        }
        let identical = try Self.syncSources(from: workspace, to: path)
        var request = SeedRequest(
            donor: CargoWorkspace(
                worktree: workspace.path, directory: "", buildDirectory: workspace.path.appending("target")),
            recipient: CargoWorkspace(worktree: path, directory: "", buildDirectory: path.appending("target")),
            worktreeRoots: [workspace.path, path],
            sources: SourceState(
                since: since,
                isComplete: try Self.tracked(in: workspace.path, workspace) == identical
                    && Self.tracked(in: path, workspace) == identical,
                isIdentical: { identical.contains($0) }))
        try change(&request)
        self.request = request
        plan = SeedPlan(request)
        try meanwhile(plan)
        report = Seeder(plan).run()
        let directories = Array(Set(identical.map { $0.removingLastComponent() }))
        _ = SourceTimes.copyDirectoryTimes(directories, from: workspace.path, to: path)
    }

    private static func syncSources(from workspace: SmallWorkspace, to path: FilePath) throws -> Set<FilePath> {
        var identical: Set<FilePath> = []
        for file in try tracked(in: path, workspace) {
            let theirs = workspace.path.pushing(file)
            guard let bytes = try? readFile(theirs), try bytes == readFile(path.pushing(file)) else { continue }
            try setModificationTime(of: path.pushing(file), to: FileStatus(theirs).mtime)
            identical.insert(file)
        }
        return identical
    }

    private static func tracked(in worktree: FilePath, _ workspace: SmallWorkspace) throws -> Set<FilePath> {
        let names = try workspace.repository.git("ls-files", in: worktree).split(separator: "\n")
        return Set(names.map { FilePath(String($0)) })
    }

    /// The reason for which a unit was left cold, by `package stem`.
    func reason(_ name: String) -> ColdReason? {
        report.cold.first { $0.name == name }?.reason
    }

    /// Names of the units that were left cold for a reason of their own.
    var coldByThemselves: Set<String> {
        Set(
            report.cold.filter { unit in
                if case .dependency = unit.reason { false } else { true }
            }.map(\.name))
    }
}

extension SmallWorkspace {
    /// A small workspace, built in the given layout with all targets.
    static func built(_ layout: TestSupport.Layout, in directory: TemporaryDirectory) throws -> SmallWorkspace {
        let workspace = try make(in: directory)
        try workspace.build(layout, ["--all-targets"])
        return workspace
    }
}

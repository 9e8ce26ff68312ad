import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

extension CleanPlan.Worktree {
    /// Looks at the build directories of one worktree.
    init(
        _ choice: CleanSelection.Choice, _ check: CleanCheck, _ options: CleanOptions,
        in repository: borrowing Repository
    ) {
        self.init(worktree: choice.worktree, reason: choice.reason, directories: [], left: [], check: check)
        left = choice.cache.outside.map { CleanPlan.Left(path: $0, reason: .outside) }
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
                    directories.append(directory)
                }
            } catch {
                left.append(CleanPlan.Left(path: path, reason: error.reason))
            }
        }
    }

    private struct Stop: Error {
        let reason: CleanRefusal
    }

    /// Nil where there is nothing to remove.
    private static func directory(
        _ path: FilePath, _ choice: CleanSelection.Choice, _ check: CleanCheck, _ options: CleanOptions,
        in repository: borrowing Repository
    ) throws(Stop) -> CleanPlan.Directory? {
        if let refusal = check.refusal(of: path) { throw Stop(reason: refusal) }
        guard let real = realPath(path), let identity = try? LastingIdentity(real),
            let contents = BuildContents(of: real)
        else { throw Stop(reason: .notCargo) }
        if BuildDirectory.isBusy(real) { throw Stop(reason: .busy) }
        var directory = CleanPlan.Directory(
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
            let manifests = try repository.index(of: worktree).paths(ofEntriesNamed: "Cargo.toml")
            donor = try Donor(worktree, manifests: manifests, environment: repository.environment)
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

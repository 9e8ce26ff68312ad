import CargoCache
import FileTree
import Git
import Seeding
import SystemPackage

/// What `wt clean` did.
public struct CleanResult: Sendable {
    /// The worktrees of the plan, with what was cleaned and what was left in the end.
    public internal(set) var worktrees: [CleanPlan.Worktree] = []
    /// What went, together; `exclusive` is free now, or as soon as the trash is empty.
    public internal(set) var usage = DiskUsage()
    /// What could not be removed, for people.
    public internal(set) var failures: [String] = []

    /// Whether anything went.
    public var isEmpty: Bool { worktrees.allSatisfy(\.directories.isEmpty) }
    /// Whether a build directory was left.
    public var hasLeft: Bool { worktrees.contains { !$0.left.isEmpty } }
}

extension CleanPlan {
    /// Cleans. Everything is looked at again first, and cargo is kept out until all is removed: a build that starts
    /// meanwhile waits, and finds an empty build directory. Whole directories go to the trash by a rename, and the caller
    /// has it emptied. Throws `Failure` when what goes cannot be measured; nothing was removed then.
    public func run(in repository: borrowing Repository) throws(Failure) -> CleanResult {
        let location = repository.location
        let all = try git { () throws(GitError) in try location.worktrees() }
        var result = CleanResult()
        var held: [LockedBuildDirectory] = []
        for planned in worktrees {
            var worktree = planned
            worktree.directories = []
            var check = planned.check
            check.worktrees = all
            for directory in planned.directories {
                switch LockedBuildDirectory.hold(directory, check) {
                case .success(let found):
                    guard !found.directory.paths.isEmpty else { continue }
                    worktree.directories.append(found.directory)
                    held.append(found)
                case .failure(let stop):
                    worktree.left.append(Left(path: directory.place, reason: stop.reason))
                }
            }
            result.worktrees.append(worktree)
        }
        let before: DiskUsage
        do throws(FileError) {
            before = try diskUsage(of: held.flatMap(\.directory.paths))
        } catch {
            throw Failure(.failed, "cannot measure what would be freed: \(error); nothing was removed")
        }
        let trash = Trash(of: location)
        for directory in held { result.failures += directory.remove(trash) }
        result.usage = before
        // What would not go is still there.
        if !result.failures.isEmpty, let rest = try? diskUsage(of: held.flatMap(\.directory.paths)) {
            result.usage.total -= rest.total
            result.usage.exclusive -= rest.exclusive
        }
        return result
    }
}

/// A build directory that cargo is kept out of, looked at again.
private struct LockedBuildDirectory {
    struct Stop: Error {
        let reason: CleanRefusal
    }

    private(set) var directory: CleanPlan.Directory
    private let contents: BuildContents
    private let locks: [FileLock]

    static func hold(_ planned: CleanPlan.Directory, _ check: CleanCheck) -> Result<LockedBuildDirectory, Stop> {
        if let refusal = check.refusal(of: planned.place) { return .failure(Stop(reason: refusal)) }
        guard let identity = try? LastingIdentity(planned.path), identity == planned.identity,
            let before = BuildContents(of: planned.path)
        else { return .failure(Stop(reason: .changed)) }
        guard let locks = before.lock() else {
            return .failure(Stop(reason: BuildDirectory.isBusy(planned.path) ? .busy : .unlockable))
        }
        // A profile directory that has appeared meanwhile is not locked, and somebody builds in it.
        guard let contents = BuildContents(of: planned.path), contents.profiles == before.profiles else {
            return .failure(Stop(reason: .busy))
        }
        var directory = planned
        if planned.workspaces.isEmpty {
            directory.take(contents)
        } else {
            directory.lookForStaleUnits()
        }
        directory.usage = (try? diskUsage(of: directory.paths)) ?? planned.usage
        return .success(LockedBuildDirectory(directory: directory, contents: contents, locks: locks))
    }

    /// Returns what could not be removed.
    func remove(_ trash: Trash) -> [String] {
        var failures: [String] = []
        func attempt(_ body: () throws(FileError) -> Void) {
            do throws(FileError) { try body() } catch { failures.append("\(error)") }
        }
        if directory.workspaces.isEmpty {
            for path in directory.paths {
                attempt { () throws(FileError) in
                    let isDirectory = try FileStatus.ofExisting(path)?.kind == .directory
                    if isDirectory, try trash.take(path) { return }
                    // On another file system it has to be deleted here, and out of cargo's sight: of a unit that is
                    // half gone the half that vouches for it could be left.
                    guard isDirectory else { return try removeTree(path) }
                    let aside = directory.path.appending(BuildContents.nameForRemoval())
                    try moveEntry(path, to: aside)
                    try removeTree(aside)
                }
                // A fingerprint that stays must not vouch for artifacts that are gone.
                if !failures.isEmpty { return failures }
            }
            contents.removeEmptyFrames(locks)
        } else {
            for (workspace, _) in directory.workspaces {
                for unit in directory.units where unit.buildDirectory == workspace.buildDirectory {
                    attempt { () throws(FileError) in try workspace.remove(unit) }
                }
            }
        }
        withExtendedLifetime(locks) {}
        return failures
    }
}

import FileTree
import Worktrees

/// `wt clean --json`, done or planned.
struct CleanJSON: Encodable {
    struct Unit: Encodable {
        let profile: String
        let package: String
        let version: String?
        let unit: String
        let reason: String
    }

    struct Directory: Encodable {
        let path: String
        /// What cleaning this one alone frees: not what only cleaned worktrees share.
        let bytesFreed: Int64
        let bytesShared: Int64
        /// Relative to the build directory: not cargo's, and still there.
        let kept: [String]
        /// With `--stale`, the units that went.
        let units: [Unit]

        init(_ directory: CleanPlan.Directory) {
            path = directory.path.string
            bytesFreed = directory.usage.exclusive
            bytesShared = directory.usage.shared
            kept = directory.kept.map(\.string)
            units = directory.units.map {
                Unit(
                    profile: $0.profile.string, package: $0.package, version: $0.version, unit: $0.stem,
                    reason: $0.reason.description)
            }
        }
    }

    struct Left: Encodable {
        let path: String
        let reason: String
    }

    struct Worktree: Encodable {
        let path: String
        let branch: String?
        /// Why it was selected; null where it was named.
        let reason: String?
        let directories: [Directory]
        let left: [Left]

        init(_ cleaned: CleanPlan.Worktree) {
            path = cleaned.worktree.path.string
            branch = cleaned.worktree.head.branch
            reason = cleaned.reason
            directories = cleaned.directories.map(Directory.init)
            left = cleaned.left.map { Left(path: $0.path.string, reason: $0.reason.description) }
        }
    }

    let version = 1
    let dryRun: Bool
    /// Of all worktrees together.
    let bytesFreed: Int64
    let bytesShared: Int64
    let worktrees: [Worktree]
    /// What could not be removed.
    let failures: [String]

    init(_ plan: CleanPlan) {
        self.init(dryRun: true, plan.usage, plan.worktrees, failures: [])
    }

    init(_ result: CleanResult) {
        self.init(dryRun: false, result.usage, result.worktrees, failures: result.failures)
    }

    private init(dryRun: Bool, _ usage: DiskUsage, _ worktrees: [CleanPlan.Worktree], failures: [String]) {
        self.dryRun = dryRun
        bytesFreed = usage.exclusive
        bytesShared = usage.shared
        self.worktrees = worktrees.map(Worktree.init)
        self.failures = failures
    }
}

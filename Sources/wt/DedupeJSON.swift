import FileTree
import Seeding
import SystemPackage
import Worktrees

/// `wt dedupe --json`, done or planned.
struct DedupeJSON: Encodable {
    struct Directory: Encodable {
        let worktree: String
        let path: String
        /// Names in it that are links to another file now, or would be.
        let files: Int
        /// Profile directories that were left alone because cargo was building in them.
        let busy: [String]
    }

    let version = 1
    let dryRun: Bool
    let bytesFreed: Int64
    /// Files that were left alone because they changed meanwhile.
    let changed: Int
    let directories: [Directory]
    let failures: [String]
    let notes: [String]

    init(_ plan: DedupePlan) {
        dryRun = true
        bytesFreed = plan.duplicates.bytes
        changed = 0
        directories = plan.places.enumerated().map { position, place in
            let files = plan.duplicates.found.flatMap(\.names).count { $0.place == position }
            return Directory(
                worktree: place.worktree.string, path: place.buildDirectory.string, files: files, busy: [])
        }
        failures = []
        notes = plan.notes
    }

    init(_ plan: DedupePlan, _ report: DedupeReport) {
        dryRun = false
        bytesFreed = report.freedBytes
        changed = report.changed
        directories = plan.places.enumerated().map { position, place in
            let busy = report.busy.filter { $0.place == position }.map(\.profile.string).sorted()
            return Directory(
                worktree: place.worktree.string, path: place.buildDirectory.string, files: report.relinked[position],
                busy: busy)
        }
        failures = report.failures.map(\.description)
        notes = plan.notes
    }
}

extension DedupePlan {
    /// Profile directories in which cargo was at work, absolute.
    func busyDirectories(_ report: DedupeReport) -> [String] {
        report.busy.map { places[$0.place].buildDirectory.appending($0.profile.components).string }.sorted()
    }
}

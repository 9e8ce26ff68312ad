import Seeding
import SystemPackage
import Terminal
import Worktrees

extension Story {
    /// What `wt new` did, in two lines, and one for each kind of unit that no seeding can take; with `-v` every unit that
    /// stays cold.
    func tell(_ result: NewResult) {
        for obstacle in result.obstacles { detail("git made the worktree, because \(obstacle)") }
        say("\(result.choice.description(at: result.commit.short)), in \(Elapsed(result.durations.checkout))")
        if let donor = result.donor {
            say(
                "seeded from \(donor): \(result.seed.units); \(result.seed.bytes), "
                    + "in \(Elapsed(result.durations.seeding))")
        } else if let reason = result.unseededReason {
            say("not seeded: \(reason)")
        }
        for limit in result.knownLimits { say("note: \(limit)") }
        for unit in result.seed.cold { detail("cold: \(unit.profile) \(unit.name): \(unit.reason)") }
        for note in result.notes { warn(note) }
        if let stopped = result.seed.stopped {
            warn("seeding stopped: \(stopped); the worktree is complete, only less warm")
        }
    }
}

extension BranchChoice {
    /// What is checked out, for example `new branch 'x' at 1a2b3c4`.
    func description(at commit: String) -> String {
        switch self {
        case .existing(let branch): "branch '\(branch)' at \(commit)"
        case .tracking(let branch, let remote): "new branch '\(branch)' at \(commit), following \(remote.remote)"
        case .created(let branch, _, let upstream):
            "new branch '\(branch)' at \(commit)" + (upstream.map { ", following \($0.remote)" } ?? "")
        case .detached: "detached at \(commit)"
        }
    }
}

extension SeedReport {
    /// For example `213 units linked, 40 copied, 20 left cold`.
    var units: String { unitCounts(linked: linkedUnits, copied: copiedUnits, cold: cold.count) }

    /// For example `580 MiB shared, 12 MiB written`.
    var bytes: String {
        let cloned = clonedBytes > 0 ? ", \(ByteCount(clonedBytes)) cloned" : ""
        return "\(ByteCount(sharedBytes)) shared, \(ByteCount(writtenBytes)) written\(cloned)"
    }
}

func unitCounts(linked: Int, copied: Int, cold: Int) -> String {
    "\(Plural(linked, "unit")) linked, \(copied) copied, \(cold) left cold"
}

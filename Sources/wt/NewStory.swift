import Seeding
import SystemPackage
import Terminal
import Worktrees

extension Story {
    /// What `wt new` did, in two lines and those of the seeding.
    func tell(_ result: NewResult) {
        for obstacle in result.obstacles { detail("git made the worktree, because \(obstacle)") }
        if !result.conversions.positions.isEmpty {
            let files = Plural(result.conversions.positions.count, "file")
            for reason in result.conversions.reasons { detail("git wrote \(files), because \(reason)") }
        }
        say("\(result.choice.description(at: result.commit.short)), in \(Elapsed(result.durations.checkout))")
        if let included = result.included { tell(included) }
        if !result.donors.isEmpty {
            tell(result.seed, from: result.donors, in: result.durations.seeding)
        } else if let reason = result.unseededReason {
            say("not seeded: \(reason)")
        }
        for note in result.notes { warn(note) }
        for hint in result.hints { self.hint(hint) }
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

import Seeding
import SystemPackage
import Terminal
import Worktrees

/// `wt new --dry-run`: the plan, as text or JSON.
struct NewPreview {
    let plan: NewPlan
    let seeds: [SeedPlan]
    let notes: [String]

    init(plan: NewPlan, seeds: [SeedPlan], notes: [String]) {
        self.plan = plan
        self.seeds = seeds
        self.notes = notes + KnownLimits.lines(of: seeds.flatMap(\.cold))
    }

    struct JSON: Encodable {
        struct Unit: Encodable {
            let profile: String
            let unit: String
            let action: String
            let reason: String?
            let bytesShared: Int64
            let bytesPrivate: Int64
        }

        let version = 1
        let dryRun = true
        let path: String
        let branch: String?
        let branchCreated: Bool
        let commit: String
        let native: Bool
        let gitReasons: [String]
        let donor: String?
        let skipped: String?
        let units: [Unit]
        let notes: [String]
    }

    var json: JSON {
        JSON(
            path: plan.path.string, branch: plan.choice.branch, branchCreated: plan.choice.isNew,
            commit: plan.commit.description, native: plan.isNative, gitReasons: plan.obstacles.map(\.reason),
            donor: plan.donor?.worktree.path.string, skipped: plan.unseededReason, units: seeds.flatMap(units),
            notes: notes)
    }

    private func units(of seed: SeedPlan) -> [JSON.Unit] {
        let taken = seed.taken.map { unit in
            JSON.Unit(
                profile: unit.unit.profile.string, unit: unit.unit.name, action: unit.isLinked ? "link" : "copy",
                reason: nil, bytesShared: unit.sharedBytes, bytesPrivate: unit.privateBytes)
        }
        let cold = seed.cold.map { unit in
            JSON.Unit(
                profile: unit.profile.string, unit: unit.name, action: "cold", reason: unit.reason.description,
                bytesShared: 0, bytesPrivate: 0)
        }
        return taken + cold
    }

    /// Prints the plan on standard output; with `verbose` one line for each unit.
    func print(verbose: Bool) {
        var lines = ["would create \(plan.path), \(plan.choice.description(at: plan.commit.short))"]
        lines += plan.obstacles.map { "would use git for it, because \($0)" }
        if let donor = plan.donor {
            let linked = seeds.reduce(0) { $0 + $1.linkedUnits }
            let copied = seeds.reduce(0) { $0 + $1.copiedUnits }
            let cold = seeds.reduce(0) { $0 + $1.cold.count }
            let shared = seeds.reduce(0) { $0 + $1.sharedBytes }
            let own = seeds.reduce(0) { $0 + $1.privateBytes }
            lines.append(
                "would seed from \(donor.worktree.path): \(unitCounts(linked: linked, copied: copied, cold: cold)); "
                    + "\(ByteCount(shared)) shared, \(ByteCount(own)) written")
        } else if let reason = plan.unseededReason {
            lines.append("would not seed: \(reason)")
        }
        if verbose {
            lines += json.units.map { unit in
                "\(unit.action): \(unit.profile) \(unit.unit)" + (unit.reason.map { ": \($0)" } ?? "")
            }
        }
        lines += notes.map { "note: \($0)" }
        for line in lines { writeLine(escapedForTerminal(line), to: .standardOutput) }
    }
}

import Seeding
import SystemPackage
import Terminal
import Worktrees

/// `wt new --dry-run`: the plan, as text or JSON.
struct NewPreview {
    let plan: NewPlan
    let included: IncludePlan?
    let seeds: [SeedPlan]
    let notes: [String]
    let hooks: HookPlan?

    init(plan: NewPlan, included: IncludePlan?, seeds: [SeedPlan], notes: [String], hooks: HookPlan?) {
        self.plan = plan
        self.included = included
        self.hooks = hooks
        self.seeds = seeds
        self.notes = notes + KnownLimits.lines(of: seeds.flatMap(\.cold))
    }

    struct JSON: Encodable {
        let version = 1
        let dryRun = true
        let path: String
        let branch: String?
        let branchCreated: Bool
        let commit: String
        let native: Bool
        let gitFiles: Int
        let gitReasons: [String]
        let seed: SeedJSON
        let include: IncludeJSON?
        let notes: [String]
        /// Left out where there are none.
        let hooks: [HookJSON]?
    }

    var json: JSON {
        JSON(
            path: plan.path.string, branch: plan.choice.branch, branchCreated: plan.choice.isNew,
            commit: plan.commit.description, native: plan.isNative,
            gitFiles: plan.conversions.positions.count,
            gitReasons: (plan.obstacles + plan.conversions.reasons).map(\.reason),
            seed: SeedJSON(
                seeds, donors: plan.donors?.givers(seeds) ?? [], skipped: plan.unseededReason),
            include: included.map(IncludeJSON.init), notes: notes, hooks: HookJSON.list(hooks.map { [$0] } ?? []))
    }

    /// Prints the plan on standard output; with `verbose` one line for each unit.
    func print(verbose: Bool) {
        var lines = ["would create \(plan.path), \(plan.choice.description(at: plan.commit.short))"]
        lines += plan.obstacles.map { "would use git for it, because \($0)" }
        if !plan.conversions.positions.isEmpty {
            let files = Plural(plan.conversions.positions.count, "file")
            lines += plan.conversions.reasons.map { "would have git write \(files), because \($0)" }
        }
        if let included { lines += included.previewLines }
        lines += json.seed.previewLines(of: seeds, verbose: verbose)
        lines += notes.map { "note: \($0)" } + (hooks?.previewLines ?? [])
        for line in lines { writeLine(escapedForTerminal(line), to: .standardOutput) }
    }
}

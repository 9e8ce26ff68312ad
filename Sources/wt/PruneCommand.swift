import ArgumentParser
import Terminal
import Worktrees

/// `wt prune`.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Forget worktrees whose directory is gone; with --merged, remove those that are done.",
        discussion: """
            A directory that cannot be seen counts as gone only when git's index says that it was on the same disk as \
            the directory above it, and when that one has changed since: a worktree on a volume that is not mounted \
            stays. Locked ones stay, and those with commits that are on no branch.

            With --merged, worktrees whose branch is merged into the default branch or its upstream (squashed and \
            rebased ones included) are removed with all that wt rm checks, and their branches with them. A branch on \
            which nothing was ever committed is not merged but new. Asks once on a terminal; elsewhere it takes --yes.
            """)

    @Flag(help: "Also worktrees whose work is merged and that are clean.")
    var merged = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var hooks: RemovalHookOptions

    @OptionGroup var deletion: DeletionOptions

    @OptionGroup var change: ChangeOptions

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.run { session throws(Failure) in
            if !change.dryRun { session.clearUp() }
            var plan = try PrunePlan(
                merged: merged, settings: session.settings, runsHooks: !hooks.noHooks, in: session.repository,
                currentDirectory: session.currentDirectory)
            for kept in plan.kept { session.story.say("kept \(kept.path): \(kept.reason)") }
            let asks = !change.dryRun && !yes && plan.removals.contains { !$0.isGone }
            if asks || change.dryRun || change.json || deletion.wait { try plan.measure() }
            if asks {
                let standing = plan.removals.filter { !$0.isGone }
                for removal in standing { session.story.say(removal.preview) }
                let question = "Remove \(Plural(standing.count, "worktree"))?"
                guard try session.story.confirm(question, toDo: "remove worktrees") else {
                    throw Failure(.refused, "nothing was removed")
                }
            }
            if plan.removals.isEmpty { session.story.say("nothing to prune") }
            return try session.remove(
                plan.removals, kept: plan.kept, isOld: asks, dryRun: change.dryRun, json: change.json,
                waiting: deletion.wait)
        }
    }
}

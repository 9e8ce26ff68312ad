import ArgumentParser

/// Options of every command that changes something.
struct ChangeOptions: ParsableArguments {
    @Flag(name: [.customShort("n"), .long], help: "Print what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Print the result as JSON.")
    var json = false
}

/// Options of the commands that remove worktrees.
struct RemovalHookOptions: ParsableArguments {
    @Flag(help: "Run none of wt's own hooks.")
    var noHooks = false
}

/// Options of the commands that leave a deletion behind them.
struct DeletionOptions: ParsableArguments {
    @Flag(help: "Return when all is deleted, not merely in the trash.")
    var wait = false
}

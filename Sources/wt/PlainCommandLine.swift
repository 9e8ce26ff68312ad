import ArgumentParser
import Worktrees

/// The command of a line of the kind that is typed all day: `wt list`, or `wt rm` and names. To set up a parser takes longer
/// than these commands themselves. Nil for every other line, all mistakes included: those are the parser's.
func plainCommand(_ arguments: [String]) -> (any ParsableCommand)? {
    let words = Array(arguments.dropFirst())
    switch arguments.first {
    case "list", "ls":
        let flags = ["--no-size", "--branches", "--json"]
        guard words.allSatisfy(flags.contains), Set(words).count == words.count else { return nil }
        return ListCommand(flags: Set(words))
    case "rm":
        guard !words.isEmpty, words.allSatisfy({ !$0.isEmpty && !$0.hasPrefix("-") }) else { return nil }
        return RemoveCommand(names: words)
    default: return nil
    }
}

// Each option as it is when it is not given. One that is left out here ends the program when it is asked for.

extension GlobalOptions {
    fileprivate static var plain: GlobalOptions {
        var options = GlobalOptions()
        options.directory = nil
        options.quiet = false
        options.verbose = false
        options.color = .auto
        return options
    }
}

extension ListCommand {
    fileprivate init(flags: Set<String>) {
        self.init()
        noSize = flags.contains("--no-size")
        branches = flags.contains("--branches")
        sort = .path
        json = flags.contains("--json")
        jsonSchema = false
        global = .plain
    }
}

extension RemoveCommand {
    fileprivate init(names: [String]) {
        self.init()
        worktrees = names
        force = 0
        keepBranch = false
        deleteBranch = false
        hooks = RemovalHookOptions()
        hooks.noHooks = false
        deletion = DeletionOptions()
        deletion.wait = false
        change = ChangeOptions()
        change.dryRun = false
        change.json = false
        global = .plain
    }
}

import ArgumentParser
import Worktrees

/// The command of a line of the kind that is typed all day: `wt list`, or `wt new`, `wt seed` and `wt rm` with names. To set
/// up a parser takes longer than some of these commands themselves. Nil for every other line, all mistakes included: those
/// are the parser's.
func plainCommand(_ arguments: [String]) -> (any ParsableCommand)? {
    let words = Array(arguments.dropFirst())
    let areNames = words.allSatisfy { !$0.isEmpty && !$0.hasPrefix("-") }
    switch arguments.first {
    case "new":
        guard areNames, 1...2 ~= words.count else { return nil }
        return NewCommand(branch: words[0], startPoint: words.count > 1 ? words[1] : nil)
    case "seed":
        guard areNames, words.count <= 1 else { return nil }
        return SeedCommand(worktree: words.first ?? "@")
    case "list", "ls":
        let flags = ["--no-size", "--branches", "--json"]
        guard words.allSatisfy(flags.contains), Set(words).count == words.count else { return nil }
        return ListCommand(flags: Set(words))
    case "rm":
        guard areNames, !words.isEmpty else { return nil }
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

extension ChangeOptions {
    fileprivate static var plain: ChangeOptions {
        var options = ChangeOptions()
        options.dryRun = false
        options.json = false
        return options
    }
}

extension NewCommand {
    fileprivate init(branch: String, startPoint: String?) {
        self.init()
        self.branch = branch
        self.startPoint = startPoint
        path = nil
        detach = false
        track = nil
        from = []
        noSeed = false
        noInclude = false
        noHooks = false
        command = nil
        lock = false
        reason = nil
        dryRun = false
        json = false
        global = .plain
    }
}

extension SeedCommand {
    fileprivate init(worktree: String) {
        self.init()
        self.worktree = worktree
        from = []
        change = .plain
        global = .plain
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
        change = .plain
        global = .plain
    }
}

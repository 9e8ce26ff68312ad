import ArgumentParser
import FileTree
import Git
import SystemPackage
import Terminal
import Worktrees

/// `wt switch`.
struct SwitchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Change into a worktree.",
        discussion: """
            Changes into the root of the worktree in a shell that has run eval "$(wt shell bash)", or the like for zsh or \
            fish; everywhere else, and where standard output is no terminal, prints its path: cd "$(wt switch feature-x)"

            Where there is no such worktree, asks whether to make it, as wt new does; --create makes it without asking.
            """,
        aliases: ["cd"])

    @Argument(
        help: "Branch, directory name or path; @ is the current worktree, ^ the main one, - the previous one.")
    var worktree: String

    @Flag(name: [.customShort("c"), .long], help: "Make the worktree if there is none.")
    var create = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        var isToBeMade = false
        try global.run { session throws(Failure) in
            let search = try session.search()
            let name = try session.worktreeName(worktree)
            if let found = try search.match(name) {
                try session.change(into: found)
            } else if create {
                isToBeMade = true
            } else {
                isToBeMade = try session.asksForNew(name)
            }
            return nil
        }
        guard isToBeMade else { return }
        var command = try NewCommand.parse(["--", worktree])
        command.global = global
        try command.run()
    }
}

extension Session {
    /// The worktrees, to find one among them. Throws `Failure`.
    func search() throws(Failure) -> WorktreeSearch {
        do throws(GitError) {
            return WorktreeSearch(try repository.location.worktrees(), currentDirectory: currentDirectory)
        } catch {
            throw Failure(error)
        }
    }

    /// The name to look a worktree up by: `-` stands for the path of the one that the shell was in before. Throws
    /// `Failure` when that is not known.
    func worktreeName(_ name: String) throws(Failure) -> String {
        guard name == "-" else { return name }
        let shell = ShellHandover.current
        guard shell.isIntegrated else {
            throw Failure(
                .refused, "only the shell knows the previous worktree, and it does not tell",
                hints: [integrationHint()])
        }
        guard let previous = try search().previous(shell.previousPlaces) else {
            throw Failure(.refused, "there is no previous worktree", hints: ["wt list"])
        }
        // A path that is not UTF-8 is no argument.
        let path = previous.path.string
        return FilePath(path) == previous.path ? path : previous.head.branch ?? path
    }

    /// The same for several.
    func worktreeNames(_ names: [String]) throws(Failure) -> [String] {
        try names.map { name throws(Failure) in try worktreeName(name) }
    }

    fileprivate func change(into worktree: WorktreeRecord) throws(Failure) {
        guard !worktree.isBare else {
            throw Failure(.refused, "the repository is bare: it has no main worktree", hints: ["wt list"])
        }
        guard FileStatus.ifPresent(worktree.path)?.kind == .directory else {
            throw Failure(
                .refused, "cannot change into \(worktree.path): there is no such directory",
                hints: ["wt prune   forgets worktrees whose directory is gone"])
        }
        let isShown = TerminalFacts.of(.standardOutput, [:]).isTerminal
        let shell = ShellHandover.current
        guard shell.isIntegrated else {
            write(worktree.path.bytes + [0x0a], to: .standardOutput)
            if isShown { story.hint(integrationHint()) }
            return
        }
        try story.go(to: worktree.path)
        if isShown {
            story.say(worktree.path.string)
        } else {
            write(worktree.path.bytes + [0x0a], to: .standardOutput)
        }
    }

    /// Asks whether to make the worktree. Throws `Failure` where nobody can be asked.
    fileprivate func asksForNew(_ name: String) throws(Failure) -> Bool {
        // A path, or what stands for a worktree that exists, is no branch.
        guard isValidBranchName(name) else { throw WorktreeSearch.missing(name) }
        guard Story.canAsk else { throw WorktreeSearch.missing(name, hints: ["wt new \(name)"]) }
        guard story.ask("There is no worktree '\(name)'. Create it?") else {
            throw Failure(.refused, "nothing was created")
        }
        return true
    }
}

extension Story {
    /// Has the shell change into `directory`. Throws `Failure` when it cannot be told.
    func go(to directory: FilePath) throws(Failure) {
        do throws(FileError) {
            try ShellHandover.current.go(to: directory)
        } catch {
            throw Failure(.failed, "cannot tell the shell to change into \(directory): \(error)")
        }
    }

    /// The same where that is not all that was asked for, and no reason to fail.
    func goIfPossible(to directory: FilePath) {
        do throws(Failure) { try go(to: directory) } catch { warn(error.message) }
    }
}

/// How the user's shell learns to follow.
private func integrationHint() -> String {
    let own = processEnvironment()["SHELL"].flatMap { FilePath($0).lastComponent?.string }
    let shell = own.flatMap(Shell.init) ?? .bash
    return "\(shell.setUp)   lets wt change the shell's directory"
}

import ArgumentParser
import FileTree
import Git
import SystemPackage
import Terminal
import Worktrees

/// `wt hook`.
struct AgentHookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Make and remove worktrees for an agent, as its hook.",
        discussion: """
            Reads what the agent says on standard input, does what wt new or wt rm does, and answers as the agent expects. \
            So the agent's own worktrees come warm, and none goes with work in it.

            For Claude Code, in .claude/settings.json or ~/.claude/settings.json:

              {
                "hooks": {
                  "WorktreeCreate": [
                    { "hooks": [{ "type": "command", "command": "wt hook claude-code" }] }
                  ],
                  "WorktreeRemove": [
                    { "hooks": [{ "type": "command", "command": "wt hook claude-code" }] }
                  ]
                }
              }

            A worktree that is called x gets the branch worktree-x, from HEAD whatever remotes have, and the place that \
            wt.path says. One that is there already is used again, and so is a local branch. A worktree with work in it stays, \
            whatever the agent says: exit code 1.
            """)

    @Argument(help: ArgumentHelp("The agent: claude-code.", valueName: "agent"))
    var agent: String

    @Flag(name: [.customShort("n"), .long], help: "Print what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let story = Story(global)
        do throws(Failure) {
            switch try request() {
            case .create(let name, let directory):
                try open(global.directory ?? directory?.string).create(name, self)
            case .remove(let path) where isGone(path): story.say("nothing to remove: \(path) is gone")
            case .remove(let path):
                // Not from within: the agent may run its hooks in the very worktree.
                let location = try open(path.string).repository.location
                let elsewhere = location.mainWorktree ?? location.commonDirectory
                changeDirectory(to: elsewhere)
                try open(elsewhere.string).remove(path, self)
            }
        } catch {
            story.failed(error)
            throw ExitStatus.of(error)
        }
    }

    private func request() throws(Failure) -> AgentRequest {
        guard agent == ClaudeCode.name else {
            throw Failure(.usage, "there is no hook for '\(agent)'", hints: ["the agents are: \(ClaudeCode.name)"])
        }
        return try ClaudeCode.request(try readInput())
    }

    /// Opens the repository around a directory; nil is the process's own.
    private func open(_ directory: String?) throws(Failure) -> Session {
        var options = global
        options.directory = directory
        return try Session(options, Story(global))
    }

    private func isGone(_ path: FilePath) -> Bool {
        do throws(FileError) { return try FileStatus.ofExisting(path) == nil } catch { return false }
    }
}

/// What an agent asks for.
enum AgentRequest {
    /// A worktree that is called so, seen from a directory.
    case create(name: String, from: FilePath?)
    /// No more of this worktree.
    case remove(FilePath)
}

extension Session {
    /// Makes the worktree, or finds it, and prints its path. What went wrong with the seeding is told and no more: by any
    /// status but 0 the agent would take it that there is no worktree.
    fileprivate func create(_ name: String, _ command: AgentHookCommand) throws(Failure) {
        if !command.dryRun { clearUp() }
        let branch = "worktree-\(name)"
        if let path = try existingWorktree(on: branch) {
            story.say("'\(branch)' is there already")
            try answer(path)
            return
        }
        var options = NewOptions(branch)
        // A remote's branch of that name is not what anybody has asked for.
        if repository.localBranch(branch) == nil { options.startPoint = "HEAD" }
        let plan = try NewPlan(
            options, in: repository, settings: settings, currentDirectory: currentDirectory)
        try refuseUnanswerable(plan.path)
        guard !command.dryRun else {
            let (included, said) = plan.includePlan()
            let (seeds, notes) = plan.preview(in: repository, with: included)
            NewPreview(
                plan: plan, included: included, seeds: seeds, notes: said + notes, hooks: plan.hooks(in: repository)
            ).print(verbose: story.isVerbose)
            return
        }
        Interruption.listen()
        let display = ProgressDisplay(isQuiet: command.global.quiet)
        defer { display.end() }
        let result = try plan.run(
            in: repository, progress: { display.show($0) }, isCancelled: { Interruption.isRequested })
        display.end()
        write(result.said, to: .standardError)
        guard result.isThere else {
            story.tell(result)
            throw Failure(.failed, "there is no worktree at \(result.path) any more")
        }
        try answer(result.path)
        story.tell(result)
    }

    /// Whoever asks twice, or by the name of an earlier session, gets the same worktree, as without a hook.
    private func existingWorktree(on branch: String) throws(Failure) -> FilePath? {
        let holders: [WorktreeRecord]
        do throws(GitError) {
            holders = try repository.location.branchHolders(of: branch).map(\.worktree).filter { !$0.isMain }
        } catch {
            throw Failure(error)
        }
        if let found = holders.first(where: { $0.backPointer == .consistent }) { return found.path }
        guard let gone = holders.first(where: { $0.backPointer == .worktreeMissing }) else { return nil }
        throw Failure(
            .refused, "'\(branch)' belongs to a worktree whose directory is gone: \(gone.path)",
            hints: [
                gone.isLocked
                    ? "it is locked: git worktree unlock \(gone.path), if it is not to come back"
                    : "wt prune   forgets worktrees whose directory is gone"
            ])
    }

    private func answer(_ path: FilePath) throws(Failure) {
        try refuseUnanswerable(path)
        write(path.bytes + [0x0a], to: .standardOutput)
    }

    /// The answer is a line, without the white space around it.
    private func refuseUnanswerable(_ path: FilePath) throws(Failure) {
        let bytes = path.bytes
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }), bytes.last != 0x20 else {
            throw Failure(
                .refused, "the path \(path) cannot be told to the agent", hints: ["set wt.path to another place"])
        }
    }

    /// Removes the worktree unless work would be lost.
    fileprivate func remove(_ path: FilePath, _ command: AgentHookCommand) throws(Failure) {
        if !command.dryRun { clearUp() }
        let settings = try settings
        var options = RemovalOptions(path.string)
        options.hooks = settings.hooks
        if settings.branchDelete == .never { options.branch = .neverDeleted }
        let plans = try RemovalPlan.plans(
            [options], measuring: command.dryRun, in: repository, currentDirectory: currentDirectory)
        _ = try remove(plans, dryRun: command.dryRun, json: false, waiting: false)
    }
}

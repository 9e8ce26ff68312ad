import ChildProcess
import SystemPackage
import Terminal
import Worktrees

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension HookPlan {
    /// What a dry run says.
    var previewLines: [String] {
        (problem.map { ["note: \($0)"] } ?? []) + untrusted.map { "would not run \($0), which you have not trusted" }
            + commands.map { "would run \($0)" }
    }
}

/// A command of a hook in the JSON of a dry run.
struct HookJSON: Encodable {
    let event: String
    let command: String
    /// Whether it comes from `.wtconfig`.
    let fromRepository: Bool
    /// Whether it would run.
    let runs: Bool

    private init(_ command: HookCommand, runs: Bool) {
        event = command.event.rawValue
        self.command = command.text
        fromRepository = command.isFromRepository
        self.runs = runs
    }

    /// All commands of the plans; nil when there are none.
    static func list(_ plans: [HookPlan]) -> [HookJSON]? {
        let all = plans.flatMap { plan in
            plan.untrusted.map { HookJSON($0, runs: false) } + plan.commands.map { HookJSON($0, runs: true) }
        }
        return all.isEmpty ? nil : all
    }
}

extension Session {
    /// Becomes the shell command that `wt new -x` was given, in the new worktree: the terminal, Ctrl-C and the exit status
    /// are its own. Where the user's shell is to follow, the command is a child instead: a Ctrl-C that ends it must not end
    /// the function that takes the shell there, as it does when wt dies of it. Throws `Failure` when there is no shell.
    func become(_ command: String, in result: NewResult) throws(Failure) -> Never {
        story.say("running in \(result.path): \(command)")
        let process = ChildProcess(
            "sh", ["-c", command], in: result.path, environment: result.environment(base: processEnvironment()))
        do throws(ChildProcess.Failure) {
            guard ShellHandover.current.isIntegrated else { try process.replaceCaller() }
            exit(try process.runInForeground(isCancelled: { Interruption.isRequested }))
        } catch {
            throw Failure(.failed, "the worktree is made, but \(error)")
        }
    }
}

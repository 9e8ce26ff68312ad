import ChildProcess
import Git
import SystemPackage

/// What a hook is about, for its environment.
public struct HookSubject: Sendable {
    let worktree: FilePath
    let branch: String?
    let commit: ObjectID?
    let mainWorktree: FilePath?
    var donor: FilePath?

    /// The variables that a command gets besides those that wt was started with. A branch's name is data: it is nowhere
    /// put into a command.
    public static let variables = [
        ("WT_EVENT", "post-new, pre-rm or post-rm"),
        ("WT_WORKTREE", "the worktree that was made, is about to be removed, or was removed"),
        ("WT_BRANCH", "its branch; not set where it has none"),
        ("WT_COMMIT", "its commit"),
        ("WT_MAIN_WORKTREE", "the main worktree; not set in a bare repository"),
        ("WT_DONOR", "of post-new: the worktree that units were taken from; not set where there is none"),
    ]

    /// The environment of a command: without the variables that would lead git to another worktree, as they do within
    /// git's own hooks, and without any of ours that a wt around this one has set. A path that is not UTF-8 is left out.
    func environment(_ event: HookEvent?, base: [String: String]) -> [String: String] {
        var environment = base.withoutRepositoryVariables
        let values = [
            event?.rawValue, worktree.exactString, branch, commit?.description, mainWorktree?.exactString,
            donor?.exactString,
        ]
        for ((name, _), value) in zip(Self.variables, values) { environment[name] = value }
        return environment
    }
}

extension HookPlan {
    /// Runs the commands in `directory`, each when the one before it has succeeded, with nothing to read and standard
    /// error for their words: standard output is for wt's own results. Once `isCancelled` says so, what runs is asked to
    /// end. Returns a message about the command that failed; nil when none has.
    func run(
        in directory: FilePath, about subject: HookSubject, environment: [String: String],
        isCancelled: () -> Bool = { false }
    ) -> String? {
        for command in commands {
            if isCancelled() { return "interrupted before \(command)" }
            let process = ChildProcess(
                "sh", ["-c", command.text], in: directory, environment: subject.environment(event, base: environment))
            do throws(ChildProcess.Failure) {
                let status = try process.runOnStandardError(isCancelled: isCancelled)
                if status != 0 { return "\(command) failed with status \(status)" }
            } catch {
                return "\(command) did not run: \(error)"
            }
        }
        return nil
    }
}

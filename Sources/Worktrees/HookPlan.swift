import Git
import SystemPackage

/// What runs at an event, and what does not for want of trust.
public struct HookPlan: Sendable {
    /// The event.
    public let event: HookEvent
    /// The commands that run, in this order: the repository's, then the user's own.
    public let commands: [HookCommand]
    /// The repository's commands that the user has not approved of.
    public let untrusted: [HookCommand]
    /// Why the repository's commands are not known, or not trusted, where something is wrong with a file.
    public let problem: String?

    /// Decides. `own` are the user's commands for all events; `team` is the `.wtconfig` of the worktree that the event is
    /// about.
    init(
        _ event: HookEvent, own: [HookEvent: [HookCommand]], team: Result<TeamConfiguration?, Failure>, trust: Trust
    ) {
        self.event = event
        var theirs: [HookCommand] = []
        var problem: String?
        do throws(Failure) {
            theirs = try team.get()?.commands(event) ?? []
        } catch {
            problem = "\(error.message), so its \(event.rawValue) commands are not known"
        }
        var isTrusted = false
        if let wanted = Trust.approvals(of: theirs).first {
            let (approvals, complaint) = trust.approvals()
            isTrusted = approvals.contains(wanted)
            problem = complaint
        }
        untrusted = isTrusted ? [] : theirs
        commands = (isTrusted ? theirs : []) + (own[event] ?? [])
        self.problem = problem
    }

    /// What the user should know before anything runs: each command that does not.
    var notes: [String] {
        let lines = untrusted.map { "not run: \($0.description), which you have not trusted" }
        return (problem.map { [$0] } ?? []) + lines
    }

    /// What to do about those, for the worktree at `path`, if it is still there.
    static func hint(_ path: FilePath?) -> String {
        "wt trust\(path.map { " \($0)" } ?? "")   shows such commands, and remembers that you trust them"
    }
}

extension HookCommand: CustomStringConvertible {
    /// For messages, for example `post-new 'make setup'`; of several lines the first.
    public var description: String {
        let lines = lines
        guard lines.count > 1 else { return "\(event.rawValue) '\(text)'" }
        let more = lines.count == 2 ? "1 more line" : "\(lines.count - 1) more lines"
        return "\(event.rawValue) '\(lines[0])' (and \(more))"
    }

    /// The lines of the text, as the shell sees them.
    public var lines: [String] {
        text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}

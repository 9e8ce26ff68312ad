import FileTree
import SystemPackage

/// Something that git has begun in a worktree and that waits for the user (wt-status.c).
public enum OperationInProgress: String, Hashable, Sendable, CaseIterable {
    case rebase, am, merge, cherryPick = "cherry-pick", revert, bisect
    /// `git notes merge` with conflicts, which are in the administrative directory (git-notes(1)).
    case notesMerge = "notes merge"

    /// All that the files in `gitDirectory` show; a bisect goes along with any other.
    static func all(in gitDirectory: FilePath) -> [OperationInProgress] {
        func has(_ name: FilePath) -> Bool { FileStatus.ifPresent(gitDirectory.pushing(name)) != nil }
        var found: [OperationInProgress] = []
        if has("rebase-merge") {
            found.append(.rebase)
        } else if has("rebase-apply") {
            found.append(has("rebase-apply/applying") ? .am : .rebase)
        }
        if has("MERGE_HEAD") { found.append(.merge) }
        let sequence = sequencerCommand(gitDirectory)
        if has("CHERRY_PICK_HEAD") || sequence == "pick" { found.append(.cherryPick) }
        if has("REVERT_HEAD") || sequence == "revert" { found.append(.revert) }
        if has("BISECT_LOG") { found.append(.bisect) }
        if has("NOTES_MERGE_REF") { found.append(.notesMerge) }
        return found
    }

    /// The first word of a cherry-pick or revert of several commits that was stopped between two of them
    /// (sequencer_get_last_command, sequencer.c).
    private static func sequencerCommand(_ gitDirectory: FilePath) -> String? {
        guard let todo = try? readFile(gitDirectory.pushing("sequencer/todo")) else { return nil }
        return todo.split(whereSeparator: { $0.isSpace }).first?.text
    }
}

/// A branch that a worktree keeps from being checked out elsewhere, or deleted.
public struct HeldBranch: Hashable, Sendable {
    /// Why it is held.
    public enum Reason: Hashable, Sendable {
        /// `HEAD` names it.
        case checkedOut
        /// A rebase will come back to it, or update it (`rebase --update-refs`).
        case rebase
        /// `git bisect reset` will come back to it.
        case bisect
    }

    /// The short name.
    public let branch: String
    /// Why it is held.
    public let reason: Reason

    /// All branches that the files in `gitDirectory` hold, `HEAD`'s first: what git looks at before it checks out or
    /// deletes one (prepare_checked_out_branches, branch.c).
    static func all(in gitDirectory: FilePath, head: Head) -> [HeldBranch] {
        func lines(_ name: FilePath) -> [String] {
            let bytes = (try? readFile(gitDirectory.pushing(name))) ?? []
            return bytes.split(separator: 0x0a).map(\.text)
        }
        func branch(_ text: String?) -> String? { text?.dropped(prefix: "refs/heads/") }

        var found: [HeldBranch] = []
        func hold(_ name: String?, _ reason: Reason) {
            if let name { found.append(HeldBranch(branch: name, reason: reason)) }
        }
        hold(head.branch, .checkedOut)
        hold(branch(lines("rebase-merge/head-name").first), .rebase)
        hold(branch(lines("rebase-apply/head-name").first), .rebase)
        // Three lines each: the reference, its value before, its value after.
        for (number, line) in lines("rebase-merge/update-refs").enumerated() where number % 3 == 0 {
            hold(branch(line), .rebase)
        }
        // The short name of the branch, or an id; written by `git bisect start`.
        if FileStatus.ifPresent(gitDirectory.appending("BISECT_LOG")) != nil,
            let start = lines("BISECT_START").first, ObjectID(hex: start) == nil
        {
            hold(branch(start) ?? start, .bisect)
        }
        return found
    }
}

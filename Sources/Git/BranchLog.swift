import FileTree
import SystemPackage

extension Repository {
    /// Whether the log of the branch `name` shows that something was ever committed on it, or is so old that its beginning
    /// has expired. False also without a log, as in a bare repository, and where it was only brought up to date: nothing
    /// shows then that it is not new.
    public func hasCommits(onBranch name: String) -> Bool {
        guard let log = try? readFile(location.logFile(ofBranch: name)), let first = log.split(separator: 0x0a).first
        else { return false }
        // The making of a branch is noted as coming from no commit at all; a renaming as coming from where it is.
        guard first.prefix(while: { $0 != 0x20 }).allSatisfy({ $0 == UInt8(ascii: "0") }) else { return true }
        return log.split(separator: 0x0a).contains { line in
            guard let tab = line.firstIndex(of: 0x09) else { return false }
            return Self.isCommitting(line[(tab + 1)...])
        }
    }

    /// Whether a reason that git notes is that of a new commit (builtin/commit.c, merge.c, am.c, sequencer.c). It is none to
    /// go forward to another branch, to be reset or rebased to it, or to be pulled from where nothing was missing.
    private static func isCommitting(_ reason: ArraySlice<UInt8>) -> Bool {
        let committing = ["commit", "cherry-pick", "revert", "am:", "am "]
        if committing.contains(where: { reason.starts(with: $0.utf8) }) { return true }
        let isMerge = ["merge ", "pull"].contains { reason.starts(with: $0.utf8) }
        return isMerge && reason.text.contains("Merge made by")
    }
}

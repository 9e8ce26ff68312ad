/// What `git status` says of a worktree, counted.
public struct WorkingTreeStatus: Hashable, Sendable {
    /// Paths whose index entry differs from `HEAD`.
    public var staged = 0
    /// Tracked paths whose file differs from the index, submodules with changes of any kind included.
    public var modified = 0
    /// Paths that are neither tracked nor ignored; a directory of them counts once.
    public var untracked = 0
    /// Paths with a merge conflict.
    public var conflicted = 0

    /// Nothing.
    public init() {}

    /// Whether there is nothing to lose; ignored files do not count.
    public var isClean: Bool { self == WorkingTreeStatus() }

    /// Reads `git status --porcelain=v2 -z` (git-status(1)); nil for a line that is none of its.
    init?(porcelain output: [UInt8]) {
        var records = output.split(separator: 0)[...]
        while let record = records.popFirst() {
            switch record.first {
            case UInt8(ascii: "1"), UInt8(ascii: "2"):
                guard record.count > 4 else { return nil }
                let codes = record.dropFirst(2).prefix(2)
                if codes.first != UInt8(ascii: ".") { staged += 1 }
                if codes.last != UInt8(ascii: ".") { modified += 1 }
                // A rename's old path is a record of its own.
                if record.first == UInt8(ascii: "2") { _ = records.popFirst() }
            case UInt8(ascii: "u"): conflicted += 1
            case UInt8(ascii: "?"): untracked += 1
            case UInt8(ascii: "#"), UInt8(ascii: "!"): continue
            default: return nil
            }
        }
    }
}

extension GitCommand {
    /// The status of the worktree that this command was made for (`GitCommand(worktree:environment:)`). Asks as
    /// `git worktree remove` does: submodules too, whatever is configured. Writes nothing. Throws `GitError`,
    /// also where git could not see everything.
    public func status() throws(GitError) -> WorkingTreeStatus {
        let outcome = try run([
            "status", "--porcelain=v2", "-z", "--untracked-files=normal", "--ignore-submodules=none",
        ])
        // git passes over what it cannot see, with a warning: clean is what it has seen, and there may be more.
        let warning = outcome.errorText.split(separator: "\n").lazy.compactMap { $0.dropped(prefix: "warning: ") }
            .first { $0.starts(withBytesOf: "could not open directory") }
        if let warning { throw GitError(.other, warning) }
        guard let status = WorkingTreeStatus(porcelain: outcome.output) else {
            throw GitError(.other, "the answer of git status in \(directory) was not understood")
        }
        return status
    }

    /// Brings the stat data in this worktree's index up to date (`git update-index --refresh`). Throws `GitError`;
    /// files that differ are no error.
    public func refreshIndex() throws(GitError) {
        try run(["update-index", "-q", "--refresh"], for: .write, accepting: [0, 1])
    }
}

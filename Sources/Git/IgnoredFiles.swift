import FileTree
import SystemPackage

/// Something that git ignores in a worktree.
public struct IgnoredEntry: Hashable, Sendable {
    /// Seen from the root of the worktree, without a slash behind.
    public let path: [UInt8]
    /// Whether it is a directory that is ignored as a whole, and so has no tracked file in it.
    public let isDirectory: Bool
}

extension GitCommand {
    /// What git ignores and does not track in the worktree that this command was made for: directories that a pattern
    /// matches are one entry, and files that are ignored in the others one each (`--ignored=matching`, git-status(1)). Such
    /// a directory can be a repository of its own. Writes nothing. Throws `GitError`.
    public func ignoredEntries() throws(GitError) -> [IgnoredEntry] {
        let outcome = try run([
            "status", "--porcelain", "-z", "--ignored=matching", "--untracked-files=all", "--no-renames",
            "--ignore-submodules=all",
        ])
        return outcome.output.split(separator: 0).compactMap { record in
            guard record.starts(with: "!! ".utf8) else { return nil }
            let isDirectory = record.last == UInt8(ascii: "/")
            return IgnoredEntry(
                path: Array(isDirectory ? record.dropFirst(3).dropLast() : record.dropFirst(3)),
                isDirectory: isDirectory)
        }
    }

    /// Those of the files, seen from the root of the worktree that this command was made for, that git would not ignore
    /// there if they existed (git-check-ignore(1)), or would leave to a submodule. A name that is not UTF-8 is one of them:
    /// git cannot be asked. Throws `GitError`.
    public func notIgnored(_ paths: [FilePath]) throws(GitError) -> Set<FilePath> {
        var open: Set<FilePath> = []
        var askable: [FilePath] = []
        for path in paths { if path.exactString == nil { open.insert(path) } else { askable.append(path) } }
        for start in stride(from: 0, to: askable.count, by: 500) {
            let some = askable[start..<min(start + 500, askable.count)]
            // Only counted, since names can be quoted in many ways. As a rule all of them are ignored.
            let outcome = try run(["check-ignore", "--"] + some.map { "./\($0)" }, accepting: Self.answers)
            if outcome.output.count(where: { $0 == 0x0a }) == some.count { continue }
            for path in some {
                let one = try run(["check-ignore", "--quiet", "--", "./\(path)"], accepting: Self.answers)
                if one.status == 1 || one.status == 128 && one.errorText.contains("in submodule") { open.insert(path) }
            }
        }
        return open
    }

    /// 128: git does not look behind a symlink, through which nothing is copied either, nor into a submodule
    /// (`die_path_inside_submodule`, pathspec.c).
    private static let answers: Set<Int32> = [0, 1, 128]
}

import FileTree
import Git
import SystemPackage

/// What a new worktree got of the files that git ignores.
public struct Included: Sendable {
    /// The root of the worktree that they come from.
    public let source: FilePath
    /// The files that were copied.
    public var files: [IncludePlan.File] = []
    /// What was left out, and why.
    public var leftOut: [IncludePlan.LeftOut] = []
    /// What went wrong.
    public var failures: [String] = []
    /// Files whose bytes and mtimes certainly are those of the source.
    var identical: Set<FilePath> = []

    /// The bytes of all that was copied.
    public var bytes: Int64 { files.reduce(0) { $0 + $1.size } }
}

extension IncludePlan {
    /// Copies the files into the worktree at `root`: by reflink where the file systems can, else byte by byte, each with
    /// its mode and mtime, and with no more permissions at any moment; never as a hard link, since both sides go on being
    /// written. Nothing is overwritten. No symlink is followed on either side, so that a commit that has one in the place of
    /// a directory gets nothing through it. A file that git would not ignore there is left out: the next `git add` would
    /// take it. What goes wrong with one file does not keep the others.
    /// `keepsTimes`: each file keeps its mtime; else it is from now on. Units that are seeded besides were made from another
    /// worktree's files, and cargo knows of a change by the mtime alone.
    func copy(
        to root: FilePath, environment: [String: String], keepsTimes: Bool = true, isCancelled: () -> Bool
    ) -> Included {
        var result = Included(source: source)
        result.leftOut = leftOut
        do {
            let open = try GitCommand(worktree: root, environment: environment).notIgnored(files.map(\.path))
            var copy = try IncludeCopying(from: source, to: root, keepsTimes: keepsTimes, result)
            for file in files where !isCancelled() {
                if open.contains(file.path), !copy.exists(file.path) {
                    copy.refuse(file)
                } else {
                    copy.take(file, isCancelled)
                }
                if copy.isFull { break }
            }
            result = copy.finish()
        } catch let error as GitError {
            result.failures.append("no file that git ignores was copied: \(error.message)")
        } catch {
            result.failures.append("no file that git ignores was copied: \(error)")
        }
        if isCancelled() { result.failures.append("interrupted: not all files that git ignores were copied") }
        return result
    }
}

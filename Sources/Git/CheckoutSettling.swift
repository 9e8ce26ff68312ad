import FileTree
import SystemPackage

extension Checkout {
    /// Looks at the entries that somebody else has written by now: a file with the same bytes and executable bit as the
    /// source's gets its mtime, with `givesTimes`. What the source's file was made from does not matter then.
    public func settle(_ positions: [Int], of written: inout [Written], in root: FilePath) {
        let (tree, source) = (self.tree, self.source)
        let settled = positions.concurrentMap { position -> Written in
            let path = tree.paths.path(position)
            let ours = root.appending(path.components)
            var result = Written(status: FileStatus.ifPresent(ours))
            guard let source, source.candidates[position], let mode = result.status?.mode,
                let theirs = statusIfEqual(source.root.appending(path.components), ours),
                theirs.mode & 0o100 == mode & 0o100
            else { return result }
            if source.givesTimes {
                guard (try? setModificationTime(of: ours, to: theirs.mtime)) != nil else { return result }
                result.status = FileStatus.ifPresent(ours)
            }
            result.isSameInSource = true
            return result
        }
        for (position, result) in zip(positions, settled) { written[position] = result }
    }
}

/// The status of `theirs`, when both are regular files with the same bytes and the first did not change meanwhile.
private func statusIfEqual(_ theirs: FilePath, _ ours: FilePath) -> FileStatus? {
    guard let before = FileStatus.ifPresent(theirs), let own = FileStatus.ifPresent(ours),
        before.kind == .file, own.kind == .file, before.size == own.size,
        let bytes = try? readFile(theirs), let ownBytes = try? readFile(ours), bytes == ownBytes,
        let after = FileStatus.ifPresent(theirs), after.inode == before.inode, after.isUnchanged(since: before)
    else { return nil }
    return before
}

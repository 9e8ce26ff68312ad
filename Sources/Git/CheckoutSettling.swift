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
            guard let source, source.candidates[position],
                let theirs = statusIfEqual(source.root.appending(path.components), ours)
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

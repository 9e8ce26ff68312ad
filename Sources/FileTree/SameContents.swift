import SystemPackage

/// The status of `theirs`, from before it was read, when both are regular files with the same bytes and executable bit,
/// or symlinks with the same text, and it did not change meanwhile; else nil. Symlinks are not followed.
public func statusIfEqual(_ theirs: FilePath, _ ours: FilePath) -> FileStatus? {
    guard let before = FileStatus.ifPresent(theirs), let own = FileStatus.ifPresent(ours), before.kind == own.kind,
        before.size == own.size, haveSameContents(theirs, ours, before, own),
        let after = FileStatus.ifPresent(theirs), after.inode == before.inode, after.isUnchanged(since: before)
    else { return nil }
    return before
}

private func haveSameContents(_ theirs: FilePath, _ ours: FilePath, _ before: FileStatus, _ own: FileStatus) -> Bool {
    switch before.kind {
    case .file:
        guard before.mode & 0o100 == own.mode & 0o100, let bytes = try? readFile(theirs) else { return false }
        return (try? readFile(ours)) == bytes
    case .symlink:
        guard let text = try? symlinkTarget(theirs) else { return false }
        return (try? symlinkTarget(ours)) == text
    case .directory, .other: return false
    }
}

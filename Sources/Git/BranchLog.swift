import FileTree
import SystemPackage

extension Repository {
    /// Whether the log of the branch `name` shows that it ever came to another commit than the one it was made at, or is
    /// so old that its beginning has expired. False also without a log, as in a bare repository: nothing shows then that
    /// it is not new.
    public func hasMoved(branch name: String) -> Bool {
        guard let log = try? readFile(location.logFile(ofBranch: name)), let first = log.split(separator: 0x0a).first
        else { return false }
        func ids(_ line: ArraySlice<UInt8>) -> (old: ObjectID?, new: ObjectID?) {
            let words = line.split(separator: 0x20, maxSplits: 2)
            guard words.count == 3 else { return (nil, nil) }
            return (ObjectID(hex: words[0].text), ObjectID(hex: words[1].text))
        }
        // The making of a branch is noted as coming from no commit at all; a renaming as coming from where it is.
        guard let made = ids(first).new, ids(first).old?.isZero == true else { return true }
        return log.split(separator: 0x0a).contains { ids($0).new != made }
    }
}

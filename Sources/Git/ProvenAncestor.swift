import FileTree
import SystemPackage

extension Repository {
    /// Whether `ancestor` is `descendant`, or is met on the way back from it along the parents that the commits themselves
    /// name: then git says so too. `false` proves nothing: the way may be longer than is looked at here, or git may see
    /// other parents than those that are stored.
    public func isProvenAncestor(_ ancestor: ObjectID, of descendant: ObjectID) -> Bool {
        guard refusal == nil, !rewritesObjects,
            FileStatus.ifPresent(location.commonDirectory.appending("shallow")) == nil
        else { return false }
        let objects = ObjectReader(location.commonDirectory.appending("objects"))
        // git complains of a commit that is not there.
        guard let end = objects.links(of: ancestor) else { return false }
        var met: Set<ObjectID> = [descendant]
        var waiting = [descendant][...]
        while let next = waiting.popFirst(), met.count <= Self.farthest {
            if next == ancestor { return true }
            // As a rule no commit is dated before its ancestors, so that nothing older leads there.
            guard let links = objects.links(of: next), links.date >= end.date else { continue }
            waiting += links.parents.filter { met.insert($0).inserted }
        }
        return false
    }

    /// How many commits are looked at before git is asked, which has an index of the whole history: as many as take less
    /// time than it takes to start git.
    private static var farthest: Int { 100 }
}

extension ObjectReader {
    /// The parents of a commit, and when it was committed, in seconds; nil when there is no such commit here, or it is
    /// not written as git writes it (parse_commit_buffer, commit.c).
    func links(of commit: ObjectID) -> (parents: [ObjectID], date: Int)? {
        header(of: commit) { bytes in
            var parents: [ObjectID] = []
            for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
                if line.starts(with: "parent ".utf8) {
                    guard let parent = ObjectID(hex: line.dropFirst(7).text) else { return nil }
                    parents.append(parent)
                } else if line.starts(with: "committer ".utf8) {
                    let words = line.split(separator: 0x20)
                    guard words.count > 2, let date = Int(words[words.count - 2].text) else { return nil }
                    return (parents, date)
                } else if line.isEmpty {
                    return nil
                }
            }
            return nil
        }
    }
}

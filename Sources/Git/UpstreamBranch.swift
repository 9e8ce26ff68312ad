/// The branch that a local branch follows.
public struct UpstreamBranch: Hashable, Sendable {
    /// The reference in full: `refs/remotes/origin/main`, or `refs/heads/main` for a branch that follows a local one.
    public let referenceName: String
    /// Its commit; nil when the reference is gone, because the remote branch was deleted and the deletion fetched, for
    /// example.
    public let commit: ObjectID?

    /// As people write it: `origin/main`.
    public var shortName: String {
        for prefix in ["refs/heads/", "refs/remotes/"] {
            if let name = referenceName.dropped(prefix: prefix) { return name }
        }
        return referenceName
    }
}

extension Repository {
    /// What `branch.<name>.remote` and `branch.<name>.merge` say (branch_get_upstream, remote.c), as `git for-each-ref`
    /// shows it for `%(upstream)`; nil when the branch follows none, or one that the remote's refspecs do not fetch.
    public func upstream(of branch: String) -> UpstreamBranch? {
        guard let remote = configuration.string(forKey: "branch.\(branch).remote"), !remote.isEmpty,
            let merge = configuration.strings(forKey: "branch.\(branch).merge").first, !merge.isEmpty
        else { return nil }
        let name: String?
        if remote == "." {
            // A short name is looked for (dwim_ref, refs.c); git writes full ones.
            name = merge.starts(withBytesOf: "refs/") ? merge : "refs/heads/\(merge)"
        } else {
            name = trackingName(of: merge, remote: remote)
        }
        return name.map { UpstreamBranch(referenceName: $0, commit: references.id(of: $0)) }
    }

    /// The branch that `refs/remotes/<remote>/HEAD` names, without the remote; nil when there is no such reference.
    public func defaultBranch(of remote: String) -> String? {
        references.target(ofSymbolic: "refs/remotes/\(remote)/HEAD")?.dropped(prefix: "refs/remotes/\(remote)/")
    }
}

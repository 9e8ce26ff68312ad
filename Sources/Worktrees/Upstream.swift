import Git

/// What a new branch follows. `git branch` decides and writes it; this foresees it, for what is said of the branch.
enum Upstream {
    /// The remote branch that a new branch from `startPoint` will follow, where that is a remote-tracking branch.
    static func of(
        _ startPoint: String, for branch: String, track: Bool?, in repository: borrowing Repository
    ) -> RemoteBranch? {
        var name = startPoint[...]
        for prefix in ["refs/remotes/", "remotes/"] where name.hasPrefix(prefix) { name = name.dropFirst(prefix.count) }
        guard let remote = remoteBranch(name, in: repository) ?? remoteBranch(name + "/HEAD", in: repository),
            isFollowed(remote, branch, track, in: repository)
        else { return nil }
        return remote
    }

    /// Whether git lets a new branch that starts at a remote branch follow it (setup_tracking, branch.c).
    static func isFollowed(
        _ remote: RemoteBranch, _ branch: String, _ track: Bool?, in repository: borrowing Repository
    ) -> Bool {
        if let track { return track }
        let configuration = repository.configuration
        switch configuration.string(forKey: "branch.autoSetupMerge")?.lowercased() {
        case "inherit": return false
        case "simple": return remote.referenceName.hasSuffix("/\(branch)")
        case "always": return true
        default: return (try? configuration.bool(forKey: "branch.autoSetupMerge")) != false
        }
    }

    /// The remote branch that `<remote>/<branch>` names.
    static func remoteBranch(_ name: Substring, in repository: borrowing Repository) -> RemoteBranch? {
        // A remote's name may contain slashes, so every split is tried.
        for slash in name.indices where name[slash] == "/" {
            let branch = String(name[name.index(after: slash)...])
            let reference = "refs/remotes/\(name)"
            if let found = repository.allRemoteBranches(named: branch).first(where: { $0.referenceName == reference }) {
                return found
            }
        }
        return nil
    }
}

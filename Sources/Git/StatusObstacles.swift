import FileTree

extension Repository {
    /// What makes git's own status of every worktree of this repository differ, or might, from one that is worked out from
    /// the index and the files; nil when nothing does. Settings that git does not know as booleans count too.
    func statusObstacle() -> Obstacle? {
        if let refusal { return refusal }
        if rewritesObjects {
            return Obstacle(.repositoryFile("refs/replace"), "objects are replaced (git replace, grafts)")
        }
        return settingObstacle() ?? pathObstacle() ?? includeObstacles(besides: ["core.excludesfile"]).first
    }

    private func settingObstacle() -> Obstacle? {
        let yes: Set = ["", "true", "yes", "on", "1"]
        let no: Set = ["false", "no", "off", "0"]
        // Each with the values that mean what is worked out here: how names and modes are compared, which stat data count
        // (a stricter comparison would read every file each time), what else decides which files are looked at.
        let settings: [(key: String, plain: Set<String>)] = [
            ("core.fileMode", yes), ("core.symlinks", yes), ("core.trustCtime", yes), ("core.ignoreCase", no),
            ("core.precomposeUnicode", no), ("core.sparseCheckout", no), ("core.fsmonitor", no),
            ("core.checkStat", ["default"]),
        ]
        for (key, plain) in settings {
            guard let value = configuration.string(forKey: key)?.lowercased(), !plain.contains(value) else { continue }
            return Obstacle(.configuration(key), "\(key) is '\(value)'")
        }
        for key in ["core.worktree", "attr.tree"] where configuration.string(forKey: key) != nil {
            return Obstacle(.configuration(key), "\(key) is set")
        }
        return nil
    }

    /// A path that git would look for in another place: relative to each worktree, in a user's home, in its own place.
    private func pathObstacle() -> Obstacle? {
        guard let text = configuration.string(forKey: "core.attributesFile"), !text.isEmpty else { return nil }
        guard configuration.path(forKey: "core.attributesFile")?.isAbsolute != true else { return nil }
        return Obstacle(.configuration("core.attributesFile"), "core.attributesFile is '\(text)'")
    }
}

extension Repository {
    /// What lets git write an index that is not the plain one that `IndexWriter` writes: another version or more
    /// extensions (repo-settings.c; do_write_index, read-cache.c), or other words in the log that goes with it
    /// (set_reflog_message, builtin/reset.c).
    func indexObstacles() -> [Obstacle] {
        var found: [Obstacle] = []
        func add(_ key: String, _ plain: Set<String>) {
            guard let value = configuration.string(forKey: key)?.lowercased(), !plain.contains(value) else { return }
            found.append(Obstacle(.configuration(key), "the index has another format (\(key) is '\(value)')"))
        }
        let no: Set = ["false", "no", "off", "0"]
        add("index.version", ["2"])
        add("index.threads", ["1"])
        add("core.untrackedCache", no.union(["keep"]))
        let switches = [
            "feature.manyFiles", "core.fsmonitor", "index.recordEndOfIndexEntries", "index.recordOffsetTable",
            "index.skipHash",
        ]
        for key in switches { add(key, no) }
        for name in ["GIT_INDEX_VERSION", "GIT_REFLOG_ACTION"] where environment[name] != nil {
            found.append(Obstacle(.environment(name), "the environment variable \(name) is set"))
        }
        return found
    }
}

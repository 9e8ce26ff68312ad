import CLibGit2
import FileTree
import SystemPackage

extension Repository {
    /// Files that the configuration includes for some branches or git directories only, and that might change what a
    /// checkout writes. Whether such a condition holds in the new worktree is not known before there is one, and
    /// `configuration` is that of another. `besides` are keys that matter to the caller though not to a checkout.
    func includeObstacles(besides: Set<String> = []) -> [Obstacle] {
        configuration.keys(withPrefix: "includeif.").compactMap { key in
            guard key.hasSuffix(".path") else { return nil }
            for value in configuration.strings(forKey: key) {
                for file in filesMeant(by: value) {
                    guard let name = firstKeyOfConsequence(in: file, besides) else { continue }
                    return Obstacle(.configuration(key), "\(file), which sets \(name), is included on a condition")
                }
            }
            return nil
        }
    }

    /// A relative path is relative to the file that it stands in, which is not known here; so all of them are tried.
    private func filesMeant(by value: String) -> [FilePath] {
        let home = environment["HOME"].map { FilePath($0) }
        if value.hasPrefix("~/"), let home { return [home.pushing(FilePath(String(value.dropFirst(2))))] }
        let path = FilePath(value)
        var places = [location.commonDirectory, "/etc"]
        if let home { places.append(home) }
        if let directory = xdgDirectory(environment) { places.append(directory) }
        for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            if let file = environment[name] { places.append(FilePath(file).removingLastComponent()) }
        }
        return places.map { path.resolved(from: $0) }
    }

    /// The first key that is not known to be without influence on a checkout; nil when there is none, or no such file.
    private func firstKeyOfConsequence(in file: FilePath, _ besides: Set<String>) -> String? {
        guard FileStatus.ifPresent(realPath(file) ?? file)?.kind == .file else { return nil }
        var handle: OpaquePointer?
        var iterator: OpaquePointer?
        guard file.withPlatformString({ git_config_open_ondisk(&handle, $0) }) == 0 else { return "what is unreadable" }
        defer { git_config_free(handle) }
        guard git_config_iterator_new(&iterator, handle) == 0 else { return "what is unreadable" }
        defer { git_config_iterator_free(iterator) }
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let name = entry?.pointee.name {
            let key = String(cString: name)
            if besides.contains(key) || !Self.isHarmless(key) { return key }
        }
        return nil
    }

    /// Who commits, how it is signed, shown and sent.
    private static func isHarmless(_ key: String) -> Bool {
        let sections = [
            "user", "author", "committer", "commit", "tag", "gpg", "credential", "url", "http", "https", "ssh",
            "sendemail", "alias", "color", "pager", "diff", "difftool", "mergetool", "push", "pull", "fetch", "rebase",
            "github", "gitlab", "init", "help", "log", "format", "sequence", "status", "column", "advice", "branch",
        ]
        let keys = [
            "core.sshcommand", "core.editor", "core.pager", "core.askpass", "core.excludesfile", "core.abbrev",
            "core.commentchar", "core.whitespace", "core.gitproxy", "core.hookspath", "core.quotepath",
        ]
        return keys.contains(key) || sections.contains { key.hasPrefix($0 + ".") }
    }
}

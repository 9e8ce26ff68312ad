import CLibGit2
import FileTree
import SystemPackage

/// Reads the configuration through libgit2, from the files that git would read in `environment`: libgit2's own choice
/// of files follows the process environment and knows neither `GIT_CONFIG_GLOBAL` nor `GIT_CONFIG_NOSYSTEM`.
struct NativeConfiguration {
    let commonDirectory: FilePath
    let environment: [String: String]
    /// Whether wt's own keys in the repository's file count.
    let isOwnTrusted: Bool

    /// The configuration as one value. Throws `GitError` when a file is malformed.
    func load(_ repository: OpaquePointer) throws(GitError) -> Configuration {
        var handle: OpaquePointer?
        try Libgit2.call("read the configuration") { git_config_new(&handle) }
        defer { git_config_free(handle) }
        let files = filesPresent
        for (path, level) in files {
            try Libgit2.call("read \(path)") {
                path.withPlatformString { git_config_add_file_ondisk(handle, $0, level, repository, 0) }
            }
        }
        return try entries(of: handle, from: files)
    }

    private func entries(
        of handle: OpaquePointer?, from files: [(path: FilePath, level: git_config_level_t)]
    ) throws(GitError) -> Configuration {
        var snapshot: OpaquePointer?
        var iterator: OpaquePointer?
        try Libgit2.call("read the configuration") { git_config_snapshot(&snapshot, handle) }
        defer { git_config_free(snapshot) }
        try Libgit2.call("read the configuration") { git_config_iterator_new(&iterator, snapshot) }
        defer { git_config_iterator_free(iterator) }
        var configuration = Configuration(home: environment["HOME"].map { FilePath($0) })
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let name = entry?.pointee.name {
            let value = entry?.pointee.value.map { bytes(of: $0) }
            let key = String(cString: name)
            if !isOwnTrusted, key.hasPrefix("wt."), entry?.pointee.level == GIT_CONFIG_LEVEL_LOCAL {
                configuration.disregard(key: key)
                continue
            }
            var origin: String?
            if key.hasPrefix("wt."), let entry = entry?.pointee {
                origin = files.last { $0.level == entry.level }?.path.string
                if entry.include_depth > 0 { origin = origin.map { "included by \($0)" } }
            }
            configuration.append(key: key, value: value, origin: origin)
        }
        return configuration
    }

    /// do_git_config_sequence (config.c): system, XDG, home, repository; the last one wins.
    private var filesPresent: [(path: FilePath, level: git_config_level_t)] {
        var files: [(path: FilePath, level: git_config_level_t)] = []
        if let system = systemFile { files.append((system, GIT_CONFIG_LEVEL_SYSTEM)) }
        if let global = environment["GIT_CONFIG_GLOBAL"] {
            files.append((FilePath(global), GIT_CONFIG_LEVEL_GLOBAL))
        } else {
            if let directory = xdgDirectory(environment) {
                files.append((directory.appending("config"), GIT_CONFIG_LEVEL_XDG))
            }
            if let home = environment["HOME"] {
                files.append((FilePath(home).appending(".gitconfig"), GIT_CONFIG_LEVEL_GLOBAL))
            }
        }
        files.append((commonDirectory.appending("config"), GIT_CONFIG_LEVEL_LOCAL))
        // A device such as /dev/null says "none".
        return files.filter { file in
            realPath(file.path).flatMap { FileStatus.ifPresent($0) }?.kind == .file
        }
    }

    private var systemFile: FilePath? {
        switch environment["GIT_CONFIG_NOSYSTEM"]?.lowercased() {
        case nil, "0", "false", "no", "off", "": break
        default: return nil
        }
        if let path = environment["GIT_CONFIG_SYSTEM"] { return FilePath(path) }
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        guard git_config_find_system(&buffer) == 0, let path = buffer.ptr else { return nil }
        return FilePath(platformString: path)
    }
}

/// `$XDG_CONFIG_HOME/git`, or `~/.config/git` (xdg_config_home, path.c).
func xdgDirectory(_ environment: [String: String]) -> FilePath? {
    if let directory = environment["XDG_CONFIG_HOME"], !directory.isEmpty {
        return FilePath(directory).appending("git")
    }
    return environment["HOME"].map { FilePath($0).appending(".config").appending("git") }
}

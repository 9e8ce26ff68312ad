import FileTree
import SystemPackage

/// Cargo's configuration files for a directory, as text: enough to tell that a key or a variable is not in them.
struct CargoConfiguration {
    private let texts: [(bytes: [UInt8], mtime: FileTime)]

    /// Reads the files of the hierarchy: every directory from `directory` up, and cargo's home
    /// (`GlobalContext::walk_tree`).
    init(at directory: FilePath, home: FilePath?) {
        var directories: [FilePath] = []
        var current = directory
        repeat {
            directories.append(current.appending(".cargo"))
        } while current.removeLastComponent()
        if let home { directories.append(home) }
        texts = directories.flatMap { directory in
            ["config.toml", "config"].compactMap { name in
                (try? readFileAndStatus(directory.appending(name))).map { ($0.bytes, $0.status.mtime) }
            }
        }
    }

    /// The mtime of the newest file in which `text` occurs; nil where it occurs in none. A file that includes another
    /// one counts as if it had the text.
    func newestMention(of text: String) -> FileTime? {
        let needles = [Array(text.utf8), Array("include".utf8)]
        return texts.filter { file in needles.contains { file.bytes.contains(text: $0) } }.map(\.mtime).max()
    }

    /// Cargo's home directory in an environment.
    static func home(in environment: [String: String]) -> FilePath? {
        if let home = environment["CARGO_HOME"], !home.isEmpty { return FilePath(home) }
        return environment["HOME"].map { FilePath($0).appending(".cargo") }
    }
}

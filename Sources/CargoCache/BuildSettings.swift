import FileTree
import SystemPackage

/// Whether a setting could move build directories. A directory's configuration is looked for once, however many
/// workspaces lie below it.
public struct BuildSettings {
    /// Whether the environment alone has such a setting.
    private let isSetInEnvironment: Bool
    private let home: FilePath?
    /// What is known of the configuration in a directory and all those above it.
    private var known: [FilePath: Bool] = [:]

    /// Reads nothing yet.
    public init(environment: [String: String]) {
        let variables = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"]
        isSetInEnvironment = variables.contains { environment[$0]?.isEmpty == false }
        home = CargoConfiguration.home(in: environment)
    }

    /// Whether an environment variable or a config file of the hierarchy (every directory from the workspace's root
    /// up, and cargo's home) could move it. A file that only mentions the key costs a call of cargo, nothing else.
    public mutating func areInPlay(at root: FilePath) -> Bool {
        isSetInEnvironment || areInHierarchy(of: root)
    }

    private mutating func areInHierarchy(of directory: FilePath) -> Bool {
        if let answer = known[directory] { return answer }
        var above = directory
        let answer =
            Self.areMentioned(in: directory.appending(".cargo"))
            || (above.removeLastComponent()
                ? areInHierarchy(of: above) : home.map { Self.areMentioned(in: $0) } ?? false)
        known[directory] = answer
        return answer
    }

    private static func areMentioned(in directory: FilePath) -> Bool {
        // Most directories have none.
        guard FileStatus.ifPresent(directory) != nil else { return false }
        return ["config.toml", "config"].contains { name in
            guard let text = try? readFile(directory.appending(name)) else { return false }
            return keys.contains { text.contains(text: $0) }
        }
    }

    /// `include` (cargo 1.94 on) can bring a key in from anywhere.
    private static let keys = ["target-dir", "build-dir", "include"].map { Array($0.utf8) }
}

/// What `cargo -v` says it did, read from its standard error.
public struct CargoLog: Sendable {
    /// A package as cargo names it in its status lines.
    public struct Package: Hashable, Sendable, CustomStringConvertible {
        /// Its name in the manifest.
        public let name: String
        /// Without the `v`.
        public let version: String
        /// The directory of a path dependency, the address of a git one; nil for a registry's.
        public let source: String?
        /// For example `app 0.1.0`.
        public var description: String { "\(name) \(version)" }
    }

    /// One rustc invocation (rustdoc's are not among them).
    public struct Rustc: Hashable, Sendable {
        /// The argument of `--crate-name`.
        public let crate: String
        /// The arguments of `--crate-type`; none for a test harness.
        public let types: [String]
        /// Compiled with `--test`.
        public let isTest: Bool

        /// An invocation to compare with.
        public init(crate: String, types: [String] = [], isTest: Bool = false) {
            self.crate = crate
            self.types = types
            self.isTest = isTest
        }

        /// The compilation, not the run, of a build script.
        public var isBuildScript: Bool { crate.hasPrefix("build_script_") }
    }

    /// Packages none of whose units had to be made, in cargo's order.
    public private(set) var fresh: [Package] = []
    /// Packages that had been made before and no longer count, and cargo's reason; one for each such unit.
    public private(set) var dirty: [(package: Package, reason: String)] = []
    /// Packages that were compiled, or checked.
    public private(set) var compiling: [Package] = []
    /// Every rustc invocation, in cargo's order.
    public private(set) var rustc: [Rustc] = []
    /// The packages whose build scripts ran.
    public private(set) var buildScripts: [String] = []
    /// Whether cargo came to its closing line `Finished`.
    public private(set) var finished = false

    /// Cargo looked at packages, finished, and ran neither rustc nor a build script. An empty log is not that.
    public var compiledNothing: Bool {
        finished && !fresh.isEmpty && dirty.isEmpty && compiling.isEmpty && rustc.isEmpty && buildScripts.isEmpty
    }

    /// Names of the packages that were compiled.
    public var compiledNames: Set<String> { Set(compiling.map(\.name)) }

    /// Reads all lines of a standard error; lines of rustc's and of programs are passed over.
    public init(_ text: String) {
        for line in text.split(separator: "\n") {
            // Status words stand right-aligned in twelve columns (`Shell::status`).
            let words = line.drop { $0 == " " }
            guard words.startIndex != line.startIndex, let space = words.firstIndex(of: " ") else { continue }
            add(status: words[..<space], rest: words[words.index(after: space)...])
        }
    }

    private mutating func add(status: Substring, rest: Substring) {
        switch status {
        case "Fresh": fresh += Package(rest).map { [$0] } ?? []
        case "Compiling", "Checking": compiling += Package(rest).map { [$0] } ?? []
        case "Dirty":
            guard let colon = rest.firstRange(of: ": "), let package = Package(rest[..<colon.lowerBound]) else {
                return
            }
            dirty.append((package, String(rest[colon.upperBound...])))
        case "Running" where rest.hasPrefix("`"): add(command: rest.dropFirst().dropLast())
        case "Finished": finished = true
        default: return
        }
    }

    private mutating func add(command: Substring) {
        let words = command.split(separator: " ")
        if let crate = words.following("--crate-name").first {
            if words[0].hasSuffix("rustdoc") { return }
            rustc.append(
                Rustc(crate: crate, types: words.following("--crate-type"), isTest: words.contains("--test")))
        } else if let package = buildScriptPackage(command.trimming("'")) {
            buildScripts.append(package)
        }
    }
}

extension CargoLog.Package {
    /// From `name v1.2.3`, `name v1.2.3 (/path)` or `name v1.2.3 (proc-macro) (/path)`.
    fileprivate init?(_ text: Substring) {
        let words = text.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[1].hasPrefix("v") else { return nil }
        name = String(words[0])
        version = String(words[1].dropFirst())
        let notes = words.count < 3 ? [] : words[2].split(separator: ")").map { $0.drop { $0 == " " || $0 == "(" } }
        source = notes.first { $0 != "proc-macro" }.map(String.init)
    }
}

/// The package of `…/build/PACKAGE-HASH/build-script-NAME` (legacy layout) or
/// `…/build/PACKAGE/HASH/out/build_script_NAME` (unit layout), nil for any other program.
private func buildScriptPackage(_ path: Substring) -> String? {
    let parts = path.split(separator: "/")
    guard let program = parts.last, let build = parts.lastIndex(of: "build"), build + 1 < parts.count else {
        return nil
    }
    if program.hasPrefix("build-script-"), let hyphen = parts[build + 1].lastIndex(of: "-") {
        return String(parts[build + 1][..<hyphen])
    }
    return program.hasPrefix("build_script_") ? String(parts[build + 1]) : nil
}

extension [Substring] {
    /// The words right after each occurrence of `word`.
    fileprivate func following(_ word: Substring) -> [String] {
        zip(self, dropFirst()).filter { $0.0 == word }.map { String($0.1) }
    }
}

extension Substring {
    fileprivate func trimming(_ quote: Character) -> Substring {
        guard count > 1, first == quote, last == quote else { return self }
        return dropFirst().dropLast()
    }
}

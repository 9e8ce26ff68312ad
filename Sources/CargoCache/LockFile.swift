import FileTree
import SystemPackage

/// The packages that a `Cargo.lock` names: what a build of this workspace can reach, and nothing else.
public struct LockFile: Sendable {
    /// Names and versions as cargo joins them in the directory of a registry package, for example `serde-1.0.219`.
    public private(set) var packages: Set<String> = []
    /// The commits of git dependencies, in full.
    public private(set) var commits: Set<String> = []
    /// The versions of each package that has a source: registry and git packages.
    public private(set) var versions: [String: [String]] = [:]
    /// The version of each package without a source: members, and path dependencies.
    public private(set) var pathVersions: [String: String] = [:]

    /// Reads the lock file in a workspace's root; nil where there is none. Throws nothing: what is not understood counts
    /// as not there.
    public init?(ofWorkspaceAt root: FilePath) {
        guard let text = try? readFile(root.appending("Cargo.lock")) else { return nil }
        self.init(text)
    }

    /// Reads the text, which cargo writes with one `key = "value"` on a line (`serialize_resolve`, ops/lockfile.rs); nil
    /// when it names no package.
    public init?(_ text: [UInt8]) {
        var entry = Entry()
        for line in text.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            if line.first == UInt8(ascii: "[") {
                add(entry)
                entry = Entry()
            } else if let value = Self.value(behind: Self.name, in: line) {
                entry.name = value
            } else if let value = Self.value(behind: Self.version, in: line) {
                entry.version = value
            } else if let value = Self.value(behind: Self.source, in: line) {
                entry.source = value
            }
        }
        add(entry)
        guard !packages.isEmpty else { return nil }
    }

    /// The version of a package of which only the name is known; nil where several come into question.
    public func version(of name: String, isPath: Bool) -> String? {
        if isPath { return pathVersions[name] }
        let found = versions[name] ?? []
        return found.count == 1 ? found[0] : nil
    }

    /// The packages of both.
    public func merging(_ other: LockFile) -> LockFile {
        var sum = self
        sum.packages.formUnion(other.packages)
        sum.commits.formUnion(other.commits)
        sum.versions.merge(other.versions) { Array(Set($0 + $1)) }
        sum.pathVersions.merge(other.pathVersions) { first, _ in first }
        return sum
    }

    private struct Entry {
        var name: String?
        var version: String?
        var source: String?
    }

    private mutating func add(_ entry: Entry) {
        guard let name = entry.name, let version = entry.version else { return }
        packages.insert("\(name)-\(version)")
        guard let source = entry.source else {
            pathVersions[name] = version
            return
        }
        versions[name, default: []].append(version)
        if source.hasPrefix("git+"), let commit = source.split(separator: "#").last { commits.insert(String(commit)) }
    }

    private static let name = Array("name = \"".utf8)
    private static let version = Array("version = \"".utf8)
    private static let source = Array("source = \"".utf8)

    private static func value(behind start: [UInt8], in line: ArraySlice<UInt8>) -> String? {
        guard line.starts(with: start), line.last == UInt8(ascii: "\""), line.count > start.count else { return nil }
        return String(decoding: line.dropFirst(start.count).dropLast(), as: UTF8.self)
    }
}

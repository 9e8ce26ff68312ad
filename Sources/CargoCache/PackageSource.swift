/// Where the sources of a registry or git package lie, which names the version: cargo unpacks every version into a
/// directory of its own.
public enum PackageSource: Hashable, Sendable {
    /// `<name>-<version>`, a package of a registry (`registry/src/<registry>/<name>-<version>`) or of a directory source
    /// that keeps versions apart.
    case version(String)
    /// The abbreviated commit of a git dependency (`git/checkouts/<repository>-<hash>/<commit>`).
    case commit(String)

    /// From the absolute path of the crate root; nil where the path does not say, as with a vendored directory that has
    /// only the package's name.
    public init?(package: String, crateRoot: [UInt8]) {
        guard crateRoot.first == UInt8(ascii: "/") else { return nil }
        let components = crateRoot.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        if let checkouts = components.firstIndex(of: "checkouts"), checkouts > 0, components[checkouts - 1] == "git",
            components.count > checkouts + 2
        {
            self = .commit(components[checkouts + 2])
            return
        }
        // Innermost first: a registry can lie in a directory of a similar name.
        let start = "\(package)-"
        for component in components.dropLast().reversed() where component.hasPrefix(start) {
            let version = component.dropFirst(start.count)
            guard version.first?.isNumber == true, version.contains(".") else { continue }
            self = .version(String(version))
            return
        }
        return nil
    }

    /// The version, or the abbreviated commit.
    public var text: String {
        switch self {
        case .version(let text), .commit(let text): text
        }
    }

    /// Whether `lock` has this version of the package.
    public func isLocked(for package: String, in lock: LockFile) -> Bool {
        switch self {
        case .version(let version): lock.packages.contains("\(package)-\(version)")
        case .commit(let commit): lock.commits.contains { $0.hasPrefix(commit) }
        }
    }
}

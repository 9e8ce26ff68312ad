import FileTree
import SystemPackage

/// The absolute paths that must not be baked into a unit that goes to another worktree: the root of every worktree
/// of the repository (a donor may have been seeded itself), and the donor's build directory where it lies elsewhere.
public struct WorktreeRoots: Sendable {
    /// One root, its bytes without a slash at the end.
    public let roots: [[UInt8]]
    /// What is searched for: what all roots start with, so that one search finds the candidates for all of them, or
    /// every root where they have too little in common for that.
    private let needles: [[UInt8]]

    /// Makes the set. Roots that are not absolute, and the root directory itself, are left out.
    public init(_ paths: [FilePath]) {
        self.init(paths.map(\.bytes))
    }

    /// These and more.
    public func adding(_ more: [[UInt8]]) -> WorktreeRoots { WorktreeRoots(roots + more) }

    /// These and, for each character of a root that a generator of code or data may escape, what stands before it with the
    /// first byte of an escape behind: `\u{301}`, `\"`, `\ ` and `\303`, `%20`, `&#233;`. Up to the first character that is
    /// escaped a path is the same in every such form.
    public var withEscapedForms: WorktreeRoots {
        let forms = roots.flatMap { root in
            root.indices.filter { !Self.isNeverEscaped(root[$0]) }.flatMap { index in
                "\\%&".utf8.map { Array(root[..<index]) + [$0] }
            }
        }
        return forms.isEmpty ? self : adding(forms)
    }

    private static func isNeverEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/._-".utf8.contains(byte)
        }
    }

    private init(_ paths: [[UInt8]]) {
        var seen: Set<[UInt8]> = []
        roots =
            paths
            .filter { $0.first == UInt8(ascii: "/") && $0.count > 1 && seen.insert($0).inserted }
        var prefix = roots.first ?? []
        for root in roots.dropFirst() {
            let common = zip(prefix, root).prefix { $0 == $1 }.count
            prefix.removeLast(prefix.count - common)
        }
        needles = prefix.count >= Self.usefulPrefix ? [prefix] : roots
    }

    /// Shorter ones (`/`, `/home/`) stand everywhere.
    private static let usefulPrefix = 8

    /// Calls `body` with the position of every occurrence of a root and the length of the root, until it returns
    /// false. Where one root continues another (`/src/a` and `/src/a.b`), the longest is meant.
    public func forEachOccurrence(
        in bytes: UnsafeRawBufferPointer, _ body: (_ position: Int, _ length: Int) -> Bool
    ) {
        for needle in needles {
            guard forEachOccurrence(of: needle, in: bytes, body) else { return }
        }
    }

    private func forEachOccurrence(
        of needle: [UInt8], in bytes: UnsafeRawBufferPointer, _ body: (_ position: Int, _ length: Int) -> Bool
    ) -> Bool {
        needle.withUnsafeBytes { needle in
            var position = 0
            while let found = firstPosition(of: needle, in: bytes, from: position) {
                position = found + 1
                let rest = UnsafeRawBufferPointer(rebasing: bytes[found...])
                let lengths = roots.lazy.filter { rest.starts(with: $0) }.map(\.count)
                guard let length = lengths.max() else { continue }
                position = found + length
                guard body(found, length) else { return false }
            }
            return true
        }
    }

    /// Whether a root occurs anywhere.
    public func occur(in bytes: [UInt8]) -> Bool {
        var found = false
        bytes.withUnsafeBytes { buffer in
            forEachOccurrence(in: buffer) { _, _ in
                found = true
                return false
            }
        }
        return found
    }

    /// The root that `path` is, or lies under; nil when it lies under none.
    public func root(containing path: [UInt8]) -> [UInt8]? {
        roots.filter { path.isPath(under: $0) }.max { $0.count < $1.count }
    }
}

extension [UInt8] {
    /// Whether this path is `root` or lies below it, by whole components.
    public func isPath(under root: [UInt8]) -> Bool {
        starts(with: root) && (count == root.count || self[root.count] == UInt8(ascii: "/"))
    }
}

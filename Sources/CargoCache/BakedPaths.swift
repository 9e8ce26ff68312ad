import FileTree
import SystemPackage

/// Looks for absolute paths of a worktree in what a unit compiled to: with `env!("CARGO_MANIFEST_DIR")`, a proc macro
/// that reads the environment, or generated code, a program built in one worktree would go on using the files of that
/// worktree when it is taken to another. The decision is by bytes: an `# env-dep:` line alone proves nothing, since
/// `include!(concat!(env!("OUT_DIR"), …))` leaves one too.
public struct BakedPaths: Sendable {
    /// Where a path was found, for people.
    public enum Finding: Equatable, Sendable {
        /// In this section, or in the crate metadata.
        case baked(place: String)
        /// In this section, and every time it is the path of a source file below OUT_DIR, as in a panic message. The same
        /// stands there where the code has asked for its own place (`LocationUse`).
        case location(place: String)
        /// The file could not be searched, so nothing is proven.
        case unsearchable(place: String)
    }

    private let roots: WorktreeRoots
    /// From a worktree's root to the workspace's root; empty where they are the same.
    private let workspace: [UInt8]
    private let relativeSources: Set<[UInt8]>
    private let absoluteSources: Set<[UInt8]>
    private let absoluteRustSources: [[UInt8]]

    /// Prepares the search for one unit. `workspaceDirectory`: where the workspace's root is within its worktree.
    /// `sources`: the files of the unit's rustc dep-info, whose own paths are expected in metadata.
    public init(roots: WorktreeRoots, workspaceDirectory: FilePath, sources: [[UInt8]]) {
        self.roots = roots
        workspace = workspaceDirectory.bytes
        let absolute = sources.filter { $0.first == UInt8(ascii: "/") }
        absoluteSources = Set(absolute)
        relativeSources = Set(sources).subtracting(absolute)
        absoluteRustSources = absolute.filter { $0.suffix(3).elementsEqual(".rs".utf8) }
    }

    /// Searches one artifact; nil when no path of a worktree is in it, or only those that metadata always has. Throws
    /// `FileError` when it cannot be opened.
    public func finding(in artifact: FilePath) throws(FileError) -> Finding? {
        try FileWindow.open(artifact) { window in
            var finding: Finding?
            var location: Finding?
            forEachArtifactPart(window) { part in
                finding = self.finding(in: part)
                if case .location = finding {
                    location = finding
                    finding = nil
                }
                return finding == nil
            }
            return finding ?? location
        }
    }

    private func finding(in part: ArtifactPart) -> Finding? {
        if part.form == .opaque { return .unsearchable(place: part.name()) }
        var baked: Int?
        var location: Int?
        let isRead: Void? = part.window.withBytes { buffer in
            roots.forEachOccurrence(in: buffer) { position, length in
                guard let section = part.section(at: position..<position + length) else { return true }
                if part.form == .metadata {
                    if isSourceFile(inMetadata: buffer, at: position) { return true }
                } else if section.contains(position), isLocation(buffer[position..<section.upperBound]) {
                    location = position
                    return true
                }
                baked = max(position, section.lowerBound)
                return false
            }
        }
        if isRead == nil { return .unsearchable(place: part.name()) }
        return baked.map { .baked(place: part.name(at: $0)) } ?? location.map { .location(place: part.name(at: $0)) }
    }

    /// rustc encodes a string in metadata as its length (LEB128), its bytes and 0xC1 (`STR_SENTINEL`). The source map
    /// has each source file's absolute path and the working directory in that form; the bytes of a constant have
    /// neither length nor sentinel around them.
    private func isSourceFile(inMetadata bytes: UnsafeRawBufferPointer, at position: Int) -> Bool {
        guard position >= 1 else { return false }
        var lengths = [Int(bytes[position - 1])]
        if position >= 2, bytes[position - 2] >= 0x80 {
            lengths.append(Int(bytes[position - 2] & 0x7f) | Int(bytes[position - 1]) << 7)
        }
        return lengths.contains { length in
            guard position + length < bytes.count, bytes[position + length] == 0xc1 else { return false }
            return isExpected(Array(bytes[position..<position + length]))
        }
    }

    private func isExpected(_ path: [UInt8]) -> Bool {
        if absoluteSources.contains(path) { return true }
        // `/src/repo-tools` is found when `/src/repo` is looked for, but is no part of it.
        guard let root = roots.root(containing: path) else { return true }
        let workspaceRoot = workspace.isEmpty ? root : root + [UInt8(ascii: "/")] + workspace
        guard path.isPath(under: workspaceRoot) else { return false }
        return path == workspaceRoot || relativeSources.contains(Array(path.dropFirst(workspaceRoot.count + 1)))
    }

    /// Code that is included from OUT_DIR has its absolute path in panic messages, as in a cold build; sources inside
    /// the workspace have relative ones there. What stands behind it tells nothing: strings stand back to back.
    private func isLocation(_ rest: Slice<UnsafeRawBufferPointer>) -> Bool {
        let rest = UnsafeRawBufferPointer(rebasing: rest)
        return absoluteRustSources.contains { rest.starts(with: $0) }
    }
}

import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import CargoCache

/// Files that no build makes must be refused or left unproven, and never end the process.
struct HostileFileTests {
    private let search = BakedPaths(
        roots: WorktreeRoots(["/srv/worktree"]), workspaceDirectory: "", sources: [])

    private func file(_ bytes: [UInt8], _ directory: TemporaryDirectory) throws -> FilePath {
        let parent = try Directory(directory.path)
        let name: FilePath.Component = "artifact"
        try? name.withName { name throws(FileError) in try parent.unlink(name) }
        try name.withName { name throws(FileError) in try parent.write(bytes, to: name, mtime: .now()) }
        return directory.path.appending(name)
    }

    /// Each archive holds the next one: as deep as this, a search that follows them runs out of stack.
    @Test func archivesInArchives() throws {
        let directory = try TemporaryDirectory()
        let depth = 20_000
        var bytes: [UInt8] = []
        for level in 0..<depth {
            let size = (depth - level - 1) * 68
            let digits = String(size)
            bytes += Array("!<arch>\n".utf8) + Array("member/         ".utf8)
            bytes += Array(String(repeating: " ", count: 32).utf8)
            bytes += Array((digits + String(repeating: " ", count: 10 - digits.count)).utf8) + [0x60, 0x0a]
        }
        #expect(bytes.count == depth * 68)
        #expect(try search.finding(in: file(bytes, directory)) == .unsearchable(place: "a member"))
    }

    /// Real files with bytes changed, cut off and repeated: whatever is found in them, the process stands.
    @Test func realFilesThatWereDamaged() throws {
        let directory = try TemporaryDirectory()
        let workspace = try SmallWorkspace.make(in: directory)
        try workspace.build()
        let target = workspace.path.appending("target")
        let files = try TreeSnapshot(target).entries.filter { $0.value.kind == .file && $0.value.size < 6_000_000 }.keys
            .sorted()
        let kinds = ["/dep-lib-", ".json", ".d", ".rlib", ".rmeta", ".so", "/output"]
        var random = Random(state: 42)
        var damaged = 0
        for kind in kinds {
            let named = files.filter { $0.contains(kind) && (kind != ".d" || $0.hasSuffix(".d")) }.prefix(3)
            #expect(!named.isEmpty, "\(kind)")
            for name in named {
                let original = try readFile(target.pushing(FilePath(name)))
                let isArtifact =
                    original.starts(with: Array("!<arch>".utf8)) || !name.hasSuffix(".d") && original.count > 50_000
                for _ in 0..<(isArtifact ? 10 : 200) {
                    let bytes = random.damage(original)
                    damaged += 1
                    if isArtifact {
                        let path = try file(bytes, directory)
                        _ = try search.finding(in: path)
                        _ = ProcMacro.sight(of: path)
                        _ = CompilerVersion.recorded(in: path)
                    } else {
                        _ = EncodedDepInfo(bytes)?.encoded
                        _ = FingerprintRecord(bytes)
                        _ = LocalFingerprint.list(ofRecord: bytes)
                        _ = LockFile(bytes)
                        _ = CompilerDepInfo(bytes)
                        _ = BuildScriptOutput(bytes).watchedPaths
                    }
                }
            }
        }
        #expect(damaged > 2_000)
    }

    /// A small generator (xorshift), so that a failure can be repeated.
    private struct Random {
        var state: UInt64

        mutating func next(below limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(max(limit, 1)))
        }

        mutating func damage(_ original: [UInt8]) -> [UInt8] {
            var bytes = original
            switch next(below: 4) {
            case 0: bytes.removeLast(next(below: bytes.count + 1))
            case 1: bytes.insert(contentsOf: bytes.prefix(next(below: 64)), at: next(below: bytes.count))
            default: break
            }
            guard !bytes.isEmpty else { return bytes }
            // Headers and tables lie at the ends.
            for _ in 0..<(1 + next(below: 12)) {
                let near = min(bytes.count, 256)
                let position =
                    switch next(below: 3) {
                    case 0: next(below: near)
                    case 1: bytes.count - 1 - next(below: near)
                    default: next(below: bytes.count)
                    }
                bytes[position] = [0, 0xff, 0x7f, 0x80, UInt8(next(below: 256))][next(below: 5)]
            }
            return bytes
        }
    }
}

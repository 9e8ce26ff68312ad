import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// The fixtures are worth what they detect: each test here makes the change that the others rely on being seen.
@Suite struct TreeSnapshotTests {
    let directory: TemporaryDirectory
    let file: FilePath

    init() throws {
        directory = try TemporaryDirectory()
        file = directory.appending("a/file")
        try makeDirectories(directory.appending("a"))
        try "0123456789".write(toFile: file.string, atomically: false, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: directory.appending("link").string, withDestinationPath: "one")
    }

    @Test func anUntouchedTreeHasNoDifferences() throws {
        let before = try TreeSnapshot(directory.path)
        #expect(Set(before.entries.keys) == ["", "a", "a/file", "link"])
        #expect(try TreeSnapshot(directory.path).differences(from: before).isEmpty)
    }

    @Test func oneByteIsSeenThoughSizeInodeAndTimeStay() throws {
        let before = try TreeSnapshot(directory.path)
        let time = try FileStatus(file).mtime
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file.string))
        try handle.seek(toOffset: 9)
        try handle.write(contentsOf: Data("8".utf8))
        try handle.close()
        try Directory(directory.appending("a")).setTime(of: "file", to: time)
        #expect(try TreeSnapshot(directory.path).differences(from: before) == ["a/file: content"])
    }

    @Test func aNanosecondIsSeen() throws {
        let before = try TreeSnapshot(directory.path)
        let time = try FileStatus(file).mtime
        let other = FileTime(seconds: time.seconds, nanoseconds: time.nanoseconds ^ 1)
        try Directory(directory.appending("a")).setTime(of: "file", to: other)
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found.count == 1 && found[0].hasPrefix("a/file: mtime "))
    }

    @Test func aModeIsSeen() throws {
        #expect(chmod(file.string, 0o644) == 0)
        let before = try TreeSnapshot(directory.path)
        #expect(chmod(file.string, 0o755) == 0)
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found == ["a/file: mode 100644 to 100755"])
    }

    @Test func aReplacedFileIsSeenByItsInode() throws {
        let before = try TreeSnapshot(directory.path)
        let copy = directory.appending("a/copy")
        try FileManager.default.copyItem(atPath: file.string, toPath: copy.string)
        #expect(rename(copy.string, file.string) == 0)
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found.contains { $0.hasPrefix("a/file: inode ") })
    }

    @Test func aSymlinkWithAnotherTextIsSeen() throws {
        let before = try TreeSnapshot(directory.path)
        let link = directory.appending("link").string
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "two")
        let found = try TreeSnapshot(directory.path).differences(from: before)
        #expect(found.contains { $0.hasPrefix("link: ") && $0.contains("link one to two") })
    }

    @Test func whatComesAndGoesIsSeenAndExclusionsAreNot() throws {
        let before = try TreeSnapshot(directory.path, excluding: ["target"])
        try makeDirectories(directory.appending("a/new"))
        try makeDirectories(directory.appending("target"))
        #expect(unlink(directory.appending("link").string) == 0)
        let found = try TreeSnapshot(directory.path, excluding: ["target"]).differences(from: before)
        #expect(found.contains("a/new: appeared"))
        #expect(found.contains("link: vanished"))
        #expect(!found.contains { $0.hasPrefix("target") })
    }

    @Test func anotherHardLinkElsewhereIsNoDifference() throws {
        let elsewhere = try TemporaryDirectory()
        let before = try TreeSnapshot(directory.path)
        #expect(link(file.string, elsewhere.appending("file").string) == 0)
        #expect(try TreeSnapshot(directory.path).differences(from: before).isEmpty)
    }

    @Test func aLateByteOfAFileOfManyPiecesIsSeen() throws {
        var bytes = [UInt8](repeating: 0, count: 3 << 20 | 5)
        for position in [0, 1 << 20, 3 << 20 - 1, 3 << 20, 3 << 20 | 4] {
            try Data(bytes).write(to: URL(fileURLWithPath: file.string))
            let before = try TreeSnapshot(directory.path)
            #expect(before.entries["a/file"]?.content == ContentHash(bytes))
            bytes[position] = 1
            try Data(bytes).write(to: URL(fileURLWithPath: file.string))
            let found = try TreeSnapshot(directory.path).differences(from: before)
            #expect(found.contains { $0.hasPrefix("a/file: ") && $0.hasSuffix("content") })
        }
    }

    @Test func theChecksumSeesEveryBitAndTheLength() {
        let original = [UInt8](repeating: 0, count: 33)
        var seen: Set = [ContentHash(original), ContentHash(original + [0]), ContentHash([])]
        for byte in original.indices {
            for bit in 0..<8 {
                var changed = original
                changed[byte] ^= 1 << UInt8(bit)
                seen.insert(ContentHash(changed))
            }
        }
        #expect(seen.count == 3 + 33 * 8)
    }
}

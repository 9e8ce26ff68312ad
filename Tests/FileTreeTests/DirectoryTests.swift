import FileTree
import SystemPackage
import Testing

struct DirectoryTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func entriesAreThoseOfTheDirectory() throws {
        try scratch.sh("mkdir dir .hidden; touch file; ln -s nowhere link; mkfifo fifo")
        let entries = try Directory(scratch.path).entries()
        #expect(entries.map(\.name.string) == [".hidden", "dir", "fifo", "file", "link"])
        #expect(entries.map(\.kind) == [.directory, .directory, .other, .file, .symlink])
    }

    @Test func entriesAreSortedByBytes() throws {
        try scratch.sh("touch B a \(Self.shellWord("\u{e9}")) f \(Self.shellWord("e\u{301}")) a-b a.b")
        let sorted = try Directory(scratch.path).entries().map { Array($0.name.string.utf8) }
        #expect(sorted == sorted.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(sorted.count == 7)
    }

    private static func shellWord(_ text: String) -> String { "'\(text)'" }

    @Test func namesKeepTheirBytes() throws {
        try scratch.sh(#"mkdir "$(printf 'n\377m')"; touch "$(printf 'n\377m')/f""#)
        let name: [CChar] = [0x6e, -1, 0x6d, 0]
        let directory = try Directory(scratch.path)
        let listed = try directory.entries().map { $0.name.withPlatformString { $0[1] } }
        #expect(listed == [-1])
        let expected = scratch.path.appending(try #require(FilePath.Component(platformString: name)))
        let child = try directory.child(name)
        #expect(child.path == expected)
        let error = failure { () throws(FileError) in _ = try child.status(of: "missing") }
        #expect(error == FileError("look at", expected.appending("missing"), .noSuchFileOrDirectory))
        let nameError = failure { () throws(FileError) in try child.unlink(name) }
        #expect(nameError?.path == expected.appending(try #require(FilePath.Component(platformString: name))))
    }

    @Test func symlinksAreNotOpened() throws {
        try scratch.sh("mkdir real; ln -s real link")
        let root = failure { () throws(FileError) in _ = try Directory(scratch("link")) }
        #expect(root?.code == .notDirectory || root?.code == .tooManySymbolicLinkLevels)
        let slash = failure { () throws(FileError) in _ = try Directory(FilePath("\(scratch.path)/link/")) }
        #expect(slash == root)
        let directory = try Directory(scratch.path)
        let below = failure { () throws(FileError) in _ = try directory.child("link") }
        #expect(below?.code == .notDirectory || below?.code == .tooManySymbolicLinkLevels)
        #expect(below?.path == scratch("link"))
    }

    @Test func canBeReadTwiceAndNested() throws {
        try scratch.sh("touch a b c")
        let directory = try Directory(scratch.path)
        var pairs = 0
        try directory.forEachEntry { _, _ throws(FileError) in
            try directory.forEachEntry { _, _ throws(FileError) in pairs += 1 }
        }
        #expect(pairs == 9)
    }

    @Test func makeChildTakesWhatIsThere() throws {
        try scratch.sh("mkdir there; touch there/file file; ln -s there link")
        let directory = try Directory(scratch.path)
        let there = try directory.makeChild("there").entries().count
        #expect(there == 1)
        let new = try directory.makeChild("new").entries().count
        #expect(new == 0)
        let file = failure { () throws(FileError) in _ = try directory.makeChild("file") }
        #expect(file?.code == .notDirectory)
        let link = failure { () throws(FileError) in _ = try directory.makeChild("link") }
        #expect(link != nil)
    }

    @Test func statusIsThatOfStat() throws {
        try scratch.sh(
            "printf 12345 > f; ln f g; chmod 640 f; touch -d '2001-02-03 04:05:06.123456789 UTC' f; ln -s f l")
        let directory = try Directory(scratch.path)
        let status = try directory.status(of: "f")
        let stat = try scratch.sh("stat -c '%s %h %f %i %d %u %g' f").split(separator: " ").map(String.init)
        #expect(stat[0] == "\(status.size)")
        #expect(stat[1] == "\(status.links)")
        #expect(stat[2] == String(status.mode, radix: 16))
        #expect(stat[3] == "\(status.inode)")
        #expect(stat[4] == "\(status.device)")
        #expect(stat[5...] == ["\(status.uid)", "\(status.gid)"])
        #expect(status.mtime == FileTime(seconds: 981_173_106, nanoseconds: 123_456_789))
        #expect(try directory.status(of: "l").kind == .symlink)
        #expect(try directory.status().inode == FileStatus(scratch.path).inode)
    }

    @Test func whatCannotBeSeenIsNotAbsent() async {
        await #expect(processExitsWith: .success) {
            dropPrivileges()
            let scratch = try Scratch()
            try scratch.sh("mkdir -p closed/inner; chmod 000 closed")
            defer { _ = try? scratch.sh("chmod 700 closed") }
            let hidden = scratch("closed/inner")
            #expect(FileStatus.ifPresent(hidden) == nil)
            #expect(
                failure { () throws(FileError) in _ = try FileStatus.ofExisting(hidden) }?.code == .permissionDenied)
            #expect(failure { () throws(FileError) in try removeTree(hidden) }?.code == .permissionDenied)
            #expect(failure { () throws(FileError) in _ = try diskUsage(of: [hidden]) }?.code == .permissionDenied)
            #expect(failure { () throws(FileError) in try makeDirectories(hidden) }?.code == .permissionDenied)
        }
    }

    @Test func absentIsAbsent() throws {
        try scratch.sh("touch file")
        #expect(try FileStatus.ofExisting(scratch("missing")) == nil)
        #expect(try FileStatus.ofExisting(scratch("file/below")) == nil)
        #expect(try FileStatus.ofExisting(scratch("file"))?.kind == .file)
    }
}

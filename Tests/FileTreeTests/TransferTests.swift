import FileTree
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct TransferTests {
    let scratch: Scratch
    let old = "2001-02-03 04:05:06.123456789 UTC"

    init() throws {
        scratch = try Scratch()
        try scratch.sh("mkdir from to")
    }

    @Test func linkIsTheSameInode() throws {
        try scratch.sh("printf text > from/f; touch -d '\(old)' from/f; ln -s nowhere from/l")
        let before = try FileStatus(scratch("from/f"))
        let to = try Directory(scratch("to"))
        try to.link("f", from: Directory(scratch("from")))
        try to.link("l", from: Directory(scratch("from")))
        let after = try FileStatus(scratch("to/f"))
        #expect(after.inode == before.inode)
        #expect(after.links == 2)
        #expect(after.mtime == before.mtime)
        #expect(try FileStatus(scratch("to/l")).kind == .symlink)
        let again = failure { () throws(FileError) in try to.link("f", from: Directory(scratch("from"))) }
        #expect(again == FileError("link", scratch("to/f"), .fileExists))
    }

    @Test(arguments: [0, 1, 4095, 4096, 1_048_577, 3_000_000])
    func copyIsTheSameFile(_ size: Int) throws {
        try scratch.sh("head -c \(size) /dev/urandom > from/f; chmod 741 from/f; touch -d '\(old)' from/f")
        try scratch.sh(
            "touch -a -d '2002-02-02 UTC' from/f; stat -c '%X %Y %Z %i %h' from/f > before; md5sum < from/f > sum")
        let (_, copied) = try Directory(scratch("to")).copy("f", from: Directory(scratch("from")))
        #expect(copied == size)
        try scratch.sh("cmp from/f to/f")
        #expect(try scratch.sh("stat -c '%a %s %y' to/f") == scratch.sh("stat -c '%a %s %y' from/f"))
        let copy = try FileStatus(scratch("to/f"))
        let source = try FileStatus(scratch("from/f"))
        #expect(copy.mtime == source.mtime)
        #expect(copy.mtime.nanoseconds == 123_456_789)
        #expect(copy.inode != source.inode)
        #expect(copy.links == 1)
        // Modified, changed, inode and links of the source are as before (its atime is the mount options' business).
        #expect(try scratch.sh("stat -c '%Y %Z %i %h' from/f") == scratch.sh("cut -d ' ' -f 2- before"))
        try scratch.sh("md5sum < from/f | cmp - sum")
    }

    /// As a copy has it, but for the mtime.
    @Test(arguments: ["400", "640", "755", "777"])
    func contentsHaveThePermissions(_ mode: String) throws {
        try scratch.sh("printf text > from/f; chmod \(mode) from/f")
        let contents = try FileContents(scratch("from/f"))
        let time = FileTime(seconds: 7, nanoseconds: 8)
        let to = try Directory(scratch("to"))
        try to.write(contents, to: "f", mtime: time)
        try scratch.sh("cmp from/f to/f")
        #expect(try scratch.sh("stat -c %a to/f") == mode)
        #expect(try FileStatus(scratch("to/f")).mtime == time)
        let again = failure { () throws(FileError) in try to.write(contents, to: "f", mtime: time) }
        #expect(again == FileError("create", scratch("to/f"), .fileExists))
    }

    @Test(arguments: ["400", "444", "555", "600", "666", "777", "200"])
    func copyHasThePermissions(_ mode: String) throws {
        try scratch.sh("printf text > from/f; chmod \(mode) from/f")
        // The owner of a file without the right to read it cannot copy it, unless it is root.
        if mode == "200", geteuid() != 0 { return }
        _ = try Directory(scratch("to")).copy("f", from: Directory(scratch("from")))
        #expect(try scratch.sh("stat -c %a to/f") == mode)
    }

    /// open(2) takes the umask's bits away; cargo and rustc made the source under somebody else's.
    @Test func copyKeepsPermissionsWhateverTheUmaskAndWriteHonoursIt() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try scratch.sh("mkdir from to; printf text > from/f; chmod 775 from/f")
            umask(0o077)
            let to = try Directory(scratch("to"))
            _ = try to.copy("f", from: Directory(scratch("from")))
            #expect(try FileStatus(scratch("to/f")).mode & 0o777 == 0o775)
            try to.write([1], to: "written", mode: 0o664)
            #expect(try FileStatus(scratch("to/written")).mode & 0o777 == 0o600)
        }
    }

    @Test func aSparseFileKeepsItsBytes() throws {
        try scratch.sh(
            "truncate -s 5M from/f; printf end >> from/f; printf begin | dd of=from/f conv=notrunc status=none")
        _ = try Directory(scratch("to")).copy("f", from: Directory(scratch("from")))
        try scratch.sh("cmp from/f to/f")
    }

    @Test func copyNeverReplaces() throws {
        try scratch.sh("printf new > from/f; printf old > to/f; ln -s ../outside to/dangling; printf x > from/dangling")
        let to = try Directory(scratch("to"))
        let error = failure { () throws(FileError) in _ = try to.copy("f", from: Directory(scratch("from"))) }
        #expect(error == FileError("create", scratch("to/f"), .fileExists))
        #expect(try scratch.sh("cat to/f") == "old")
        // Nothing is made where a symlink points.
        let through = failure { () throws(FileError) in _ = try to.copy("dangling", from: Directory(scratch("from"))) }
        #expect(through?.code == .fileExists)
        #expect(FileStatus.ifPresent(scratch("outside")) == nil)
    }

    @Test func onlyRegularFilesAreCopied() throws {
        try scratch.sh("mkdir from/dir; mkfifo from/fifo; ln -s /etc/passwd from/link")
        let from = try Directory(scratch("from"))
        let to = try Directory(scratch("to"))
        #expect(failure { () throws(FileError) in _ = try to.copy("dir", from: from) }?.code == .isDirectory)
        #expect(failure { () throws(FileError) in _ = try to.copy("fifo", from: from) }?.code == .invalidArgument)
        #expect(
            failure { () throws(FileError) in _ = try to.copy("link", from: from) }?.code == .tooManySymbolicLinkLevels)
        let missing = failure { () throws(FileError) in _ = try to.copy("missing", from: from) }
        #expect(missing == FileError("read", scratch("from/missing"), .noSuchFileOrDirectory))
        #expect(try to.entries().isEmpty)
    }

    #if os(Linux)
        /// Files of /proc say they are empty, and copy_file_range(2) believed them on some kernels.
        @Test func theSizeIsNotTrusted() throws {
            _ = try Directory(scratch("to")).copy("version", from: Directory("/proc"))
            #expect(try scratch.sh("cat to/version") == scratch.sh("cat /proc/version"))
        }
    #endif

    @Test func writtenAsTold() throws {
        let to = try Directory(scratch("to"))
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let time = FileTime(seconds: 1_000_000_000, nanoseconds: 1)
        try to.write(bytes, to: "f", mode: 0o600, mtime: time)
        try to.write([], to: "empty")
        #expect(try readFile(scratch("to/f")) == bytes)
        #expect(try FileStatus(scratch("to/f")).mtime == time)
        #expect(try scratch.sh("stat -c '%a %s' to/f to/empty") == "600 200000\n644 0")
        let error = failure { () throws(FileError) in try to.write([1], to: "f") }
        #expect(error?.code == .fileExists)
        #expect(try readFile(scratch("to/f")) == bytes)
    }

    @Test func symlinksAreCopiedAsText() throws {
        let long = String(repeating: "long/", count: 700)
        try scratch.sh("ln -s '\(long)' from/long; ln -s ../from/nowhere from/link")
        let to = try Directory(scratch("to"))
        let from = try Directory(scratch("from"))
        try to.copySymlink("long", from: from)
        try to.copySymlink("link", from: from)
        #expect(try scratch.sh("readlink to/long to/link") == "\(long)\n../from/nowhere")
        #expect(failure { () throws(FileError) in try to.copySymlink("link", from: from) }?.code == .fileExists)
        #expect(
            failure { () throws(FileError) in try to.copySymlink("none", from: from) }?.code == .noSuchFileOrDirectory)
    }

    @Test func timesAreSetOnTheSymlinkItself() throws {
        try scratch.sh("touch -d '\(old)' to/f; ln -s f to/l")
        let to = try Directory(scratch("to"))
        let before = try FileStatus(scratch("to/f")).mtime
        let time = FileTime(seconds: -5, nanoseconds: 999_999_999)
        try to.setTime(of: "l", to: time)
        #expect(try FileStatus(scratch("to/f")).mtime == before)
        #expect(try FileStatus(scratch("to/l")).mtime == time)
        try to.setTime(of: "f", to: time)
        #expect(try FileStatus(scratch("to/f")).mtime == time)
    }

    @Test func noDescriptorIsLeftOpen() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try scratch.sh("mkdir from to from/dir; printf text > from/f; mkfifo from/fifo; touch to/f")
            let leaks = try leaksDescriptors {
                let from = try Directory(scratch("from"))
                let to = try Directory(scratch("to"))
                for name in ["f", "dir", "fifo", "missing"] { _ = try? to.copy(name, from: from) }
                _ = try? to.write([1], to: "f")
                _ = try? to.child("f")
                _ = try to.entries()
                _ = try? readFile(scratch("from"))
                _ = try? readFile(scratch("from/fifo"))
                _ = try readFile(scratch("from/f"))
                _ = try withMappedFile(scratch("from/f")) { $0.count }
                _ = try? diskUsage(of: [scratch.path])
            }
            #expect(!leaks)
        }
    }
}

import FileTree
import SystemPackage
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct RemovalTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func removesAllBelow() throws {
        try scratch.sh("mkdir -p tree/a/b/c tree/.hidden; touch tree/a/f tree/a/b/c/g tree/.hidden/h; mkfifo tree/fifo")
        try scratch.sh(#"touch "tree/$(printf 'n\377')" "tree/$(printf 'a b\nc')"; touch beside"#)
        try removeTree(scratch("tree"))
        #expect(try Directory(scratch.path).entries().map(\.name.string) == ["beside"])
    }

    @Test func whatLinksPointToStays() throws {
        try scratch.sh("mkdir -p tree/sub outside/dir; printf keep > outside/f; printf keep > outside/dir/g")
        try scratch.sh("ln -s ../outside tree/up; ln -s ../../outside/dir tree/sub/dir; ln -s ../outside/f tree/file")
        try scratch.sh("ln outside/f tree/hard; ln -s nowhere tree/dangling; ln -s . tree/self")
        let before = try FileStatus(scratch("outside/f"))
        try removeTree(scratch("tree"))
        #expect(FileStatus.ifPresent(scratch("tree")) == nil)
        #expect(try scratch.sh("cat outside/f outside/dir/g") == "keepkeep")
        #expect(try FileStatus(scratch("outside/f")).mtime == before.mtime)
        #expect(try FileStatus(scratch("outside/f")).links == 1)
    }

    @Test func aSymlinkAsTheRootIsRemovedItself() throws {
        try scratch.sh("mkdir real; touch real/f; ln -s real link; ln -s real slash")
        try removeTree(scratch("link"))
        try removeTree(FilePath("\(scratch.path)/slash/"))
        #expect(try scratch.sh("ls -A . real") == ".:\nreal\n\nreal:\nf")
    }

    @Test func filesAndNothing() throws {
        try scratch.sh("touch file")
        try removeTree(scratch("file/below"))
        try removeTree(scratch("missing"))
        #expect(try scratch.sh("ls") == "file")
        try removeTree(scratch("file"))
        #expect(try scratch.sh("ls") == "")
    }

    /// More levels than the process may have files open, and paths longer than PATH_MAX.
    @Test func deepTrees() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try scratch.sh("mkdir tree")
            try makeDeepTree(in: scratch("tree"), levels: 3000)
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            #if canImport(Darwin)
                let set = setrlimit(RLIMIT_NOFILE, &limit)
            #else
                let set = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            #endif
            try #require(set == 0)
            let usage = try diskUsage(of: [scratch("tree")])
            #expect(usage.total == Int64(try scratch.sh("du -s --block-size=1 tree | cut -f 1")))
            try removeTree(scratch("tree"))
            #expect(FileStatus.ifPresent(scratch("tree")) == nil)
            #expect(openDescriptors() < 30)
        }
    }

    @Test func wideTreesBelowDeepOnes() throws {
        try scratch.sh(
            """
            mkdir tree; cd tree
            for i in $(seq 50); do mkdir a b c; touch a/f b/f c/f f; mkdir d; cd d; done
            """)
        let usage = try diskUsage(of: [scratch("tree")])
        #expect(usage.total == Int64(try scratch.sh("du -s --block-size=1 tree | cut -f 1")))
        try removeTree(scratch("tree"))
        #expect(FileStatus.ifPresent(scratch("tree")) == nil)
    }

    /// As rm(1) and `git worktree remove`: a directory its owner made read-only is not emptied behind their back.
    @Test func aReadOnlyDirectoryIsAnError() async {
        await #expect(processExitsWith: .success) {
            dropPrivileges()
            let scratch = try Scratch()
            try scratch.sh("mkdir -p tree/locked; touch tree/locked/f; chmod 555 tree/locked")
            defer { _ = try? scratch.sh("chmod 700 tree/locked") }
            let error = failure { () throws(FileError) in try removeTree(scratch("tree")) }
            #expect(error == FileError("remove", scratch("tree/locked/f"), .permissionDenied))
            #expect(FileStatus.ifPresent(scratch("tree/locked/f")) != nil)
            try scratch.sh("chmod 000 tree/locked")
            let closed = failure { () throws(FileError) in try removeTree(scratch("tree")) }
            #expect(closed == FileError("open", scratch("tree/locked"), .permissionDenied))
        }
    }

    @Test func readOnlyFilesGo() async {
        await #expect(processExitsWith: .success) {
            dropPrivileges()
            let scratch = try Scratch()
            try scratch.sh("mkdir tree; touch tree/f; chmod 000 tree/f")
            try removeTree(scratch("tree"))
            #expect(FileStatus.ifPresent(scratch("tree")) == nil)
        }
    }
}

import Dispatch
import FileTree
import Synchronization
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

struct ContentsTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 65_536, 1_000_000])
    func readsAll(_ size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Directory(scratch.path).write(bytes, to: "f", mtime: FileTime(seconds: 7, nanoseconds: 8))
        #expect(try readFile(scratch("f")) == bytes)
        let (again, status) = try readFileAndStatus(scratch("f"))
        #expect(again == bytes)
        #expect(status.size == size)
        #expect(status.mtime == FileTime(seconds: 7, nanoseconds: 8))
        #expect(try withMappedFile(scratch("f")) { Array($0) } == bytes)
    }

    @Test func onlyRegularFiles() throws {
        try scratch.sh("mkdir d; mkfifo p; printf text > f; ln -s f l")
        #expect(failure { () throws(FileError) in _ = try readFile(scratch("d")) }?.code == .isDirectory)
        #expect(failure { () throws(FileError) in _ = try readFile(scratch("p")) }?.code == .invalidArgument)
        #expect(
            failure { () throws(FileError) in _ = try withMappedFile(scratch("d")) { $0.count } }?.code == .isDirectory)
        #expect(
            failure { () throws(FileError) in _ = try withMappedFile(scratch("p")) { $0.count } }?.code
                == .invalidArgument)
        let missing = failure { () throws(FileError) in _ = try readFile(scratch("none")) }
        #expect(missing == FileError("open", scratch("none"), .noSuchFileOrDirectory))
        #expect(missing?.description == "cannot open \(scratch("none")): No such file or directory")
        #expect(try readFile(scratch("l")) == Array("text".utf8))
    }

    @Test func contentsAreOfTheFileItself() throws {
        try scratch.sh("mkdir d; mkfifo p; printf text > f; ln -s f l; touch -d '2001-02-03 04:05:06.7 UTC' f")
        let contents = try FileContents(scratch("f"))
        #expect(contents.bytes == Array("text".utf8))
        #expect(try contents.status.mtime == FileStatus(scratch("f")).mtime)
        let directory = try Directory(scratch.path)
        #expect(try FileContents("f", in: directory).bytes == contents.bytes)
        let refused: [(name: FilePath.Component, code: Errno)] = [
            ("d", .isDirectory), ("p", .invalidArgument), ("l", .tooManySymbolicLinkLevels),
            ("none", .noSuchFileOrDirectory),
        ]
        for (name, code) in refused {
            let path = scratch.path.appending(name)
            let byPath = failure { () throws(FileError) in _ = try FileContents(path) }
            #expect(byPath?.code == code)
            let byName = failure { () throws(FileError) in
                try name.withName { name throws(FileError) in _ = try FileContents(name, in: directory) }
            }
            #expect(byName?.code == code)
            #expect(byName?.path == path)
        }
    }

    #if os(Linux)
        /// Such a file says it has no bytes.
        @Test func filesOfUnknownSize() throws {
            #expect(try readFile("/proc/version") == Array("\(try scratch.sh("cat /proc/version"))\n".utf8))
            // More than the first piece of it: one line for each symbol of the kernel.
            #expect(try readFile("/proc/kallsyms").count > 100_000)
        }
    #endif

    /// While somebody lets the file grow and shrink, a reader gets some of its bytes, and nothing else.
    @Test func changingFiles() throws {
        let path = scratch("f")
        try Directory(scratch.path).write([], to: "f")
        let piece = [UInt8](repeating: 0x78, count: 10_000)
        let descriptor = path.withPlatformString { open($0, O_WRONLY | O_APPEND) }
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        nonisolated(unsafe) var lengths: Set<Int> = []
        nonisolated(unsafe) var foreign = 0
        let isEnough = Atomic(false)
        // Until the reader has seen a good part of the lengths that the writer makes.
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            var round = 0
            while !isEnough.load(ordering: .relaxed) {
                round += 1
                if index == 0 {
                    _ = write(descriptor, piece, piece.count)
                    if round % 7 == 0 { ftruncate(descriptor, 3) }
                } else if let bytes = try? readFile(path) {
                    lengths.insert(bytes.count)
                    foreign += bytes.count { $0 != 0x78 }
                } else {
                    foreign += 1
                }
                if index == 1, lengths.count >= 5 || foreign > 0 { isEnough.store(true, ordering: .relaxed) }
            }
        }
        #expect(foreign == 0)
    }

    @Test func directoriesAreMadeOnceAndReported() throws {
        #expect(try makeDirectories(scratch("a/b/c")) == [scratch("a"), scratch("a/b"), scratch("a/b/c")])
        #expect(try makeDirectories(scratch("a/b/d")) == [scratch("a/b/d")])
        #expect(try makeDirectories(scratch("a/b/d")) == [])
        try scratch.sh("ln -s a link")
        #expect(try makeDirectories(scratch("link/e")) == [scratch("link/e")])
        #expect(try makeDirectories(scratch("link")) == [])
        #expect(try FileStatus(scratch("a/e")).kind == .directory)
    }

    @Test func somethingElseIsInTheWay() throws {
        try scratch.sh("touch file; ln -s nowhere dangling")
        #expect(failure { () throws(FileError) in try makeDirectories(scratch("file")) }?.code == .fileExists)
        #expect(failure { () throws(FileError) in try makeDirectories(scratch("file/a/b")) } != nil)
        #expect(failure { () throws(FileError) in try makeDirectories(scratch("dangling")) }?.code == .fileExists)
        #expect(failure { () throws(FileError) in try makeDirectories(scratch("dangling/a")) } != nil)
        #expect(try scratch.sh("ls") == "dangling\nfile")
    }

    /// The last name is too long for the file system; the first two could be made, and are taken away again.
    @Test func nothingIsLeftOfAFailure() throws {
        let long = String(repeating: "x", count: 300)
        let error = failure { () throws(FileError) in try makeDirectories(scratch("a/b").appending(long)) }
        #expect(error != nil)
        try scratch.sh("mkdir closed")
        #expect(try scratch.sh("ls") == "closed")
    }

    @Test func relativePathsAndRealPaths() throws {
        try scratch.sh("mkdir -p real/sub; ln -s real link")
        #expect(realPath(scratch("link/sub/..")) == realPath(scratch("real")))
        #expect(realPath(scratch("missing")) == nil)
        try removeEmptyDirectory(scratch("real/sub"))
        #expect(failure { () throws(FileError) in try removeEmptyDirectory(scratch.path) } != nil)
    }
}

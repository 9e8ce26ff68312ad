#if os(Linux)
    import FileTree
    import Glibc
    import SystemPackage
    import TestSupport
    import Testing

    /// What takes file systems of their own; needs the right to mount.
    @Suite(.enabled(if: canMount, "needs the right to mount a tmpfs"))
    struct MountTests {
        let scratch: Scratch

        init() throws {
            scratch = try Scratch()
            try scratch.sh("mkdir -p tree/a/mounted outside to; printf keep > outside/f; mkdir outside/d")
        }

        @Test func anotherFileSystemIsNotEntered() throws {
            let mount = try Mount("tmpfs", at: scratch("tree/a/mounted"))
            try scratch.sh("head -c 100000 /dev/zero > tree/a/mounted/f; touch tree/g")
            let error = failure { () throws(FileError) in try removeTree(scratch("tree")) }
            #expect(error == FileError("open", scratch("tree/a/mounted"), .improperLink))
            #expect(try FileStatus(scratch("tree/a/mounted/f")).size == 100_000)
            withExtendedLifetime(mount) {}
        }

        /// A bind mount has the device number of what is around it.
        @Test func aBindMountIsNotEntered() throws {
            let mount = try Mount(
                "none", at: scratch("tree/a/mounted"), source: scratch("outside").string, flags: Int(MS_BIND))
            #expect(try FileStatus(scratch("tree/a/mounted")).device == FileStatus(scratch("tree/a")).device)
            let error = failure { () throws(FileError) in try removeTree(scratch("tree")) }
            #expect(error == FileError("open", scratch("tree/a/mounted"), .improperLink))
            #expect(try scratch.sh("cat outside/f; ls outside") == "keepd\nf")
            withExtendedLifetime(mount) {}
        }

        @Test func mountsAreNotMeasured() throws {
            let mount = try Mount("tmpfs", at: scratch("tree/a/mounted"))
            try scratch.sh("head -c 100000 /dev/zero > tree/a/mounted/f; head -c 5000 /dev/zero > tree/g")
            let usage = try diskUsage(of: [scratch("tree")])
            #expect(usage.total == Int64(try scratch.sh("du -x -s --block-size=1 tree | cut -f 1")))
            withExtendedLifetime(mount) {}
        }

        @Test func linksDoNotCrossCopiesDo() throws {
            let mount = try Mount("tmpfs", at: scratch("to"))
            try scratch.sh(
                "head -c 3000000 /dev/urandom > outside/big; touch -d '2001-02-03 04:05:06.7 UTC' outside/big")
            let to = try Directory(scratch("to"))
            let from = try Directory(scratch("outside"))
            #expect(failure { () throws(FileError) in try to.link("big", from: from) }?.code == .improperLink)
            let how = try to.copy("big", from: from)
            #expect(how == (.copy, 3_000_000))
            try scratch.sh("cmp outside/big to/big")
            #expect(try FileStatus(scratch("to/big")).mtime == FileStatus(scratch("outside/big")).mtime)
            withExtendedLifetime(mount) {}
        }

        @Test func aFullFileSystemKeepsNothingHalf() throws {
            let mount = try Mount("tmpfs", at: scratch("to"), options: "size=64k")
            try scratch.sh("head -c 1000000 /dev/urandom > outside/big")
            let to = try Directory(scratch("to"))
            let error = failure { () throws(FileError) in _ = try to.copy("big", from: Directory(scratch("outside"))) }
            #expect(error == FileError("write", scratch("to/big"), .noSpace))
            let written = failure { () throws(FileError) in
                try to.write([UInt8](repeating: 1, count: 1_000_000), to: "written")
            }
            #expect(written == FileError("write", scratch("to/written"), .noSpace))
            #expect(try to.entries().isEmpty)
            withExtendedLifetime(mount) {}
        }

        @Test func aReadOnlyFileSystemIsAnError() throws {
            let mount = try Mount("tmpfs", at: scratch("to"), flags: Int(MS_RDONLY))
            let to = try Directory(scratch("to"))
            let error = failure { () throws(FileError) in _ = try to.copy("f", from: Directory(scratch("outside"))) }
            #expect(error == FileError("create", scratch("to/f"), .readOnlyFileSystem))
            withExtendedLifetime(mount) {}
        }

        /// The definition itself: `exclusive` is what the file system has more after the removal.
        @Test func exclusiveIsWhatRemovalFrees() throws {
            let mount = try Mount("tmpfs", at: scratch("to"))
            try scratch.sh(
                """
                cd to; mkdir -p tree/a/b outside
                head -c 10000 /dev/urandom > tree/a/one
                head -c 100000 /dev/urandom > tree/a/inside; ln tree/a/inside tree/a/b/inside
                head -c 50000 /dev/urandom > tree/a/shared; ln tree/a/shared outside/shared; ln tree/a/shared tree/again
                truncate -s 1M tree/sparse; ln -s ../outside tree/link
                """)
            let usage = try diskUsage(of: [scratch("to/tree")])
            let before = try free(scratch("to"))
            try removeTree(scratch("to/tree"))
            #expect(try free(scratch("to")) - before == usage.exclusive)
            #expect(usage.shared > 0)
            #expect(try free(scratch("to")) > before)
            withExtendedLifetime(mount) {}
        }

        private func free(_ path: FilePath) throws -> Int64 {
            var found = statvfs()
            try #require(statvfs(path.string, &found) == 0)
            return Int64(found.f_bfree) * Int64(found.f_frsize)
        }
    }

    /// Entries without a kind (DT_UNKNOWN): an ext4 made without the feature that stores it.
    struct EntriesWithoutKind {

        @Test(.enabled(if: canMount(image: Mkfs.ext4), "needs mkfs.ext4 and a loop device"))
        func theKindIsLookedUp() throws {
            let scratch = try Scratch()
            try scratch.sh("mkdir m")
            let mount = try Mount(image: scratch("image"), mkfs: Mkfs.ext4, at: scratch("m"))
            try scratch.sh("cd m; mkdir tree tree/d; touch tree/d/g tree/f; ln -s f tree/l; mkfifo tree/p")
            let entries = try Directory(scratch("m/tree")).entries()
            #expect(entries.map(\.name.string) == ["d", "f", "l", "p"])
            #expect(entries.map(\.kind) == [.directory, .file, .symlink, .other])
            try removeTree(scratch("m/tree"))
            #expect(FileStatus.ifPresent(scratch("m/tree")) == nil)
            withExtendedLifetime(mount) {}
        }
    }

    /// Copies that share their blocks.
    struct ReflinkTests {

        @Test(.enabled(if: canMount(image: Mkfs.btrfs), "needs mkfs.btrfs and a loop device"))
        func btrfs() throws { try check(Mkfs.btrfs) }

        @Test(.enabled(if: canMount(image: Mkfs.xfs), "needs mkfs.xfs and a loop device"))
        func xfs() throws { try check(Mkfs.xfs) }

        private func check(_ mkfs: String) throws {
            let scratch = try Scratch()
            try scratch.sh("mkdir m")
            let mount = try Mount(image: scratch("image"), mkfs: mkfs, at: scratch("m"))
            try scratch.sh(
                """
                cd m; mkdir from to; head -c 2000001 /dev/urandom > from/big; printf small > from/small
                chmod 755 from/big; touch -d '2001-02-03 04:05:06.123456789 UTC' from/big; sync
                """)
            let to = try Directory(scratch("m/to"))
            let from = try Directory(scratch("m/from"))
            let big = try to.copy("big", from: from)
            #expect(big == (.clone, 2_000_001))
            let small = try to.copy("small", from: from)
            #expect(small == (.copy, 5))
            try scratch.sh("sync; cmp m/from/big m/to/big; cmp m/from/small m/to/small")
            #expect(
                try scratch.sh("cd m; stat -c '%a %s %y' to/big") == scratch.sh("cd m; stat -c '%a %s %y' from/big"))
            #expect(try FileStatus(scratch("m/to/big")).inode != FileStatus(scratch("m/from/big")).inode)
            // The kernel's own word for it: the extents of both files are marked as shared.
            if (try? scratch.sh("command -v filefrag")) != nil {
                #expect(try scratch.sh("filefrag -v m/to/big").contains("shared"))
            }
            // Writing to one leaves the other alone.
            try scratch.sh(
                "cp m/from/big before; printf changed | dd of=m/to/big conv=notrunc status=none; cmp before m/from/big")
            withExtendedLifetime(mount) {}
        }
    }
#endif

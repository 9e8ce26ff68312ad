#if os(Linux)
    import FileTree
    import Glibc
    import SystemPackage
    import TestSupport
    import Testing

    /// Files that the system will not let be linked, nor share their blocks. These tests make file systems and files of
    /// other owners; where they may not, they fail.
    struct TransferMemoryTests {
        private let scratch: Scratch
        private let memory = TransferMemory()

        init() throws {
            scratch = try Scratch()
            try scratch.sh("mkdir from to")
        }

        /// Files of 5,000 bytes, a block and more, with a time of their own each.
        private func makeFiles(_ count: Int, in directory: String) throws {
            try scratch.sh(
                """
                cd \(directory)
                for n in $(seq \(count)); do
                    head -c 5000 /dev/urandom > f$n; touch -d "2001-02-03 04:05:06.1234567$((n + 10)) UTC" f$n
                done
                """)
        }

        private func takeFiles(_ count: Int, from: String, to: String, mayLink: Bool = true) throws -> [Transfer] {
            let source = try Directory(scratch(from))
            let target = try Directory(scratch(to))
            let devices = try DevicePair(from: source, to: target)
            return try (1...count).map { number throws(FileError) in
                try memory.take("f\(number)", from: source, to: target, between: devices, mayLink: mayLink).how
            }
        }

        /// The same bytes and times, to the nanosecond.
        private func areTheSame(_ first: String, _ second: String) throws {
            try scratch.sh("diff -r \(first) \(second)")
            let times = "find . -type f -printf '%P %T@ %m\\n' | sort"
            #expect(try scratch.sh("cd \(first); \(times)") == scratch.sh("cd \(second); \(times)"))
        }

        @Test func linksWhereItCan() throws {
            try makeFiles(3, in: "from")
            #expect(try takeFiles(3, from: "from", to: "to") == [.link, .link, .link])
            #expect(memory.refusedLinks == 0 && memory.refusedClones == 0)
            try areTheSame("from", "to")
        }

        /// EXDEV, for links and for reflinks: asked once, however many files there are.
        @Test func anotherFileSystemIsAskedOnce() throws {
            let mount = try Mount("tmpfs", at: scratch("to"))
            try makeFiles(20, in: "from")
            #expect(try takeFiles(20, from: "from", to: "to") == Array(repeating: .copy, count: 20))
            #expect(memory.refusedLinks == 1 && memory.refusedClones == 1)
            try areTheSame("from", "to")
            // That says nothing of other file systems.
            try scratch.sh("mkdir here")
            #expect(try takeFiles(20, from: "from", to: "here") == Array(repeating: .link, count: 20))
            #expect(memory.refusedLinks == 1)
            withExtendedLifetime(mount) {}
        }

        /// A bind mount has the same device number, and the system refuses all the same.
        @Test func anotherMountOfTheSameFileSystem() throws {
            try makeFiles(4, in: "from")
            try scratch.sh("mkdir elsewhere")
            let mount = try Mount("none", at: scratch("to"), source: scratch("elsewhere").string, flags: Int(MS_BIND))
            #expect(try !takeFiles(4, from: "from", to: "to").contains(.link))
            #expect(memory.refusedLinks == 1)
            try areTheSame("from", "to")
            withExtendedLifetime(mount) {}
        }

        /// EMLINK at the real limit: that file is copied, and the next one is a link again.
        @Test func aFileWithAllTheLinksThatExt4Allows() throws {
            try scratch.sh("mkdir m")
            let mount = try Mount(image: scratch("image"), mkfs: "mkfs.ext4 -q -N 1000", at: scratch("m"))
            try scratch.sh("cd m; mkdir from to many")
            try makeFiles(3, in: "m/from")
            var links = 1
            while link(scratch("m/from/f2").string, scratch("m/many/\(links)").string) == 0 { links += 1 }
            #expect(errno == EMLINK)
            #expect(links == 65_000)
            #expect(try takeFiles(3, from: "m/from", to: "m/to") == [.link, .copy, .link])
            #expect(memory.refusedLinks == 1)
            try areTheSame("m/from", "m/to")
            // Not remembered: the file could have a link less by now.
            try scratch.sh("rm m/many/1 m/to/f2")
            #expect(try takeFiles(2, from: "m/from", to: "m/many") == [.link, .link])
            withExtendedLifetime(mount) {}
        }

        /// EPERM: files of another owner that one may read only (`fs.protected_hardlinks`). One's own are linked.
        @Test func filesOfAnotherOwnerAreAskedForOnce() async throws {
            try #require(geteuid() == 0, "needs the right to make files of two owners")
            try #require(
                scratch.sh("cat /proc/sys/fs/protected_hardlinks") == "1",
                "fs.protected_hardlinks is off: the system would refuse nothing")
            await #expect(processExitsWith: .success) {
                let test = try TransferMemoryTests()
                try test.makeFiles(12, in: "from")
                try test.scratch.sh("chmod 755 .; chown 65534 to from/f5 from/f11; chmod 644 from/*")
                dropPrivileges()
                var expected = [Transfer](repeating: .copy, count: 12)
                expected[4] = .link
                expected[10] = .link
                #expect(try test.takeFiles(12, from: "from", to: "to") == expected)
                #expect(test.memory.refusedLinks == 1)
                #expect(test.memory.refusedClones <= 1)
                try test.areTheSame("from", "to")
            }
        }

        /// EOPNOTSUPP: ext4 has no reflinks.
        @Test func aFileSystemWithoutReflinksIsAskedOnce() throws {
            try scratch.sh("mkdir m")
            let mount = try Mount(image: scratch("image"), mkfs: "mkfs.ext4 -q", at: scratch("m"))
            try scratch.sh("cd m; mkdir from to")
            try makeFiles(20, in: "m/from")
            #expect(
                try takeFiles(20, from: "m/from", to: "m/to", mayLink: false) == Array(repeating: .copy, count: 20))
            #expect(memory.refusedClones == 1 && memory.refusedLinks == 0)
            try areTheSame("m/from", "m/to")
            withExtendedLifetime(mount) {}
        }

        /// Small files are not worth a question, and their number tells nothing of the large ones.
        @Test func whatIsNoMatterOfHowIsAnError() throws {
            try scratch.sh("printf small > from/f1; printf other > to/f1; mkdir from/f2")
            let taken = failure { () throws(FileError) in
                let source = try Directory(scratch("from"))
                let target = try Directory(scratch("to"))
                let devices = try DevicePair(from: source, to: target)
                _ = try memory.take("f1", from: source, to: target, between: devices, mayLink: true)
            }
            #expect(taken == FileError("link", scratch("to/f1"), .fileExists))
            #expect(throws: FileError.self) { try takeFiles(1, from: "from", to: "to", mayLink: false) }
            #expect(try scratch.sh("cat to/f1") == "other")
            #expect(memory.refusedLinks == 0 && memory.refusedClones == 0)
        }

        // MARK: The probe

        @Test(arguments: ["mkfs.btrfs -q", "mkfs.xfs -q -m reflink=1", "mkfs.xfs -q -m reflink=0", "mkfs.ext4 -q"])
        func theProbeSaysWhatCopiesWillBe(_ mkfs: String) throws {
            try scratch.sh("mkdir m")
            let mount = try Mount(image: scratch("image"), mkfs: mkfs, at: scratch("m"))
            try scratch.sh("cd m; mkdir from to")
            try makeFiles(2, in: "m/from")
            try scratch.sh("sync; touch -d '2001-02-03 UTC' m/to m/from m")
            let listing = "find m -printf '%P %i %s %m %n %T@ %C@\\n' | sort"
            let before = try scratch.sh(listing)
            let says = canShareBlocks(of: scratch("m/from/f1"), in: scratch("m/to/not/yet/there"))
            #expect(try scratch.sh(listing) == before)
            let took = try takeFiles(2, from: "m/from", to: "m/to", mayLink: false)
            #expect(took == Array(repeating: says ? .clone : .copy, count: 2))
            #expect(says == (mkfs.contains("btrfs") || mkfs.contains("reflink=1")))
            #expect(memory.refusedClones == (says ? 0 : 1))
            try areTheSame("m/from", "m/to")
            // From one file system to another nothing is shared.
            #expect(!canShareBlocks(of: scratch("m/from/f1"), in: scratch("to")))
            #expect(areOnOneDevice(scratch("m/from"), scratch("m/not/yet/there")))
            #expect(!areOnOneDevice(scratch("m/from"), scratch("to")))
            withExtendedLifetime(mount) {}
        }

        @Test func theProbeOfWhatCannotBeTriedIsNo() throws {
            try scratch.sh("printf text > from/f; ln -s nowhere from/l; mkfifo from/fifo")
            for name in ["missing", "l", "fifo", "."] {
                #expect(!canShareBlocks(of: scratch("from/\(name)"), in: scratch("to")))
            }
            #expect(!canShareBlocks(of: scratch("from/f"), in: "/proc/version"))
            #expect(try scratch.sh("ls to") == "")
        }

        @Test func devicesOfWhatIsReachedThroughASymlink() throws {
            let mount = try Mount("tmpfs", at: scratch("to"))
            try scratch.sh("ln -s ../to from/there; mkdir to/d; ln -s nowhere from/dangling")
            #expect(areOnOneDevice(scratch("from/there/d/e"), scratch("to")))
            #expect(!areOnOneDevice(scratch("from/there"), scratch("from")))
            #expect(areOnOneDevice(scratch("from/dangling/x"), scratch("from")))
            withExtendedLifetime(mount) {}
        }
    }
#endif

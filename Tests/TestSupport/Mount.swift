#if os(Linux)
    import ChildProcess
    import FileTree
    import Glibc
    import SystemPackage

    /// A file system mounted for one test; unmounted at its end.
    public final class Mount {
        /// Where it is mounted.
        public let path: FilePath

        /// mount(2) on a directory that exists. Throws `Errno`.
        public init(
            _ type: String, at path: FilePath, source: String = "none", flags: Int = 0, options: String = ""
        ) throws {
            guard mount(source, path.string, type, UInt(flags), options) == 0 else { throw Errno(rawValue: errno) }
            self.path = path
        }

        /// A sparse file of `size` (as truncate(1) takes it) with a file system made by `mkfs`, mounted through a loop
        /// device on a directory that exists. Throws `TestFailure` with the words of the tool that failed.
        public init(image: FilePath, mkfs: String, at path: FilePath, size: String = "320M") throws {
            let script =
                "truncate -s \(size) '\(image)' && \(mkfs) '\(image)' && mount -o loop '\(image)' '\(path)'"
            let outcome = try ChildProcess("sh", ["-ec", script], environment: TestEnvironment.plain).run()
            guard outcome.status == 0 else { throw TestFailure("no \(mkfs): \(outcome.errorText)") }
            self.path = path
        }

        /// Mounts a file system that has no device again, with other options. Throws `Errno`.
        public func remount(_ options: String) throws {
            guard Glibc.mount("none", path.string, "", UInt(MS_REMOUNT), options) == 0 else {
                throw Errno(rawValue: errno)
            }
        }

        deinit { umount2(path.string, Int32(MNT_DETACH)) }
    }
#endif

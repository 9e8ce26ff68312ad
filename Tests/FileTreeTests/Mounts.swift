#if os(Linux)
    import ChildProcess
    import Glibc
    import SystemPackage
    import Testing

    /// A file system mounted for one test; unmounted at its end.
    final class Mount {
        let path: FilePath

        init(_ type: String, at path: FilePath, source: String = "none", flags: Int = 0, options: String = "") throws {
            guard mount(source, path.string, type, UInt(flags), options) == 0 else { throw Errno(rawValue: errno) }
            self.path = path
        }

        /// A sparse file with a file system made by `mkfs`, mounted through a loop device.
        init(image: FilePath, mkfs: String, at path: FilePath) throws {
            let script =
                "truncate -s 320M \(image.string) && \(mkfs) \(image.string) && mount -o loop \(image.string) \(path.string)"
            let outcome = try ChildProcess("sh", ["-ec", script], environment: plainEnvironment).run()
            guard outcome.status == 0 else { throw MountFailure(reason: outcome.errorText) }
            self.path = path
        }

        deinit { umount2(path.string, Int32(MNT_DETACH)) }
    }

    /// How the file systems are made that tests need.
    enum Mkfs {
        static let btrfs = "mkfs.btrfs -q"
        static let xfs = "mkfs.xfs -q -m reflink=1"
        /// Its directory entries have no kind (DT_UNKNOWN).
        static let ext4 = "mkfs.ext4 -q -O ^filetype"
    }

    struct MountFailure: Error { let reason: String }

    /// Whether this process may mount, found out by mounting.
    let canMount: Bool = {
        guard let scratch = try? Scratch(), let mount = try? Mount("tmpfs", at: scratch.path) else { return false }
        withExtendedLifetime(mount) {}
        return true
    }()

    /// Whether a file system that `mkfs` makes can be mounted here.
    func canMount(image mkfs: String) -> Bool {
        guard canMount, let scratch = try? Scratch(), (try? scratch.sh("mkdir m")) != nil,
            let mount = try? Mount(image: scratch("image"), mkfs: mkfs, at: scratch("m"))
        else { return false }
        withExtendedLifetime(mount) {}
        return true
    }
#endif

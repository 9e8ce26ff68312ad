#if os(Linux)
    import TestSupport
    import Testing

    /// How the file systems are made that tests need.
    enum Mkfs {
        static let btrfs = "mkfs.btrfs -q"
        static let xfs = "mkfs.xfs -q -m reflink=1"
        /// Its directory entries have no kind (DT_UNKNOWN).
        static let ext4 = "mkfs.ext4 -q -O ^filetype"
    }

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

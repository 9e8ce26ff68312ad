#if os(Linux)
    import FileTree
    import SystemPackage

    /// A temporary directory on a file system of a certain kind, made for one test.
    public final class Volume {
        /// Which file system.
        public enum Kind: String, CaseIterable, Sendable {
            /// The one that temporary files are on.
            case temporary
            /// Copies within it share their blocks.
            case btrfs
            /// The same.
            case xfs
        }

        private let outside: TemporaryDirectory
        private let mount: Mount?
        /// Empty, and removed at the end.
        public let directory: TemporaryDirectory

        /// Makes and mounts it. Throws where this process may not mount, or a program is missing: a test that needs the
        /// file system has failed then.
        public init(_ kind: Kind) throws {
            outside = try TemporaryDirectory()
            let (image, place) = (outside.appending("image"), outside.appending("volume"))
            if kind != .temporary { try makeDirectories(place) }
            switch kind {
            case .temporary: mount = nil
            case .btrfs: mount = try Mount(image: image, mkfs: "mkfs.btrfs -q", at: place, size: "4G")
            case .xfs: mount = try Mount(image: image, mkfs: "mkfs.xfs -q -m reflink=1", at: place, size: "4G")
            }
            directory = kind == .temporary ? outside : try TemporaryDirectory(in: place)
        }
    }
#endif

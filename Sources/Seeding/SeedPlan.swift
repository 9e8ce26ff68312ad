import CargoCache
import FileTree
import SystemPackage

/// What seeding will do, unit by unit: a value that can be printed, counted or carried out.
public struct SeedPlan: Sendable {
    /// How one file gets to the recipient.
    public enum Action: Sendable {
        /// As a hard link.
        case link
        /// As a private copy with the donor's mtime.
        case copy
        /// With these bytes instead of the donor's, and the donor's mtime.
        case rewrite([UInt8])
    }

    /// One file of a unit.
    public struct File: Sendable {
        /// Which file.
        public let file: UnitFile
        /// How it gets there.
        public let action: Action
        /// Its length in the donor.
        public let size: Int64
        /// The mtime that it gets; for a link, and in a new worktree for any file, the one that it has in the donor.
        public internal(set) var mtime: FileTime
        /// What is in it, where it was read already and is small: a copy is written from that.
        var contents: FileContents?
    }

    /// A unit that is taken.
    public struct TakenUnit: Sendable {
        /// The unit.
        public let unit: Unit
        /// The version of its package; nil where it is not known.
        public let version: String?
        /// Whose it is.
        public let donor: CargoWorkspace
        /// All its files but the hash file, artifacts first.
        public let files: [File]
        /// A unit of the recipient that is out of date and gives way to it.
        public internal(set) var replaced: Unit?

        /// Whether any of its files is linked.
        public var isLinked: Bool { files.contains { $0.isLinked } }
        /// Bytes of its linked files.
        public var sharedBytes: Int64 { files.filter(\.isLinked).reduce(0) { $0 + $1.size } }
        /// Bytes of its other files.
        public var privateBytes: Int64 { files.filter { !$0.isLinked }.reduce(0) { $0 + $1.size } }
    }

    /// A unit that is not taken.
    public struct ColdUnit: Sendable {
        /// The unit's profile directory.
        public let profile: FilePath
        /// The package.
        public let package: String
        /// The version of its package; nil where it is not known.
        public let version: String?
        /// The stem of its fingerprint's files, which says what it is.
        public let stem: String
        /// The unit's hash, the same in every worktree.
        public let hash: String
        /// Why.
        public let reason: ColdReason
        /// Bytes of its files in the donor.
        public let bytes: Int64

        /// Package and stem.
        public var name: String { "\(package) \(stem)" }

        init(_ unit: Unit, version: String?, _ reason: ColdReason, bytes: Int64) {
            profile = unit.profile
            package = unit.package
            self.version = version
            stem = unit.stem
            hash = unit.hash
            self.reason = reason
            self.bytes = bytes
        }

        init(_ taken: TakenUnit, _ reason: ColdReason) {
            self.init(
                taken.unit, version: taken.version, reason, bytes: taken.sharedBytes + taken.privateBytes)
        }
    }

    /// The workspace whose members' units are taken.
    public let donor: CargoWorkspace
    /// The workspace that receives.
    public let recipient: CargoWorkspace
    /// Units to take.
    public let taken: [TakenUnit]
    /// Units to leave, although a build may need them.
    public let cold: [ColdUnit]
    /// Units that no build can reach any more, left behind.
    public let left: [ColdUnit]
    /// Hash files of units of the recipient that are out of date and must not look fresh upon what is taken, relative to
    /// its build directory.
    let forgotten: [FilePath]
    /// Most bytes that may be written to blocks of their own.
    let copyLimit: Int64
    /// Whether private files get another mtime than they have in the donor.
    let isStamped: Bool
    /// Safety checks that a test has switched off.
    let disabledChecks: Set<SeedCheck>

    /// Units of which at least one file is linked.
    public var linkedUnits: Int { taken.filter(\.isLinked).count }
    /// Units of which everything is copied.
    public var copiedUnits: Int { taken.count - linkedUnits }
    /// Bytes that donor and recipient will share.
    public var sharedBytes: Int64 { taken.reduce(0) { $0 + $1.sharedBytes } }
    /// Bytes that will be copied.
    public var privateBytes: Int64 { taken.reduce(0) { $0 + $1.privateBytes } }
}

extension SeedPlan.File {
    var isLinked: Bool {
        if case .link = action { true } else { false }
    }
}

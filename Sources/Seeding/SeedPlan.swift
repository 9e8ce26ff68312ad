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
        /// Its mtime in the donor.
        public let mtime: FileTime
    }

    /// A unit that is taken.
    public struct TakenUnit: Sendable {
        /// The unit.
        public let unit: Unit
        /// All its files but the hash file, artifacts first.
        public let files: [File]

        /// Whether any of its files is linked.
        public var isLinked: Bool { files.contains { $0.isLinked } }
        /// Bytes of its linked files.
        public var sharedBytes: Int64 { files.filter(\.isLinked).reduce(0) { $0 + $1.size } }
        /// Bytes of its other files.
        public var privateBytes: Int64 { files.filter { !$0.isLinked }.reduce(0) { $0 + $1.size } }
        /// Bytes of its executables that are copied.
        var executableBytes: Int64 {
            files.filter { !$0.isLinked && ($0.file.kind == .executable || $0.file.kind == .buildScriptExecutable) }
                .reduce(0) { $0 + $1.size }
        }
    }

    /// A unit that is not taken.
    public struct ColdUnit: Sendable {
        /// The unit's profile directory.
        public let profile: FilePath
        /// Package and stem.
        public let name: String
        /// Why.
        public let reason: ColdReason

        init(_ unit: Unit, _ reason: ColdReason) {
            profile = unit.profile
            name = unit.name
            self.reason = reason
        }
    }

    /// The workspace that gives.
    public let donor: CargoWorkspace
    /// The workspace that receives.
    public let recipient: CargoWorkspace
    /// Units to take.
    public let taken: [TakenUnit]
    /// Units to leave.
    public let cold: [ColdUnit]
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

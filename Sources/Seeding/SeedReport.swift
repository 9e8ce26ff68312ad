import SystemPackage

/// A unit that was taken.
public struct SeededUnit: Sendable {
    /// The unit's profile directory.
    public let profile: FilePath
    /// The package.
    public let package: String
    /// The version of its package; nil where it is not known.
    public let version: String?
    /// The stem of its fingerprint's files, which says what it is.
    public let stem: String
    /// The root of the worktree that it was taken from.
    public let donor: FilePath
    /// Whether any of its files is a hard link to the donor's.
    public let isLinked: Bool
    /// Bytes of its files, shared or not.
    public let bytes: Int64
}

/// What a seeding did.
public struct SeedReport: Sendable {
    /// Units of which at least one file is a hard link to the donor's.
    public var linkedUnits = 0
    /// Units of which everything is a private copy.
    public var copiedUnits = 0
    /// Files that were hard-linked.
    public var linkedFiles = 0
    /// Files that were copied or written.
    public var copiedFiles = 0
    /// Bytes of the linked files: what the two worktrees share.
    public var sharedBytes: Int64 = 0
    /// Bytes written to blocks of their own.
    public var writtenBytes: Int64 = 0
    /// Bytes of copies that share their blocks with the donor's until one side changes (reflinks).
    public var clonedBytes: Int64 = 0
    /// Units that were taken.
    public var taken: [SeededUnit] = []
    /// Units left cold, by the plan or on the way.
    public var cold: [SeedPlan.ColdUnit] = []
    /// Units left behind, since no build can reach them any more.
    public var left: [SeedPlan.ColdUnit] = []
    /// Why seeding ended before it was through, if it did.
    public var stopped: String?

    /// Nothing was done.
    public init() {}

    /// Adds up the reports of several workspaces.
    public static func + (a: SeedReport, b: SeedReport) -> SeedReport {
        var sum = a
        sum.linkedUnits += b.linkedUnits
        sum.copiedUnits += b.copiedUnits
        sum.linkedFiles += b.linkedFiles
        sum.copiedFiles += b.copiedFiles
        sum.sharedBytes += b.sharedBytes
        sum.writtenBytes += b.writtenBytes
        sum.clonedBytes += b.clonedBytes
        sum.taken += b.taken
        sum.cold += b.cold
        sum.left += b.left
        sum.stopped = a.stopped ?? b.stopped
        return sum
    }
}

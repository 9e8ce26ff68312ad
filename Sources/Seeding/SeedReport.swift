import SystemPackage

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
    /// Units left cold, by the plan or on the way.
    public var cold: [SeedPlan.ColdUnit] = []
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
        sum.cold += b.cold
        sum.stopped = a.stopped ?? b.stopped
        return sum
    }
}

import Seeding
import SystemPackage

/// What a seeding did, or would do, in the JSON of `new` and `seed`.
struct SeedJSON: Encodable {
    /// The worktrees that units were taken from, the primary donor first.
    let donors: [String]
    /// Why nothing was seeded, where that is so.
    let skipped: String?
    let unitsLinked: Int
    let unitsCopied: Int
    let unitsCold: Int
    let unitsLeft: Int
    let bytesShared: Int64
    /// To blocks of their own.
    let bytesWritten: Int64
    /// Copies that share their blocks (reflinks).
    let bytesCloned: Int64
    /// Of units that no build can reach any more.
    let bytesLeft: Int64
    let stopped: String?
    let units: [UnitJSON]

    init(_ report: SeedReport, donors: [FilePath], skipped: String?) {
        self.donors = donors.map(\.string)
        self.skipped = skipped
        unitsLinked = report.linkedUnits
        unitsCopied = report.copiedUnits
        unitsCold = report.cold.count
        unitsLeft = report.left.count
        bytesShared = report.sharedBytes
        bytesWritten = report.writtenBytes
        bytesCloned = report.clonedBytes
        bytesLeft = report.left.reduce(0) { $0 + $1.bytes }
        stopped = report.stopped
        units = report.taken.map(UnitJSON.init) + (report.cold + report.left).map(UnitJSON.init)
    }

    init(_ plans: [SeedPlan], donors: [FilePath], skipped: String?) {
        self.donors = donors.map(\.string)
        self.skipped = skipped
        unitsLinked = plans.reduce(0) { $0 + $1.linkedUnits }
        unitsCopied = plans.reduce(0) { $0 + $1.copiedUnits }
        unitsCold = plans.reduce(0) { $0 + $1.cold.count }
        unitsLeft = plans.reduce(0) { $0 + $1.left.count }
        bytesShared = plans.reduce(0) { $0 + $1.sharedBytes }
        bytesWritten = plans.reduce(0) { $0 + $1.privateBytes }
        bytesCloned = 0
        bytesLeft = plans.flatMap(\.left).reduce(0) { $0 + $1.bytes }
        stopped = nil
        units = plans.flatMap { $0.taken.map(UnitJSON.init) + ($0.cold + $0.left).map(UnitJSON.init) }
    }
}

import Seeding
import Worktrees

/// `wt new --json`.
struct NewJSON: Encodable {
    struct Cold: Encodable {
        let profile: String
        let unit: String
        let reason: String

        init(_ unit: SeedPlan.ColdUnit) {
            profile = unit.profile.string
            self.unit = unit.name
            reason = unit.reason.description
        }
    }

    struct Seed: Encodable {
        let donor: String?
        let skipped: String?
        let unitsLinked: Int
        let unitsCopied: Int
        let unitsCold: Int
        let bytesShared: Int64
        let bytesWritten: Int64
        let bytesCloned: Int64
        let stopped: String?
        let cold: [Cold]
    }

    let version = 1
    let path: String
    let branch: String?
    let branchCreated: Bool
    let commit: String
    let native: Bool
    let gitReasons: [String]
    let seed: Seed
    let notes: [String]
    let secondsCheckout: Double
    let secondsSeeding: Double

    init(_ result: NewResult) {
        path = result.path.string
        branch = result.choice.branch
        branchCreated = result.choice.isNew
        commit = result.commit.description
        native = result.obstacles.isEmpty
        gitReasons = result.obstacles.map(\.reason)
        let report = result.seed
        seed = Seed(
            donor: result.donor?.string, skipped: result.unseededReason, unitsLinked: report.linkedUnits,
            unitsCopied: report.copiedUnits, unitsCold: report.cold.count, bytesShared: report.sharedBytes,
            bytesWritten: report.writtenBytes, bytesCloned: report.clonedBytes, stopped: report.stopped,
            cold: report.cold.map(Cold.init))
        notes = result.notes + result.knownLimits
        secondsCheckout = result.durations.checkout.seconds
        secondsSeeding = result.durations.seeding.seconds
    }
}

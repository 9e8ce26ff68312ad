import Seeding
import Worktrees

/// `wt new --json`.
struct NewJSON: Encodable {
    let version = 1
    let path: String
    let branch: String?
    let branchCreated: Bool
    let commit: String
    let native: Bool
    let gitFiles: Int
    let gitReasons: [String]
    let seed: SeedJSON
    let include: IncludeJSON?
    let notes: [String]
    let secondsCheckout: Double
    let secondsSeeding: Double

    init(_ result: NewResult) {
        path = result.path.string
        branch = result.choice.branch
        branchCreated = result.choice.isNew
        commit = result.commit.description
        native = result.obstacles.isEmpty
        gitFiles = result.conversions.positions.count
        gitReasons = (result.obstacles + result.conversions.reasons).map(\.reason)
        seed = SeedJSON(result.seed, donors: result.donors, skipped: result.unseededReason)
        include = result.included.map(IncludeJSON.init)
        notes = result.notes + result.knownLimits
        secondsCheckout = result.durations.checkout.seconds
        secondsSeeding = result.durations.seeding.seconds
    }
}

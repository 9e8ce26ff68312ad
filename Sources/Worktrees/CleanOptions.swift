/// What the user asked of `wt clean`, unchecked.
public struct CleanOptions: Sendable {
    /// The worktrees, as the user names them.
    public var names: [String] = []
    /// Only those whose work is merged.
    public var isMerged = false
    /// Only those that were last used longer ago than this many seconds.
    public var olderThan: Int64?
    /// All but these, as the user names them.
    public var allBut: [String] = []
    /// Only the units that no build can reach any more.
    public var isStaleOnly = false

    /// Asks for the worktree that the user is in.
    public init() {}

    /// Whether something selects among the worktrees.
    var isSelecting: Bool { isMerged || olderThan != nil || !allBut.isEmpty }

    /// Seconds in `text`: a whole number and `s`, `m`, `h`, `d` or `w`, for example `14d`. Nil for anything else.
    public static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400]
        guard let last = text.last, let unit = units[last], let count = Int64(text.dropLast()), count >= 0 else {
            return nil
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : seconds
    }
}

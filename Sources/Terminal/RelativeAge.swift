/// How long ago something was: `3 hours ago`, `2 days ago`. The same words, steps and rounding as git's `%ar`
/// (`show_date_relative` in date.c), because both stand side by side in a user's terminal.
public struct RelativeAge: Hashable, Sendable, CustomStringConvertible {
    /// The age in seconds; below zero for a time to come.
    public let seconds: Int64

    /// The age of something.
    public init(seconds: Int64) { self.seconds = seconds }

    /// The age at `now` of what happened at `then`, both in seconds since the epoch.
    public init(of then: Int64, at now: Int64) {
        let (difference, overflow) = now.subtractingReportingOverflow(then)
        seconds = overflow ? (now < then ? .min : .max) : difference
    }

    /// For example `3 hours ago`.
    public var description: String {
        if seconds < 0 { return "in the future" }
        if seconds < 90 { return ago(seconds, "second") }
        // Each step is rounded from the one before, as git does it.
        let minutes = rounded(seconds, 60)
        if minutes < 90 { return ago(minutes, "minute") }
        let hours = rounded(minutes, 60)
        if hours < 36 { return ago(hours, "hour") }
        let days = rounded(hours, 24)
        if days < 14 { return ago(days, "day") }
        if days < 70 { return ago((days + 3) / 7, "week") }
        if days < 365 { return ago((days + 15) / 30, "month") }
        if days < 1825 {
            let months = (days * 12 * 2 + 365) / (365 * 2)
            let (years, rest) = months.quotientAndRemainder(dividingBy: 12)
            guard rest > 0 else { return ago(years, "year") }
            return "\(Plural(Int(years), "year")), \(ago(rest, "month"))"
        }
        return ago((days + 183) / 365, "year")
    }
}

private func rounded(_ value: Int64, _ step: Int64) -> Int64 { value / step + (value % step >= step / 2 ? 1 : 0) }

private func ago(_ count: Int64, _ unit: String) -> String { "\(Plural(Int(count), unit)) ago" }

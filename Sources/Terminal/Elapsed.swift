/// How long something took, for people: `0.35 s`, `12.3 s`, `2 min 05 s`, `1 h 02 min`.
public struct Elapsed: Hashable, Sendable, CustomStringConvertible {
    /// The time that passed.
    public let duration: Duration

    /// A time that passed; less than none counts as none.
    public init(_ duration: Duration) { self.duration = max(duration, .zero) }

    /// For example `12.3 s`.
    public var description: String {
        // Rounded once for each form: 9.996 s is `10.0 s`, and 59.96 s is `1 min 00 s`.
        let hundredths = count(ofMilliseconds: 10)
        if hundredths < 10_00 { return "\(hundredths / 100).\(twoDigits(hundredths % 100)) s" }
        let tenths = count(ofMilliseconds: 100)
        if tenths < 60_0 { return "\(tenths / 10).\(tenths % 10) s" }
        let seconds = count(ofMilliseconds: 1000)
        if seconds < 3600 { return "\(seconds / 60) min \(twoDigits(seconds % 60)) s" }
        let minutes = count(ofMilliseconds: 60_000)
        return "\(minutes / 60) h \(twoDigits(minutes % 60)) min"
    }

    private func count(ofMilliseconds step: Int64) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return (milliseconds + step / 2) / step
    }
}

private func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

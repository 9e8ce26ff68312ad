/// A number with its noun: `1 unit`, `0 units`, `2 units`.
public struct Plural: Hashable, Sendable, CustomStringConvertible {
    /// How many.
    public let count: Int
    /// The noun for one.
    public let singular: String
    /// The noun for any other number.
    public let plural: String

    /// A number of things; `plural` is the noun with an `s` unless it is given.
    public init(_ count: Int, _ singular: String, _ plural: String? = nil) {
        self.count = count
        self.singular = singular
        self.plural = plural ?? singular + "s"
    }

    /// For example `2 units`.
    public var description: String { "\(count) \(noun)" }

    /// The noun alone, in the right number.
    public var noun: String { count == 1 ? singular : plural }
}

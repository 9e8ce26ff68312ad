/// One unit in the JSON of `wt new`, `wt seed` and `wt explain`.
struct UnitAnswer: Decodable {
    let package: String
    let version: String?
    let unit: String
    let kind: String
    let profile: String
    let action: String
    let reason: String?
    let bytes: Int64

    /// Package and stem.
    var name: String { "\(package) \(unit)" }
}

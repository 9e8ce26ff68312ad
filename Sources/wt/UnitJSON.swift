import Seeding
import Worktrees

/// One unit in the JSON of `new`, `seed` and `explain`.
struct UnitJSON: Encodable {
    let package: String
    /// Null where it is not known.
    let version: String?
    /// The stem of the fingerprint's files, for example `lib-serde`: what tells the units of a package apart.
    let unit: String
    /// `lib`, `bin`, `example`, `test`, `bench`, `build-script` or `build-script-run`.
    let kind: String
    /// The profile directory, for example `debug` or `x86_64-unknown-linux-gnu/release`.
    let profile: String
    /// Commands that take units: `link`, `copy`, `cold`, or `left` for a unit that no build can reach any more. `explain`:
    /// `linked`, `copied`, `cold` or `left`.
    let action: String
    let reason: String?
    let bytes: Int64

    init(
        package: String, version: String?, unit: String, profile: String, action: String, reason: String?, bytes: Int64
    ) {
        self.package = package
        self.version = version
        self.unit = unit
        kind = Self.kind(of: unit)
        self.profile = profile
        self.action = action
        self.reason = reason
        self.bytes = bytes
    }

    init(_ unit: SeededUnit) {
        self.init(
            package: unit.package, version: unit.version, unit: unit.stem, profile: unit.profile.string,
            action: unit.isLinked ? "link" : "copy", reason: nil, bytes: unit.bytes)
    }

    init(_ taken: SeedPlan.TakenUnit) {
        self.init(
            package: taken.unit.package, version: taken.version, unit: taken.unit.stem,
            profile: taken.unit.profile.string, action: taken.isLinked ? "link" : "copy", reason: nil,
            bytes: taken.sharedBytes + taken.privateBytes)
    }

    init(_ unit: SeedPlan.ColdUnit) {
        self.init(
            package: unit.package, version: unit.version, unit: unit.stem, profile: unit.profile.string,
            action: unit.reason.isUnreachable ? "left" : "cold", reason: unit.reason.description, bytes: unit.bytes)
    }

    init(_ unit: ExplainedUnit) {
        self.init(
            package: unit.package, version: unit.version, unit: unit.stem, profile: unit.profile.string,
            action: unit.action.rawValue, reason: unit.reason, bytes: unit.bytes)
    }

    /// The line of `--verbose`.
    var line: String {
        let name = version.map { "\(self.package) \($0)" } ?? package
        return "\(action): \(profile) \(name) \(unit)" + (reason.map { ": \($0)" } ?? "")
    }

    private static func kind(of stem: String) -> String {
        if stem.hasPrefix("run-build-script-") { return "build-script-run" }
        if stem.hasPrefix("build-script-") { return "build-script" }
        return String(stem.prefix { $0 != "-" })
    }
}

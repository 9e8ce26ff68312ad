import CargoCache
import Seeding
import SystemPackage

/// One unit, as far as it can be told what cargo would do with it.
public struct ExplainedUnit: Sendable {
    /// What the next build does with a unit.
    public enum Action: String, Sendable {
        /// Nothing: it is fresh, and shares at least one file with another worktree.
        case linked
        /// Nothing: it is fresh, and all its files are this worktree's own.
        case copied
        /// Compiles it, or runs it.
        case cold
        /// Nothing: it is left over from before, and no build can reach it.
        case left
    }

    /// The package's name.
    public let package: String
    /// The package's version, where that is known.
    public let version: String?
    /// What is made of it, as cargo's fingerprints name it: `lib-serde`, `test-bin-app`, `run-build-script-…`.
    public let stem: String
    /// The profile directory, for example `debug`.
    public let profile: FilePath
    /// What will be done.
    public let action: Action
    /// Why it is cold or left over; nil otherwise.
    public let reason: String?
    /// Whether it is cold beyond doubt: a unit of which nobody knows is counted as cold, too.
    public let isCertain: Bool
    /// Tells it from units of the same name: a library that is compiled and one that is checked, for example.
    public let identity: String
    /// The identity of the unit that is cold for a reason of its own and takes this one with it.
    public let cause: String?
    /// The lengths of its files here.
    public let bytes: Int64

    /// Package and stem.
    public var name: String { "\(package) \(stem)" }
}

extension ExplainedUnit {
    /// A unit that this worktree lacks and another one has. `reason` is why it was not seeded.
    init(
        missing name: String, identity: String, profile: FilePath, version: String?, reason: String, cause: String?
    ) {
        // Neither packages nor stems have spaces in them.
        let words = name.split(separator: " ", maxSplits: 1).map(String.init)
        self.init(
            package: words[0], version: version, stem: words.count > 1 ? words[1] : "", profile: profile, action: .cold,
            reason: reason, isCertain: true, identity: identity, cause: cause, bytes: 0)
    }
}

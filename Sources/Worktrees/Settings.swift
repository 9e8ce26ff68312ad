import Git
import Seeding

/// wt's settings: keys of git's configuration, so that they can be global, for a repository or for a worktree.
public struct Settings: Sendable {
    /// What is seeded.
    public enum Seed: String, CaseIterable, Sendable {
        /// Everything that may be.
        case all
        /// Nothing: a worktree as git makes it.
        case none
    }

    /// `wt.path`: where a new worktree goes.
    public var path = PathTemplate.standard
    /// `wt.seed`: `all` or `none`.
    public var seed = Seed.all
    /// `wt.copyLimit`: most bytes of executables that are copied because they must not be linked.
    public var copyLimit = SeedRequest.defaultCopyLimit

    /// The defaults.
    public init() {}

    /// Reads the settings. Throws `Failure` for a value that makes no sense, and for a `wt.` key that does not exist.
    public init(_ configuration: Configuration) throws(Failure) {
        for key in configuration.keys(withPrefix: "wt.") where !Self.keys.contains(key) {
            throw Failure(
                .usage, "there is no setting '\(key)'",
                hints: ["the settings are wt.path, wt.seed and wt.copyLimit", "git config --unset \(key)"])
        }
        if let text = configuration.string(forKey: "wt.path") {
            // With `~/` expanded.
            path = try PathTemplate(configuration.path(forKey: "wt.path")?.string ?? text)
        }
        if let text = configuration.string(forKey: "wt.seed") {
            guard let value = Seed(rawValue: text) else {
                throw Failure(.usage, "wt.seed is '\(text)'", hints: ["it can be 'all' or 'none'"])
            }
            seed = value
        }
        let limit: Int?
        do throws(GitError) {
            limit = try configuration.int(forKey: "wt.copyLimit")
        } catch {
            throw Failure(
                .usage, error.message, hints: ["a number of bytes; k, m and g are understood, for example 500m"])
        }
        if let limit {
            guard limit >= 0 else { throw Failure(.usage, "wt.copyLimit is negative") }
            copyLimit = Int64(limit)
        }
    }

    private static let keys: Set = ["wt.path", "wt.seed", "wt.copylimit"]
}

import Seeding

/// What a seeding leaves cold by its nature, in a line for each kind: facts about the repository and its settings, in
/// which nothing has failed and about which only its owner could do something.
public enum KnownLimits {
    /// One line for each kind that occurs among the units, with their number.
    public static func lines(of cold: [SeedPlan.ColdUnit]) -> [String] {
        kinds.compactMap { reason, explanation in
            let count = cold.count { $0.reason == reason }
            guard count > 0 else { return nil }
            return "\(count) \(count == 1 ? "unit stays" : "units stay") cold: \(explanation)"
        }
    }

    /// Cargo's own facts: `path` in a fingerprint is a hash of the absolute path of the root source for all but members;
    /// rustflags are compared as text; a package id outside the workspace's root contains an absolute path.
    private static let kinds: [(reason: ColdReason, explanation: String)] = [
        (.vendored, "vendored inside the repository, cargo rebuilds them wherever the path changes"),
        (.pathInRustflags, "rustflags name a worktree's path, cargo rebuilds everything where they are others"),
        (
            .outsideWorkspace,
            "path dependencies outside the workspace's root, each worktree has its own hashes for them"
        ),
        (.notADependency, "packages of the repository's own, which wt.seed = deps leaves out"),
        (.copyLimit, "copying them would exceed wt.copyLimit, cargo makes them anew"),
    ]
}

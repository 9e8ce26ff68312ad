import Git
import Seeding
import SystemPackage

/// A key of wt's: what is read, and what is said about it in `wt --help`, in `wt help settings` and in the README.
public struct Setting: Sendable {
    /// As the documentation spells it, for example `wt.copyLimit`.
    public let key: String
    /// What it can be.
    public let values: String
    /// What holds where it is not set; nil for nothing.
    public let standard: String?
    /// What it is for, in one clause.
    public let meaning: String
    /// What else there is to know, in whole sentences.
    public let details: String?
    /// Puts the value of a configuration in which the key is set into the settings.
    let read: @Sendable (Source, inout Settings) throws(Failure) -> Void

    /// A configuration, and whose it is.
    struct Source {
        let configuration: Configuration
        /// Whether it is a committed `.wtconfig`, which somebody else may have written.
        let isFromRepository: Bool
    }

    private init(
        _ key: String, _ values: String, standard: String? = nil, _ meaning: String, details: String? = nil,
        read: @escaping @Sendable (Source, inout Settings) throws(Failure) -> Void
    ) {
        self.key = key
        self.values = values
        self.standard = standard
        self.meaning = meaning
        self.details = details
        self.read = read
    }

    /// All that there are. A hook's commands are not read with the others (`Settings.hooks`).
    public static let all = [path, seed, from, copyLimit, branchDelete] + HookEvent.allCases.map(hook)

    private static let path = Setting(
        "wt.path", "a path with `{branch}`, and `{parent}` and `{repo}` where wanted",
        standard: PathTemplate.standard.description, "where new worktrees go",
        details: """
            A relative path counts from the main worktree. In .wtconfig it begins with {parent}/{repo} and at least one \
            more letter, for example {parent}/{repo}.worktrees/{branch}: what a repository says can name no other place.
            """
    ) { source, settings throws(Failure) in
        // With `~/` expanded.
        let text = source.text("wt.path")
        settings.path = try PathTemplate(
            source.configuration.path(forKey: "wt.path")?.string ?? text, isFromRepository: source.isFromRepository,
            at: source.place("wt.path"))
    }

    private static let seed = Setting(
        "wt.seed", "`all`, `deps`, `none`", standard: Settings.Seed.all.rawValue,
        "what wt new takes from other worktrees",
        details: """
            With deps the units of registry and git packages, and none of the repository's own packages; with none it \
            makes worktrees as git does. wt seed knows deps, too.
            """
    ) { source, settings throws(Failure) in
        settings.seed = try source.choice("wt.seed")
    }

    private static let from = Setting(
        "wt.from", "worktrees, several times for several, or `none`",
        "the worktrees to take units from, instead of the best ones",
        details: """
            Those that are not there are passed over, and wt chooses when none of them is. --from overrides it. none, or \
            an empty value, takes back what stands before it.
            """
    ) { source, settings throws(Failure) in
        settings.donors = source.configuration.strings(forKey: "wt.from").reduce(into: []) { names, name in
            if name.isEmpty || name == "none" || names == ["none"] { names = [] }
            if !name.isEmpty { names.append(name) }
        }
    }

    private static let copyLimit = Setting(
        "wt.copyLimit", "bytes, with `k`, `m` or `g` behind", standard: "1g",
        "most bytes to write for one worktree",
        details: """
            Reflinks do not count, and neither do the files that .worktreeinclude names. What exceeds it stays cold, the largest units first. It is for the disk: executables were copied in a \
            seventh of the time that it took to make them anew, or less.
            """
    ) { source, settings throws(Failure) in
        let limit: Int?
        do throws(GitError) {
            limit = try source.configuration.int(forKey: "wt.copyLimit")
        } catch {
            throw Failure(
                .usage, error.message + source.place("wt.copyLimit"),
                hints: ["a number of bytes; k, m and g are understood, for example 500m"])
        }
        guard let limit, limit >= 0 else {
            throw Failure(.usage, "wt.copyLimit is negative\(source.place("wt.copyLimit"))")
        }
        settings.copyLimit = Int64(limit)
    }

    private static let branchDelete = Setting(
        "wt.branchDelete", "`merged`, `never`", standard: Settings.BranchDelete.merged.rawValue,
        "when a removed worktree's branch goes",
        details: "--keep-branch and --delete-branch override it."
    ) { source, settings throws(Failure) in
        settings.branchDelete = try source.choice("wt.branchDelete")
    }

    private static func hook(_ event: HookEvent) -> Setting {
        let meaning =
            switch event {
            case .postNew: "run in a new worktree, when it is complete"
            case .preRemoval: "run in a worktree before it is removed; a failure keeps it"
            case .postRemoval: "run in the main worktree when another one was removed"
            }
        return Setting(event.key, "a shell command, several times for several", meaning) {
            source, settings throws(Failure) in
            settings.hooks[event] = try source.commands(event)
        }
    }
}

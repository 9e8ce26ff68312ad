import FileTree
import SystemPackage

/// How a commit is checked out without a difference to `git worktree add`.
public struct CheckoutWay: Sendable {
    /// The commit's files; nil where libgit2 cannot list them.
    public let tree: TreeListing?
    /// Why `Repository.addWorktreeWithGit` has to do it. Empty when `WorktreeRegistration`, `Checkout` and
    /// `IndexWriter` do the same; `tree` is not nil then.
    public let obstacles: [Obstacle]
    /// Files that are left to git even so: `Repository.resetWithGit` writes them when all others are there.
    public let conversions: Conversions
}

extension Repository {
    /// Decides how `commit` is checked out; nothing is written. What cannot be judged goes to git.
    public func wayToCheckOut(_ commit: ObjectID) -> CheckoutWay {
        let none = Conversions()
        if let refusal { return CheckoutWay(tree: nil, obstacles: [refusal], conversions: none) }
        do throws(GitError) {
            let tree = try self.tree(of: commit)
            var obstacles = try nativeObstacles(for: tree)
            let conversions = try self.conversions(in: tree)
            // With nothing left to write natively there is no point in going two ways.
            if conversions.areAll { obstacles += conversions.reasons }
            return CheckoutWay(
                tree: tree, obstacles: obstacles, conversions: obstacles.isEmpty ? conversions : none)
        } catch {
            return CheckoutWay(
                tree: nil, obstacles: [Obstacle(.refusedByLibgit2, "libgit2 fails (\(error.message))")],
                conversions: none)
        }
    }

    /// Everything that makes a native checkout of `tree` differ from git's, found before anything is written. Empty
    /// means that the files, their modes and the index will be the same, but for `conversions(in:)`. Throws `GitError`
    /// as `repositoryObstacles`.
    public func nativeObstacles(for tree: TreeListing) throws(GitError) -> [Obstacle] {
        var found = try repositoryObstacles()
        if let problem = tree.problem { found.append(Obstacle(.treeEntry, "git might refuse its tree (\(problem))")) }
        found += hookObstacles(tree)
        return found
    }

    /// The part of it that does not depend on the tree. Throws `GitError` for a configuration value that git would
    /// refuse too.
    public func repositoryObstacles() throws(GitError) -> [Obstacle] {
        var found: [Obstacle] = []
        if let refusal { found.append(refusal) }
        found += try configurationObstacles()
        found += indexObstacles()
        found += includeObstacles()
        found += fileObstacles()
        return found
    }

    private func configurationObstacles() throws(GitError) -> [Obstacle] {
        var found: [Obstacle] = []
        func add(_ key: String, _ what: String) {
            found.append(Obstacle(.configuration(key), "\(what) (\(key))"))
        }
        let switches = [
            ("core.sparseCheckout", "the repository has a sparse checkout"),
            ("core.splitIndex", "the index is split"),
            ("index.sparse", "the index is sparse"),
            ("core.ignoreCase", "file names are compared without their case"),
            ("core.protectHFS", "names are checked for other file systems"),
            ("worktree.useRelativePaths", "worktrees are registered by relative paths"),
        ]
        for (key, what) in switches where try configuration.bool(forKey: key) == true { add(key, what) }
        if try configuration.bool(forKey: "core.symlinks") == false { add("core.symlinks", "symlinks are files") }
        // `input` and other words are no booleans.
        if let text = configuration.string(forKey: "core.autocrlf"), text.lowercased() != "input",
            try configuration.bool(forKey: "core.autocrlf") == true
        {
            add("core.autocrlf", "line ends are converted")
        }
        if configuration.string(forKey: "core.eol")?.lowercased() == "crlf" { add("core.eol", "line ends are CR LF") }
        if let shared = configuration.string(forKey: "core.sharedRepository"),
            !["umask", "false", "0", "no", "off"].contains(shared.lowercased())
        {
            add("core.sharedRepository", "the repository is shared, which gives files other modes")
        }
        // Read by `Configuration.path(forKey:)` as they stand.
        for key in ["core.hooksPath", "core.attributesFile"] {
            guard let text = configuration.string(forKey: key) else { continue }
            if text.hasPrefix("~") && text != "~" && !text.hasPrefix("~/") || text.hasPrefix("%(prefix)") {
                add(key, "a path begins with a user's name or git's own place")
            }
        }
        if configuration.string(forKey: "core.logAllRefUpdates")?.lowercased() == "always" {
            add("core.logAllRefUpdates", "every reference has a log, ORIG_HEAD included")
        }
        if configuration.string(forKey: "attr.tree") != nil { add("attr.tree", "attributes come from another tree") }
        let promisors = configuration.keys(withPrefix: "remote.").filter {
            $0.hasSuffix(".promisor") || $0.hasSuffix(".partialclonefilter")
        }
        for key in promisors { add(key, "the repository is a partial clone") }
        return found
    }

    private func fileObstacles() -> [Obstacle] {
        var found: [Obstacle] = []
        if rewritesObjects {
            found.append(Obstacle(.repositoryFile("refs/replace"), "objects are replaced (git replace, grafts)"))
        }
        let packs = location.commonDirectory.pushing("objects/pack")
        let names = (try? Directory(packs).entries()) ?? []
        if names.contains(where: { $0.name.extension == "promisor" }) {
            found.append(Obstacle(.repositoryFile("objects/pack"), "the repository is a partial clone"))
        }
        return found
    }

    /// The hooks that git would run on its way; `runPostCheckout` takes care of the one at the end.
    private func hookObstacles(_ tree: TreeListing) -> [Obstacle] {
        ["reference-transaction", "post-index-change"].compactMap { name in
            guard hook(name) != nil || hasHook(name, in: tree) else { return nil }
            return Obstacle(.hook(name), "there is a \(name) hook")
        }
    }
}

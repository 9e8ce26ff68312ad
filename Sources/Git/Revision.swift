import CLibGit2

extension Repository {
    /// The commit that `startPoint` names: a branch, a tag, an id or its beginning, `HEAD~3`, `@{-1}`, `-`,
    /// `origin/main`. Throws `GitError`: `unbornHead` for a `HEAD` without a commit, `notFound` when it names no commit
    /// (or several).
    public func resolve(startPoint: String) throws(GitError) -> ObjectID {
        // As `git worktree add` and `git switch` read it.
        let name = startPoint == "-" ? "@{-1}" : startPoint
        if let handle, Self.isPlain(name), let id = nativeCommit(name, handle) { return id }
        // Everything else, every failure included, is git's to judge: its dates, searches and abbreviations differ
        // from libgit2's in ways that end at another commit.
        // The search `:/words` takes everything behind it as words.
        let object = name.hasPrefix(":/") ? try parseWithGit(name)?.description : name
        if let object, let id = try parseWithGit("\(object)^{commit}") { return id }
        if name == "HEAD" || name == "@", case .branch(let branch, nil) = head() {
            throw GitError(.unbornHead, "the branch '\(branch)' has no commit yet")
        }
        throw GitError(.notFound, "'\(startPoint)' names no commit")
    }

    /// The one best common ancestor that `<a>...<b>` stands for where a branch begins, a missing side being `HEAD`
    /// (get_oid_mb, object-name.c); nil for any other name. Throws `GitError`: `notFound` when there is none, or several.
    public func mergeBase(startPoint: String) throws(GitError) -> ObjectID? {
        guard let dots = startPoint.firstRange(of: "...") else { return nil }
        var sides: [String] = []
        for side in [startPoint[..<dots.lowerBound], startPoint[dots.upperBound...]] {
            sides.append(try resolve(startPoint: side.isEmpty ? "HEAD" : String(side)).description)
        }
        let found = try git.run(["merge-base", "--all"] + sides, accepting: [0, 1]).output.split(separator: 0x0a)
        guard found.count == 1, let id = ObjectID(hex: found[0].text) else {
            throw GitError(.notFound, "'\(startPoint)' names no commit")
        }
        return id
    }

    private func parseWithGit(_ revision: String) throws(GitError) -> ObjectID? {
        let outcome = try git.run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", revision], accepting: [0, 1, 128])
        return outcome.status == 0 ? ObjectID(hex: outcome.output.trimmedEnd.text) : nil
    }

    /// Whether `name` is a plain reference name or id, with `~n` and `^n` behind at most. References that each worktree
    /// has for itself are none: libgit2 would take the main worktree's.
    private static func isPlain(_ name: String) -> Bool {
        let words = name.split { "/~^".contains($0) }
        guard words.allSatisfy({ !["worktree", "worktrees", "main-worktree", "bisect", "rewritten"].contains($0) })
        else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-~^".utf8.contains(byte)
            }
        }
    }

    private func nativeCommit(_ name: String, _ handle: OpaquePointer) -> ObjectID? {
        guard !rewritesObjects else { return nil }
        var object: OpaquePointer?
        var commit: OpaquePointer?
        guard git_revparse_single(&object, handle, name) == 0 else { return nil }
        defer { git_object_free(object) }
        guard git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0, let id = git_object_id(commit) else {
            return nil
        }
        defer { git_object_free(commit) }
        return ObjectID(id.pointee)
    }
}

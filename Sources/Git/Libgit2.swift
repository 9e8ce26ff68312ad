import CLibGit2

/// The library itself: started once, never shut down, since a command ends soon enough.
enum Libgit2 {
    /// Starts the library on first use; every entry into it goes through here.
    static func start() { _ = started }

    private static let started: Void = {
        git_libgit2_init()
        // Both look at every object once more (SHA1DC of all bytes read; a lookup of every object written), which
        // git does not do either: together they double the time of a checkout. `git fsck` is the place for that.
        _ = wt_git_libgit2_switch(Int32(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION.rawValue), 0)
        _ = wt_git_libgit2_switch(Int32(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION.rawValue), 0)
        // GIT_OPT_SET_EXTENSIONS stays alone on purpose: it only silences libgit2's refusal, and what lies behind it
        // (config.worktree, relative links, sha256, reftable) would then be misread. Such repositories go to git.
    }()

    /// Calls a function of libgit2, and throws what it left in `git_error_last` when it returns less than 0. The
    /// message is per thread and the next call replaces it, so it is read here, at once.
    @discardableResult
    static func call(_ doing: String, _ function: () -> Int32) throws(GitError) -> Int32 {
        git_error_clear()
        let code = function()
        guard code < 0 else { return code }
        throw lastError(code, doing)
    }

    private static func lastError(_ code: Int32, _ doing: String) -> GitError {
        let last = git_error_last()
        let reason = last?.pointee.message.map { String(cString: $0) } ?? "libgit2 gave no reason (\(code))"
        let message = "\(doing): \(reason)"
        let unsupported = "unsupported extension name "
        if let name = reason.dropped(prefix: unsupported) {
            return GitError(.unsupported(feature: name), message)
        }
        switch code {
        case GIT_ENOTFOUND.rawValue: return GitError(.notFound, message)
        case GIT_EAMBIGUOUS.rawValue: return GitError(.ambiguous, message)
        case GIT_EEXISTS.rawValue: return GitError(.exists, message)
        case GIT_EINVALIDSPEC.rawValue: return GitError(.invalidName, message)
        case GIT_EUNBORNBRANCH.rawValue: return GitError(.unbornHead, message)
        case GIT_EOWNER.rawValue: return GitError(.ownership, message)
        default: return GitError(.other, message)
        }
    }
}

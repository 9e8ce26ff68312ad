import Testing

@testable import Worktrees

/// Settings, from the configuration and from the environment.
extension SameAsGitTests {
    static let index: [Row] = [
        Row("index version 2", "git config index.version 2"),
        Row("index version 4", isNative: false, "git config index.version 4"),
        Row("many files", isNative: false, "git config feature.manyFiles true"),
        Row("an untracked cache", isNative: false, "git config core.untrackedCache true"),
        Row(
            "an untracked cache where there is one",
            "git config core.untrackedCache keep; git update-index --untracked-cache"),
        Row("an index for threads", isNative: false, "git config index.threads 2"),
        Row("an index for one thread", "git config index.threads 1"),
        Row("the end of the entries", isNative: false, "git config index.recordEndOfIndexEntries true"),
        Row("an index that is split", isNative: false, "git config core.splitIndex true"),
        Row("an index that was split", "git update-index --split-index"),
        Row("an index of version 4 in the main worktree", "git update-index --index-version 4"),
        Row("a file system monitor", isNative: false, "git config core.fsmonitor \"$(pwd)/../no monitor\""),
        Row("no file system monitor", "git config core.fsmonitor false"),
        Row("index version 4 from the environment", isNative: false, with: ["GIT_INDEX_VERSION": "4"], ":"),
    ]

    /// A file that is included on a condition that holds in the new worktree only, or nowhere.
    private static func include(_ condition: String, _ lines: String, file: String = "included") -> String {
        "git config 'includeIf.\(condition).path' \(file); printf '\(lines)' > .git/included"
    }

    static let includes: [Row] = [
        Row(
            "an include for the new branch", isNative: false, include("onbranch:new", "[core]\\n\\tautocrlf = true\\n")),
        Row(
            "an include for other branches", isNative: false, include("onbranch:main", "[core]\\n\\tautocrlf = true\\n")
        ),
        Row("an identity for the new branch", include("onbranch:new", "[user]\\n\\tname = Somebody\\n")),
        Row(
            "an include for linked worktrees", isNative: false,
            include("gitdir:worktrees/", "[core]\\n\\teol = crlf\\n")),
        Row(
            "an include for this repository", isNative: false,
            include("gitdir:repository/.git", "[filter \"up\"]\\n\\tsmudge = tr a-z A-Z\\n")),
        Row("an include of nothing", include("onbranch:new", "", file: "nowhere")),
        Row("an include in an include", isNative: false, include("onbranch:new", "[include]\\n\\tpath = ../more\\n")),
    ]

    static let settings: [Row] = [
        Row(
            "settings that change nothing here",
            """
            git config core.fsync all; git config core.fsyncMethod batch; git config core.compression 9
            git config core.preloadIndex false; git config core.checkStat minimal; git config core.trustctime false
            git config checkout.workers 4; git config checkout.guess false; git config core.safecrlf true
            git config gc.auto 1; git config core.bigFileThreshold 1k; git config core.precomposeunicode true
            git config advice.detachedHead false; git config checkout.thresholdForParallelism 1
            """),
        Row("names without case", isNative: false, "git config core.ignoreCase true"),
        Row("a repository that all may read", isNative: false, "git config core.sharedRepository all"),
        Row("a repository that is not shared", "git config core.sharedRepository umask"),
        Row("attributes in a user's home", isNative: false, "git config core.attributesFile '~root/attributes'"),
        Row("a commit that is signed, if git likes", "git config commit.gpgSign true; git config tag.gpgSign true"),
        Row(
            "configuration from the environment", isNative: false,
            with: ["GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.autocrlf", "GIT_CONFIG_VALUE_0": "true"], ":"),
        Row("a log with other words", isNative: false, with: ["GIT_REFLOG_ACTION": "by hand"], ":"),
        Row(
            "another committer", with: ["GIT_COMMITTER_NAME": "Ünsal <x>", "GIT_COMMITTER_DATE": "1234567890 +0230"],
            ":"),
        Row(
            "a repository that is named", isNative: false, from: "..",
            with: ["GIT_DIR": "repository/.git", "GIT_WORK_TREE": "repository"], ":"),
        Row("a namespace", isNative: false, with: ["GIT_NAMESPACE": "n"], ":"),
        Row("no replaced objects", isNative: false, with: ["GIT_NO_REPLACE_OBJECTS": "1"], "git replace HEAD topic"),
        Row("patterns that are literal", with: ["GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"], ":"),
    ]

    @Test(arguments: index + includes + settings) func everySetting(_ row: Row) throws { try compare(row) }
}

import FileTree
import Git
import Seeding
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// The keys of git's configuration that wt reads.
@Suite struct SettingsTests {
    private func settings(_ script: String, in place: FilePath? = nil) throws -> Settings {
        let sandbox = try Sandbox()
        try sandbox.sh(script)
        return try Settings(sandbox.open().configuration)
    }

    @Test func theDefaults() throws {
        let settings = try settings(":")
        #expect(settings.path == .standard)
        #expect(settings.path.description == "{parent}/{repo}.{branch}")
        #expect(settings.seed == .all)
        #expect(settings.copyLimit == SeedRequest.defaultCopyLimit)
        #expect(settings.branchDelete == .merged && settings.donors.isEmpty && settings.hooks.isEmpty)
        // What is said to hold where nothing is set.
        for setting in Setting.all {
            guard let standard = setting.standard else { continue }
            let set = try self.settings("git config \(setting.key) '\(standard)'")
            #expect("\(set)" == "\(settings)", "\(setting.key)")
        }
    }

    @Test func valuesAreRead() throws {
        let settings = try settings(
            "git config wt.path '~/w/{branch}'; git config WT.Seed none; git config wt.CopyLimit 3m")
        // HOME in a sandbox is the directory `home`.
        #expect(settings.path.description.hasSuffix("/home/w/{branch}"))
        #expect(settings.path.description.hasPrefix("/"))
        #expect(settings.seed == .none)
        #expect(settings.copyLimit == 3 << 20)
    }

    @Test(arguments: [
        ("wt.path", "/a/fixed/place", "the same for every branch"), ("wt.path", "", "the same for every branch"),
        ("wt.path", "{branch}/{user}", "unknown placeholder"), ("wt.path", "~you/{branch}", "home directory"),
        ("wt.path", "{branch", "the same for every branch"),
        ("wt.path", "{branch}}", "unknown placeholder"), ("wt.seed", "dep", "wt.seed is 'dep'"),
        ("wt.seed", "ALL", "wt.seed is 'ALL'"), ("wt.seed", "", "wt.seed is ''"),
        ("wt.copyLimit", "many", "bad numeric value"),
        ("wt.copyLimit", "-1", "negative"), ("wt.copyLimit", "", "bad numeric value"),
        ("wt.copyLimit", "99999999999999999999", "bad numeric value"),
        ("wt.copyLimit", "9999999999g", "bad numeric value"),
        ("wt.sead", "all", "no setting 'wt.sead'"), ("wt.hook.create", "rm -rf /", "no setting 'wt.hook.create'"),
        ("wt.Hook.post-new", "true", "no setting 'wt.Hook.post-new'"), ("wt.branchDelete", "always", "'always'"),
    ])
    func badValuesAreRefused(_ key: String, _ value: String, _ message: String) throws {
        let failure = try #require(try failure { try settings("git config \(key) '\(value)'") })
        #expect(failure.kind == .usage)
        #expect(failure.message.contains(message))
        // And the file.
        #expect(failure.message.hasSuffix("/repository/.git/config)"), "\(failure.message)")
    }

    @Test(arguments: [
        ("wt.sead", "all", "did you mean wt.seed?"), ("wt.hook.postnew", "x", "did you mean wt.hook.post-new?"),
        ("wt.hook.pre-remove", "x", "did you mean wt.hook.pre-rm?"),
        ("wt.copy-limit", "1", "did you mean wt.copyLimit?"),
        ("wt.hooks.post-new", "x", "did you mean wt.hook.post-new?"), ("wt.seed", "dpes", "did you mean 'deps'?"),
        ("wt.branchDelete", "Merged", "did you mean 'merged'?"), ("wt.from-where", "x", "the settings are wt.path, "),
        ("wt.seed", "everything", "it can be 'all', 'deps' and 'none'"),
    ])
    func whatMayHaveBeenMeantIsSaid(_ key: String, _ value: String, _ hint: String) throws {
        let failure = try #require(try failure { try settings("git config \(key) '\(value)'") })
        #expect(failure.hints.first?.hasPrefix(hint) == true, "\(failure.hints)")
    }

    @Test func aFileThatIsIncludedIsSaidToBe() throws {
        let script = "git config -f ../more wt.sead all; git config include.path ../../more"
        let failure = try #require(try failure { try settings(script) })
        #expect(failure.message.contains("(included by /") && failure.message.hasSuffix("/.git/config)"))
    }

    @Test func severalValuesAreAList() throws {
        let settings = try settings(
            """
            git config --add wt.from none; git config --add wt.from main; git config --add wt.from other
            git config --add wt.hook.post-new old; git config --add wt.hook.post-new ''
            git config --add wt.hook.post-new 'a b'; git config --add wt.hook.post-new c; git config wt.hook.pre-rm d
            """)
        #expect(settings.donors == ["main", "other"])
        #expect(settings.hooks[.postNew]?.map(\.text) == ["a b", "c"])
        #expect(settings.hooks[.preRemoval]?.map(\.text) == ["d"])
        #expect(settings.hooks[.postRemoval] == nil)
        #expect(try self.settings("git config --add wt.from main; git config --add wt.from none").donors == ["none"])
        #expect(try self.settings("git config --add wt.from main; git config --add wt.from ''").donors == [])
    }

    /// The README has the table that the code has, word for word.
    @Test func theTableInTheReadmeIsTheCodes() throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
        let text = String(decoding: try readFile(root.appending("README.md")), as: UTF8.self)
        let start = try #require(text.firstRange(of: "<!-- settings: "))
        let end = try #require(text.firstRange(of: "\n<!-- end of settings -->"))
        let table = text[start.upperBound..<end.lowerBound].split(separator: "\n", maxSplits: 1).last.map(String.init)
        #expect(table == Setting.markdownTable)
        for setting in Setting.all {
            #expect(Setting.topic.contains("\n\(setting.key)\n"))
            #expect(!setting.meaning.hasSuffix("."))
        }
    }

    @Test func akeyWithoutAValueIsRefused() throws {
        let failure = try #require(try failure { try settings("printf '[wt]\\n\\tseed\\n' >> .git/config") })
        #expect(failure.message.contains("wt.seed"))
    }

    /// `wt.seed=none` and its like make a worktree as git does.
    @Test func seedingCanBeSwitchedOff() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            "echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest; mkdir -p target/debug/.fingerprint")
        #expect(try sandbox.plan(NewOptions("new")).donor?.worktree.path == sandbox.repository.path)
        #expect(try sandbox.plan(NewOptions("new", donor: "none")).unseededReason == "as asked")
        try sandbox.repository.git("config", "wt.seed", "none")
        let plan = try sandbox.plan(NewOptions("new"))
        #expect(plan.donor == nil)
        #expect(plan.unseededReason == "wt.seed is 'none'")
        try sandbox.repository.git("config", "--unset", "wt.seed")
        try sandbox.sh("rm -r target")
        #expect(try sandbox.plan(NewOptions("new")).unseededReason == "cargo has built nothing in any worktree")
        let asked = try sandbox.plan(NewOptions("new", donor: "^"))
        #expect(asked.donor == nil)
        #expect(asked.unseededReason == "cargo has built nothing in \(sandbox.repository.path)")
    }
}

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
        ("wt.path", "{branch}}", "unknown placeholder"), ("wt.seed", "deps", "wt.seed is 'deps'"),
        ("wt.seed", "ALL", "wt.seed is 'ALL'"), ("wt.seed", "", "wt.seed is ''"),
        ("wt.copyLimit", "many", "bad numeric value"),
        ("wt.copyLimit", "-1", "negative"), ("wt.copyLimit", "", "bad numeric value"),
        ("wt.copyLimit", "99999999999999999999", "bad numeric value"),
        ("wt.copyLimit", "9999999999g", "bad numeric value"),
        ("wt.sead", "all", "no setting 'wt.sead'"), ("wt.hook.create", "rm -rf /", "no setting 'wt.hook.create'"),
    ])
    func badValuesAreRefused(_ key: String, _ value: String, _ message: String) throws {
        let failure = try #require(try failure { try settings("git config \(key) '\(value)'") })
        #expect(failure.kind == .usage)
        #expect(failure.message.contains(message))
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

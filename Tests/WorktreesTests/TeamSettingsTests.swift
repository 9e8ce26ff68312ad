import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What a committed `.wtconfig` may say, and what it may not.
@Suite struct TeamSettingsTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func settings(in place: FilePath? = nil) throws -> Settings { try Settings(for: sandbox.open(place)) }

    private func write(_ text: String, in place: FilePath? = nil) throws {
        try sandbox.repository.write(".wtconfig", text, in: place)
    }

    @Test func theUsersOwnSettingsCountMore() throws {
        try write("[wt]\n\tpath = {parent}/{repo}.w/{branch}\n\tseed = deps\n\tfrom = main\n\tbranchDelete = never\n")
        #expect(try settings().path.description == "{parent}/{repo}.w/{branch}")
        #expect(try settings().seed == .deps && settings().donors == ["main"] && settings().branchDelete == .never)
        try sandbox.sh("git config wt.seed none; git config wt.path '~/x/{branch}'; git config wt.from topic")
        #expect(try settings().path.description.hasSuffix("/home/x/{branch}"))
        #expect(try settings().seed == .none && settings().donors == ["topic"] && settings().branchDelete == .never)
        // Of the worktree that one stands in.
        let other = try sandbox.repository.addWorktree("other", branch: "topic")
        #expect(try settings(in: other).branchDelete == .merged)
        // Of a bare repository there is none.
        try sandbox.sh("git clone -q --bare . ../bare.git; cp .wtconfig ../bare.git")
        #expect(try settings(in: sandbox.path("bare.git")).branchDelete == .merged)
    }

    @Test func itsHooksAreNotTheUsers() throws {
        try write("[wt \"hook\"]\npost-new = true\n")
        try sandbox.sh("git config wt.hook.pre-rm false")
        #expect(try settings().hooks.values.flatMap { $0 }.map(\.text) == ["false"])
    }

    @Test(arguments: [
        ("[wt]\n\nsead = all", "there is no setting 'wt.sead' (ROOT/.wtconfig, line 3)"),
        ("[wt]\nseed = some", "wt.seed is 'some' (ROOT/.wtconfig, line 2)"),
        ("[wt]\ncopyLimit = x", "(ROOT/.wtconfig, line 2)"),
        ("[user]\nname = x", "there is no setting 'user.name'"), ("[core]\nfsmonitor = x", "'core.fsmonitor'"),
        ("[include]\npath = /etc/passwd", "there is no setting 'include.path'"),
        ("[include]\npath = more", "there is no setting 'include.path'"),
        ("[includeIf \"gitdir:/\"]\npath = more", "there is no setting 'includeif.gitdir:/.path'"),
        ("[wt]\nseed", "wt.seed is ''"), ("[wt \"hook\"]\npost-new", "wt.hook.post-new has no value"),
        ("[wt \"hook\"]\npost-create = x", "there is no setting 'wt.hook.post-create'"),
        ("[wt\n", "cannot read ROOT/.wtconfig, line 1: "), ("[wt]\nseed = \"all", "line 2: a quote does not end"),
        (String(repeating: "#", count: 70000), "it is longer than 65536 bytes"),
    ])
    func whatItMayNotSay(_ text: String, _ message: String) throws {
        try write(text)
        try sandbox.repository.write("more", "[wt]\nseed = none\n")
        let failure = try #require(try failure { try settings() })
        #expect(failure.kind == .usage)
        #expect(
            failure.message.contains(message.replacing("ROOT", with: sandbox.repository.path.string)),
            "\(failure.message)")
    }

    /// A place that it chooses could be one where a program looks for its settings.
    @Test(arguments: [
        ("{parent}/{repo}.{branch}", true), ("{parent}/{repo}-worktrees/{branch}/x", true),
        ("{parent}/{repo}{branch}", true),
        ("{parent}/{repo}/{branch}", false), ("{parent}/{branch}", false), ("{parent}/.config/{branch}", false),
        ("/etc/{branch}", false), ("~/.ssh/{branch}", false), ("../{repo}.{branch}", false),
        (".git/hooks/{branch}", false),
        ("{parent}/{repo}.x/../{branch}", false), ("{parent}/{repo}.x/../../../etc/{branch}", false),
        ("{parent}/{repo}.git/hooks/{branch}", false), ("{parent}/{repo}.x/./{branch}", false), ("x/{branch}", false),
        ("{parent}/{repo}{parent}/systemd/{branch}", false), ("{parent}/{repo}.{parent}/{branch}", false),
        ("{parent}/{repo}.GIT/{branch}", false),
        // To Swift a slash with a combining mark behind it is no slash.
        ("{parent}/{repo}/\u{301}{branch}", false), ("{parent}/{repo}.x/../\u{301}{branch}", false),
        ("{parent}/../{repo}.{branch}", false), ("{parent}//{repo}.{branch}", true), ("{parent}/{repo}.x", false),
    ])
    func whereItMayPutWorktrees(_ path: String, _ isAllowed: Bool) throws {
        try write("[wt]\npath = \"\(path)\"\n")
        let failure = try failure { try settings() }
        #expect((failure == nil) == isAllowed, "\(String(describing: failure))")
        if let failure { #expect(failure.message.contains("(\(sandbox.repository.path)/.wtconfig, line 2)")) }
    }

    /// The place beside a submodule is in the repository around it, and a symlink there can have come with that.
    @Test(arguments: ["repository.w", "repository.w/deep"]) func aSymlinkLeadsNowhere(_ link: String) throws {
        try write("[wt]\npath = {parent}/{repo}.w/deep/{branch}\n")
        try sandbox.sh("mkdir -p ../victim/deep $(dirname ../\(link)); ln -s $PWD/../victim ../\(link)")
        let failure = try failure { try sandbox.plan(NewOptions("new")) }
        #expect(
            failure?.message.contains("\(sandbox.path(link)) leads elsewhere") == true, "\(String(describing: failure))"
        )
        // The user's own choice.
        try sandbox.repository.git("config", "wt.path", "{parent}/{repo}.w/deep/{branch}")
        #expect(try sandbox.plan(NewOptions("new")).path == sandbox.path("repository.w/deep/new"))
    }

    @Test(arguments: ["ln -s elsewhere .wtconfig", "mkfifo .wtconfig", "mkdir .wtconfig", "ln -s /dev/zero .wtconfig"])
    func whatIsNoOrdinaryFileIsNotRead(_ script: String) throws {
        try sandbox.repository.write("elsewhere", "[wt]\nseed = none\n")
        try sandbox.sh(script)
        #expect(try failure { try settings() }?.message.hasSuffix("it is not an ordinary file") == true)
        // Nor from a commit.
        try sandbox.sh("git add -A; git commit -qm odd")
        let opened = try sandbox.open()
        let head = try opened.resolve(startPoint: "HEAD")
        for tree in [nil, try opened.tree(of: head)] {
            let problem = try failure { try TeamConfiguration(of: head, tree: tree, in: opened) }
            #expect((problem == nil) == !script.hasPrefix("ln"))
        }
    }

    /// A team's donor need not be in everybody's repository.
    @Test func donorsThatAreNotThereArePassedOver() throws {
        try sandbox.sh(
            "echo '[workspace]' > Cargo.toml; git add .; git commit -qm manifest; mkdir -p target/debug/.fingerprint")
        try write("[wt]\nfrom = nowhere\nfrom = main\n")
        #expect(try sandbox.plan(NewOptions("new")).donor?.worktree.path == sandbox.repository.path)
        try write("[wt]\nfrom = nowhere\n")
        #expect(try sandbox.plan(NewOptions("new")).donor?.worktree.path == sandbox.repository.path)
        try write("[wt]\nfrom = none\n")
        #expect(try sandbox.plan(NewOptions("new")).unseededReason == "wt.from is 'none'")
        #expect(try sandbox.plan(NewOptions("new", donor: "^")).donor != nil)
    }

    @Test func branchesCanBeKept() throws {
        try sandbox.new(NewOptions("one"))
        let kept = try sandbox.removalPlan(RemovalOptions("one", force: 0, branch: .neverDeleted)).branch
        #expect(kept == .keep("one", because: "wt.branchDelete is 'never'"))
        var settings = Settings()
        settings.branchDelete = .never
        try removeTree(sandbox.path("repository.one"))
        let plan = try PrunePlan(
            merged: true, settings: settings, in: sandbox.open(), currentDirectory: sandbox.repository.path)
        #expect(plan.removals.map(\.branch) == [kept])
    }
}

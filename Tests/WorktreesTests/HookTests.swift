import ChildProcess
import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// When hooks run, where, with what, and what becomes of their failures. The user's own, from git's configuration.
@Suite struct HookTests {
    private let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func hook(_ event: HookEvent, _ command: String) throws {
        try sandbox.repository.git("config", "--add", "wt.hook.\(event.rawValue)", command)
    }

    private func removal(_ name: String, force: Int = 0) throws -> RemovalPlan {
        var options = RemovalOptions(name, force: force)
        options.hooks = try Settings(for: sandbox.open()).hooks
        return try sandbox.removalPlan(options)
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try readFile(sandbox.path(name)), as: UTF8.self)
    }

    private static let look = "{ pwd -P; env | grep ^WT_ | sort; wc -c; test ! /dev/stdout -ef /dev/stdin; } > \"$OUT\""

    /// Names that a shell would obey are in the environment, and nowhere else.
    @Test(arguments: ["plain", "$(touch${IFS}pwned)", ";touch${IFS}pwned", "a'b\"c", "`id`"])
    func theySeeWhatTheyAreAbout(_ branch: String) throws {
        var sandbox = sandbox
        sandbox.repository.environment["OUT"] = sandbox.path("out").string
        sandbox.repository.environment["WT_DONOR"] = "of a wt around this one"
        for event in HookEvent.allCases { try hook(event, Self.look) }
        let main = sandbox.repository.path
        let commit = try sandbox.repository.git("rev-parse", "HEAD")
        let made = try sandbox.new(NewOptions(branch))
        #expect(made.notes == [])
        func words(_ event: String, in place: FilePath) -> String {
            """
            \(place)\nWT_BRANCH=\(branch)\nWT_COMMIT=\(commit)\nWT_EVENT=\(event)\nWT_MAIN_WORKTREE=\(main)
            WT_WORKTREE=\(made.path)\n0\n
            """
        }
        #expect(try text("out") == words("post-new", in: made.path))
        let other = try sandbox.repository.addWorktree("other", branch: "topic")
        let plan = try removal(made.path.string)
        // Where somebody stands has nothing to do with it.
        try sandbox.repository.git("config", "--replace-all", "wt.hook.post-rm", "true")
        _ = try plan.checkedAgain(in: sandbox.open(other))
        #expect(try text("out") == words("post-new", in: made.path))
        #expect(try plan.run(in: sandbox.open()).notes == [])
        #expect(try text("out") == words("post-rm", in: main))
        #expect(try sandbox.sh("find .. -name pwned") == "")
    }

    /// Within git's own hooks, git's variables lead to another worktree.
    @Test func gitSeesTheNewWorktree() throws {
        try hook(.postNew, "git rev-parse --show-toplevel > ../out; git rev-parse --git-dir >> ../out")
        var environment = sandbox.repository.environment
        environment["GIT_DIR"] = sandbox.repository.path.appending(".git").string
        environment["GIT_INDEX_FILE"] = "somewhere"
        environment["GIT_PREFIX"] = "src/"
        let opened = try Repository(discovering: sandbox.repository.path, environment: environment)
        let plan = try NewPlan(
            NewOptions("new"), in: opened, settings: Settings(for: opened), currentDirectory: sandbox.repository.path)
        // The checkout itself is not what this is about.
        try sandbox.repository.git("worktree", "add", "--quiet", "-b", "new", plan.path.string)
        var notes: [String] = []
        #expect(
            plan.runPostNew(in: opened, at: plan.path, &notes, progress: { _ in }, isCancelled: { false }) == [])
        #expect(notes == [])
        #expect(try text("out") == "\(plan.path)\n\(sandbox.repository.path)/.git/worktrees/repository.new\n")
    }

    @Test func theyRunInOrderUntilOneFails() throws {
        try sandbox.repository.write(".wtconfig", "[wt \"hook\"]\npost-new = echo theirs >> ../out\n")
        try sandbox.repository.commit("hooks")
        try TrustPlan(of: "@", in: sandbox.open(), currentDirectory: sandbox.repository.path).approve()
        for command in ["echo mine >> ../out", "exit 3", "echo more >> ../out"] { try hook(.postNew, command) }
        let made = try sandbox.new(NewOptions("new"))
        #expect(try text("out") == "theirs\nmine\n")
        #expect(made.notes == ["the worktree is made, but post-new 'exit 3' failed with status 3"])
        #expect(made.isLessWarm)
        #expect(try sandbox.repository.git("status", "--porcelain", in: made.path) == "")
        // The file is that of the commit that is checked out.
        try sandbox.sh("rm ../out")
        try sandbox.new(NewOptions("topic"))
        #expect(try text("out") == "mine\n")
        var options = NewOptions("quiet")
        options.runsHooks = false
        #expect(try sandbox.new(options).notes == [])
        #expect(try text("out") == "mine\n")
    }

    @Test func aFileThatIsNotUnderstoodIsNoReasonToStop() throws {
        try sandbox.repository.write(".wtconfig", "[wt \"hook\"]\npost-new = touch ../theirs\npost-mew = x\n")
        try sandbox.repository.commit("hooks")
        try sandbox.sh("git rm -q .wtconfig; git commit -qm without; git branch with HEAD~1")
        try hook(.postNew, "touch ../mine")
        let made = try sandbox.new(NewOptions("with"))
        #expect(
            made.notes.count == 1 && made.notes[0].contains("there is no setting 'wt.hook.post-mew' (.wtconfig of "))
        #expect(
            FileStatus.ifPresent(sandbox.path("mine")) != nil && FileStatus.ifPresent(sandbox.path("theirs")) == nil)
        let removed = try removal("with").run(in: sandbox.open())
        #expect(removed.notes.count == 2 && FileStatus.ifPresent(made.path) == nil)
    }

    // MARK: Removal

    @Test func aFailingPreRemovalTouchesNothing() throws {
        let made = try sandbox.new(NewOptions("new"))
        try hook(.preRemoval, "exit 4")
        try hook(.postRemoval, "touch ../out")
        let before = try sandbox.snapshot()
        let refused = try #require(try failure { try removal("new").run(in: sandbox.open()) })
        #expect(refused.kind == .refused)
        #expect(refused.message == "cannot remove \(made.path): pre-rm 'exit 4' failed with status 4")
        #expect(refused.hints == ["--no-hooks removes it without asking them"])
        #expect(try sandbox.snapshot().differences(from: before) == [])
        // Without hooks.
        #expect(try sandbox.remove(RemovalOptions("new")).notes == [])
        #expect(FileStatus.ifPresent(sandbox.path("out")) == nil)
    }

    /// What is refused for its own sake does not come to a hook.
    @Test func itRunsWhenNothingElseSpeaksAgainstIt() throws {
        let made = try sandbox.new(NewOptions("new"))
        try hook(.preRemoval, "touch ../out")
        let plan = try removal("new")
        try sandbox.repository.git("worktree", "lock", made.path.string)
        #expect(try failure { try plan.run(in: sandbox.open()) } != nil)
        #expect(try failure { try removal("new") } != nil)
        try sandbox.repository.git("worktree", "unlock", made.path.string)
        try sandbox.repository.write("untracked", "", in: made.path)
        #expect(try failure { try removal("new") } != nil)
        #expect(FileStatus.ifPresent(sandbox.path("out")) == nil)
        #expect(try removal("new", force: 1).run(in: sandbox.open()).notes == [])
        #expect(FileStatus.ifPresent(sandbox.path("out")) != nil)
    }

    /// What a hook leaves behind is looked at as if it had always been there.
    @Test(arguments: [
        ("echo work > work.txt", "1 untracked"),
        ("git checkout -q --detach; git commit -q --allow-empty -m more", "on no branch"),
        ("git switch -q topic", "its branch has changed meanwhile, and is 'topic'"),
        ("git checkout -q --detach", "its branch has changed meanwhile, and is none"),
        ("git worktree lock .", "it is locked"), ("git worktree add -q --detach ./inner", "another worktree is in it"),
        ("touch .git/../a.txt; echo more >> a.txt", "1 modified"),
    ])
    func whatItDoesIsChecked(_ command: String, _ reason: String) throws {
        let made = try sandbox.new(NewOptions("new"))
        try hook(.preRemoval, command)
        let plan = try removal("new")
        let refused = try #require(try failure { try plan.run(in: sandbox.open()) })
        #expect(refused.message.contains(reason), "\(refused.message)")
        #expect(FileStatus.ifPresent(made.path.appending("src")) != nil)
        #expect(try sandbox.repository.git("worktree", "list").contains(made.path.string))
    }

    /// Not even where the branch is to go in any case: it is another one that was named.
    @Test func anotherBranchIsNotDeleted() throws {
        let made = try sandbox.new(NewOptions("new"))
        try sandbox.sh("git switch -q topic; git commit -q --allow-empty -m precious; git switch -q main")
        let commit = try sandbox.repository.git("rev-parse", "topic")
        try hook(.preRemoval, "git switch -q topic")
        var options = RemovalOptions("new", force: 0, branch: .delete)
        options.hooks = try Settings(for: sandbox.open()).hooks
        let plan = try sandbox.removalPlan(options)
        #expect(try failure { try plan.run(in: sandbox.open()) } != nil)
        #expect(try sandbox.repository.git("rev-parse", "topic") == commit)
        #expect(FileStatus.ifPresent(made.path.appending("a.txt")) != nil)
    }

    /// A merge that a hook makes counts, too.
    @Test func theBranchIsJudgedAfterIt() throws {
        let made = try sandbox.new(NewOptions("new"))
        try sandbox.repository.write("more", "more\n", in: made.path)
        try sandbox.repository.commit("more", in: made.path)
        try hook(.preRemoval, "git -C \"$WT_MAIN_WORKTREE\" merge -q \"$WT_BRANCH\"")
        let plan = try removal("new")
        guard case .keep = plan.branch else { throw TestFailure("\(plan.branch)") }
        guard case .delete("new", _, _) = try plan.run(in: sandbox.open()).branch else {
            throw TestFailure("the branch was kept")
        }
    }

    @Test func aFailingPostRemovalIsTold() throws {
        let made = try sandbox.new(NewOptions("new"))
        try hook(.postRemoval, "false")
        let result = try removal("new").run(in: sandbox.open())
        #expect(result.notes == ["\(made.path) is removed, but post-rm 'false' failed with status 1"])
        #expect(FileStatus.ifPresent(made.path) == nil)
    }

    /// A file that nobody has approved of does not decide whether a worktree goes.
    @Test func aHookThatIsNotTrustedHoldsNothingBack() throws {
        try sandbox.repository.write(
            ".wtconfig", "[wt \"hook\"]\npre-rm = touch ../theirs && false\npost-rm = touch ../theirs\n")
        try sandbox.repository.commit("hooks")
        let made = try sandbox.new(NewOptions("new"))
        #expect(made.notes == [])
        let result = try removal("new").run(in: sandbox.open())
        #expect(FileStatus.ifPresent(made.path) == nil && FileStatus.ifPresent(sandbox.path("theirs")) == nil)
        #expect(result.notes.count == 2 && result.notes.allSatisfy { $0.hasSuffix("which you have not trusted") })
        #expect(result.hints.count == 1)
    }

    /// A directory that is gone has no place for a hook and no file with one; the registration goes all the same.
    @Test func aWorktreeThatIsGoneHasNoPreRemoval() throws {
        let made = try sandbox.new(NewOptions("new"))
        try hook(.preRemoval, "touch \"$WT_MAIN_WORKTREE/../before\"")
        try hook(.postRemoval, "touch ../after")
        try removeTree(made.path)
        let settings = try Settings(for: sandbox.open())
        let plan = try PrunePlan(
            merged: false, settings: settings, runsHooks: true, in: sandbox.open(),
            currentDirectory: sandbox.repository.path)
        #expect(try plan.removals.map { try $0.run(in: sandbox.open()).wasGone } == [true])
        #expect(FileStatus.ifPresent(sandbox.path("before")) == nil)
        #expect(FileStatus.ifPresent(sandbox.path("after")) != nil)
    }

    @Test func anInterruptedPreRemovalKeepsTheWorktree() throws {
        let made = try sandbox.new(NewOptions("new"))
        try hook(.preRemoval, "touch ../begun; while :; do sleep 1; done")
        let begun = sandbox.path("begun")
        let refused = try failure {
            try removal("new").run(in: sandbox.open(), isCancelled: { FileStatus.ifPresent(begun) != nil })
        }
        #expect(refused?.kind == .interrupted)
        #expect(FileStatus.ifPresent(made.path.appending("a.txt")) != nil)
    }
}

import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Hooks, trust and `-x` through the program: streams, exit statuses, the terminal.
@Suite struct HookCommandTests {
    let directory: TemporaryDirectory
    let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory)
        try repository.commit()
    }

    private func wt(_ arguments: String..., settings: [String: String] = [:]) throws -> ChildProcess.Outcome {
        try runWT(arguments, in: repository.path, environment: repository.environment.merging(settings) { $1 })
    }

    private func exists(_ name: String) -> Bool { FileStatus.ifPresent(directory.appending(name)) != nil }

    private func json(_ outcome: ChildProcess.Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any], "\(outcome.text)")
    }

    private func writeTeamHooks() throws {
        try repository.write(
            ".wtconfig",
            """
            [wt "hook"]
                post-new = echo made; touch ../made
                pre-rm = "touch ../before # \u{202e}\u{1b}[2K"
            """.replacing("made; ", with: "made && "))
        try repository.commit("hooks")
    }

    // MARK: Trust

    @Test func untrustedCommandsAreNamedAndNotRun() throws {
        try writeTeamHooks()
        let preview = try wt("new", "--dry-run", "x")
        #expect(
            preview.text.hasSuffix("would not run post-new 'echo made && touch ../made', which you have not trusted\n"))
        let made = try wt("new", "x")
        #expect(made.status == 2)
        #expect(made.text == "\(directory.appending("repository.x"))\n")
        #expect(made.errorText.contains("warning: not run: post-new 'echo made && touch ../made', which you have"))
        #expect(made.errorText.contains("hint: wt trust \(directory.appending("repository.x"))"))
        #expect(!exists("made"))
        let removed = try wt("rm", "--wait", "x")
        #expect(removed.status == 2 && !exists("before") && !exists("repository.x"))
        // What a terminal would obey is shown, not obeyed.
        #expect(removed.errorText.contains(#"not run: pre-rm 'touch ../before # \u{202e}\x1b[2K', which"#))
    }

    @Test func trustIsGivenToWhatWasShown() throws {
        #expect(try wt("trust").errorText.contains("there are no commands in \(repository.path)/.wtconfig"))
        try writeTeamHooks()
        let refused = try wt("trust")
        #expect(refused.status == 1 && refused.errorText.contains("hint: --yes does it without asking"))
        let preview = try wt("trust", "--dry-run", "--json")
        #expect((try json(preview)["commands"] as? [[String: Any]])?.map { $0["trusted"] as? Bool } == [false, false])
        #expect(try wt("new", "a").status == 2)
        let shown = [
            "post-new: echo made && touch ../made", #"pre-rm: touch ../before # \u{202e}\x1b[2K"#,
            #"note: \x.. and \u{..} stand for characters that would not show, \\ for a backslash"#,
        ]
        let trusted = try wt("trust", "--yes", "-q")
        #expect(trusted.status == 0)
        #expect(trusted.errorText.split(separator: "\n").map(String.init) == shown)
        let made = try wt("new", "b")
        #expect(made.status == 0 && made.text == "\(directory.appending("repository.b"))\n" && exists("made"))
        #expect(made.errorText.contains("made\n"))
        #expect(try wt("trust").text.hasPrefix("post-new (trusted): "))
        #expect(try wt("trust", "--revoke").status == 0)
        #expect(try wt("new", "c").status == 2)
    }

    /// Only a `y` on the terminal is a yes.
    @Test(arguments: [("y", 0), ("n", 1), ("", 1)]) func aTerminalIsAsked(_ answer: String, _ status: Int32) throws {
        try writeTeamHooks()
        let terminal = try PseudoTerminal(
            ["sh", "-c", "echo go; read first; '\(productsDirectory)/wt' trust; echo \"status:$?\""],
            in: repository.path, environment: repository.environment)
        try terminal.wait(for: "go\n")
        // What is typed before the question is there is no answer to it.
        try terminal.type("\ry\r")
        try terminal.wait(for: "Let wt run these 2 commands in worktrees of this repository? [y/N]")
        try terminal.type("\(answer)\r")
        try terminal.wait(for: "status:\(status)\n")
        #expect(try wt("new", "x").status == (status == 0 ? 0 : 2))
    }

    /// What is approved of has only one look.
    @Test func aTextOfSeveralLinesIsShownAsThat() throws {
        try repository.write(
            ".wtconfig",
            #"""
            [wt "hook"]
                post-new = "make # C:\\tools\nextra; touch ../ran\n\npost-rm: true"
                post-rm = "echo \\u{200d}JOINER"
            """#.replacing("JOINER", with: "\u{200d}"))
        let shown = try wt("trust").errorText.split(separator: "\n").map(String.init)
        #expect(
            shown.prefix(7) == [
                "post-new, 4 lines:", #"    | make # C:\tools"#, "    | extra; touch ../ran", "    | ",
                "    | post-rm: true", #"post-rm: echo \\u{200d}\u{200d}"#,
                #"note: \x.. and \u{..} stand for characters that would not show, \\ for a backslash"#,
            ], "\(shown)")
        try repository.commit("hooks")
        let preview = try wt("new", "--dry-run", "x").text
        let text = #"would not run post-new 'make # C:\tools' (and 3 more lines), which you have not trusted"#
        #expect(preview.hasSuffix("\(text)\n"), "\(preview)")
    }

    /// HEAD, objects, refs and config can be committed, and git takes them for a bare repository.
    @Test func aCommittedRepositoryHasNoSay() throws {
        let inner = repository.path.pushing("tests/data/fixture")
        try repository.git("clone", "--quiet", "--bare", ".", inner.string)
        try repository.git("config", "wt.hook.post-new", "touch ../ran", in: inner)
        try removeTree(inner.appending("hooks"))
        try repository.write("refs/keep", "", in: inner)
        try repository.commit("a fixture")
        try repository.git("clone", "--quiet", ".", "../clone")
        let place = directory.path.pushing("clone/tests/data/fixture")
        var environment = repository.environment
        environment["GIT_CONFIG_GLOBAL"] = directory.appending("config").string
        let made = try runWT(["new", "--detach", "main"], in: place, environment: environment)
        #expect(made.status == 0, "\(made.errorText)")
        #expect(
            made.errorText.hasPrefix(
                "warning: wt.hook.post-new of this repository does not count: it lies in the worktree at "
                    + "\(directory.appending("clone")), and can have been committed there\n"), "\(made.errorText)")
        #expect(FileStatus.ifPresent(place.removingLastComponent().appending("ran")) == nil)
        try repository.write("../config", "[safe]\n\tbareRepository = explicit\n")
        for words in [["new", "x"], ["list"], ["trust"]] {
            let refused = try runWT(words, in: place, environment: environment)
            #expect(refused.status == 1 && refused.text == "")
            #expect(
                refused.errorText.hasPrefix("wt: cannot use bare repository '\(place)'"), "\(refused.errorText)")
        }
    }

    @Test func aWorktreeThatItsHookHasRemovedIsNoAnswer() throws {
        try repository.git(
            "config", "wt.hook.post-new", "cd \"$WT_MAIN_WORKTREE\"; git worktree remove \"$WT_WORKTREE\"")
        let made = try wt("new", "x")
        #expect(made.status == 2 && made.text == "" && made.errorText.contains("a post-new hook has removed it"))
    }

    // MARK: Removal

    @Test func aFailingPreRemovalIsARefusal() throws {
        #expect(try wt("new", "x").status == 0)
        try repository.git("config", "wt.hook.pre-rm", "echo said; exit 1")
        let preview = try wt("rm", "--dry-run", "--json", "x")
        let row = try #require((try json(preview)["worktrees"] as? [[String: Any]])?.first)
        #expect((row["hooks"] as? [[String: Any]])?.first?["command"] as? String == "echo said; exit 1")
        let refused = try wt("rm", "x")
        #expect(refused.status == 1 && refused.text == "" && refused.errorText.hasPrefix("said\nwt: cannot remove "))
        #expect(exists("repository.x/.git"))
        #expect(try wt("rm", "--no-hooks", "x").status == 0)
        #expect(!exists("repository.x"))
    }

    /// What a hook does for one worktree can make another one's branch the last that has its work.
    @Test func whatHooksChangeCountsForTheNext() throws {
        for name in ["one", "two"] {
            #expect(try wt("new", name).status == 0)
            try repository.commit(name, in: directory.appending("repository.\(name)"))
            try repository.git("merge", "--quiet", "-m", "merge", name)
        }
        try repository.git(
            "config", "wt.hook.post-rm", "git reset -q --hard \"$(git rev-list --max-parents=0 HEAD)\"")
        let removed = try wt("rm", "one", "two")
        #expect(removed.status == 0 && removed.errorText.contains("branch 'one' deleted"), "\(removed.errorText)")
        #expect(try repository.git("branch", "--list", "--format=%(refname:short)") == "main\ntwo")
    }

    @Test func pruningRunsThem() throws {
        #expect(try wt("new", "x").status == 0)
        try repository.commit("more", in: directory.appending("repository.x"))
        try repository.git("merge", "--quiet", "x")
        try repository.git("config", "wt.hook.pre-rm", "touch ../before")
        try repository.git("config", "wt.hook.post-rm", "touch ../after; false")
        let pruned = try wt("prune", "--merged", "--yes")
        #expect(pruned.status == 2 && pruned.errorText.contains("post-rm 'touch ../after; false' failed with status 1"))
        #expect(exists("before") && exists("after") && !exists("repository.x"))
    }

    // MARK: -x

    @Test(arguments: [("exit 7", 7), ("true", 0), ("kill -TERM $$", 128 + 15)])
    func theStatusOfWhatRunsThereIsPassedOn(_ command: String, _ status: Int32) throws {
        try repository.git("config", "wt.hook.post-new", "echo from the hook; false")
        let run = try wt("new", "x", "-x", "pwd -P; echo \"$WT_BRANCH ${WT_EVENT-none}\"; echo err >&2; \(command)")
        #expect(run.status == status, "\(run.errorText)")
        // Standard output is the command's alone.
        #expect(run.text == "\(directory.appending("repository.x"))\nx none\n")
        #expect(run.errorText.contains("from the hook\n") && run.errorText.hasSuffix("err\n"))
    }

    @Test func nothingRunsWhereNothingWasMade() throws {
        #expect(try wt("new", "main", "-x", "touch ../ran").status == 1)
        #expect(try wt("new", "x", "--json", "-x", "touch ../ran").status == 64)
        #expect(try wt("new", "x", "--dry-run", "-x", "touch ../ran").status == 64)
        #expect(!exists("ran"))
        #expect(try wt("new", "x", "-x", "trap - PIPE; kill -PIPE $$").status == 128 + 13)
    }

    // MARK: Settings

    /// A slip in a setting stops what goes by settings, and nothing else.
    @Test func aSlipIsNoReasonNotToLook() throws {
        #expect(try wt("new", "x").status == 0)
        try repository.git("config", "wt.sead", "all")
        for words in [["list"], ["list", "--json"], ["trust"], ["clean", "--dry-run"], ["dedupe"]] {
            let outcome = try runWT(words, in: repository.path, environment: repository.environment)
            #expect(outcome.status == 0, "wt \(words): \(outcome.errorText)")
        }
        for words in [["new", "y"], ["rm", "x"], ["prune"], ["seed", "x"], ["explain"]] {
            let outcome = try runWT(words, in: repository.path, environment: repository.environment)
            #expect(outcome.status == 64, "wt \(words): \(outcome.errorText)")
            #expect(outcome.errorText.hasPrefix("wt: there is no setting 'wt.sead' (\(repository.path)/.git/config)\n"))
            #expect(outcome.errorText.contains("hint: did you mean wt.seed?\n"))
        }
        #expect(exists("repository.x"))
    }

    /// The repository's own packages are compiled, and nothing else; and a hook may build, too.
    @Test func dependenciesAloneCanBeTaken() throws {
        let workspace = try SmallWorkspace.make(in: TemporaryDirectory())
        try workspace.build(.legacy)
        try workspace.repository.git("config", "wt.seed", "deps")
        let made = try MadeWorktree("deps", from: workspace)
        #expect(made.answer.seed.unitsLinked > 3)
        #expect(made.answer.notes.contains { $0.contains("which wt.seed = deps leaves out") })
        let log = try CargoRun(
            "build", ["--workspace"], in: made.path, layout: .legacy, environment: workspace.environment
        ).log
        // A package of the registry has a source, or comes from the fixture's.
        #expect(log.finished && !log.compiling.isEmpty)
        #expect(Set(log.compiling.map(\.name)).isDisjoint(with: ["tiny-plain", "tiny-derive", "tiny-generated"]))
        #expect(log.compiledNames.isSuperset(of: ["app", "shapes"]))
        #expect(Set(log.fresh.map(\.name)).isSuperset(of: ["tiny-plain", "tiny-derive", "tiny-generated"]))

        try workspace.repository.git("config", "wt.seed", "all")
        let before = try TreeSnapshot(workspace.path.appending("target"))
        try workspace.repository.git(
            "config", "wt.hook.post-new", "echo 'pub fn hooked() {}' >> crates/shapes/src/lib.rs && cargo build -q")
        let hooked = try MadeWorktree("hooked", from: workspace)
        let next = try CargoRun("build", in: hooked.path, layout: .legacy, environment: workspace.environment).log
        #expect(next.finished && next.compiledNothing)
        #expect(try TreeSnapshot(workspace.path.appending("target")).differences(from: before) == [])
    }
}

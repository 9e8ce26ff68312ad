import FileTree
import Glibc
import SystemPackage
import Testing

@testable import Git

/// Everything twice: through libgit2 and through git, which must agree.
@Suite struct RepositoryTests {
    @Test(arguments: [true, false]) func itIsFoundFromBelow(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open("repo/crates/x", native: native)
        let location = repository.location
        #expect(location.gitDirectory == sandbox.path("repo/.git"))
        #expect(location.commonDirectory == sandbox.path("repo/.git"))
        #expect(location.workingTree == sandbox.path("repo"))
        #expect(location.mainWorktree == sandbox.path("repo"))
        #expect(!location.isBare && !location.isLinked)
        let refusal = repository.refusal
        #expect((refusal == nil) == native)
    }

    @Test(arguments: [true, false]) func itIsFoundFromALinkedWorktree(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b other")
        let location = try sandbox.open("other/crates", native: native).location
        #expect(location.gitDirectory == sandbox.path("repo/.git/worktrees/other"))
        #expect(location.commonDirectory == sandbox.path("repo/.git"))
        #expect(location.workingTree == sandbox.path("other"))
        #expect(location.mainWorktree == sandbox.path("repo"))
        #expect(location.isLinked && !location.isBare)
    }

    @Test(arguments: [true, false]) func aBareRepositoryHasNoMainWorktree(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("clone -q --bare repo bare.git", in: sandbox.root)
        let bare = try sandbox.open("bare.git", native: native).location
        #expect(bare.isBare && bare.workingTree == nil && bare.mainWorktree == nil)
        try sandbox.git("worktree add -q ../linked main", in: sandbox.path("bare.git"))
        let linked = try sandbox.open("linked", native: native).location
        #expect(linked.workingTree == sandbox.path("linked") && linked.mainWorktree == nil && !linked.isBare)
    }

    @Test(arguments: [true, false]) func theDirectoryOfARepositoryMayBeElsewhere(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("clone -q --separate-git-dir=store repo tree", in: sandbox.root)
        let location = try sandbox.open("tree", native: native).location
        #expect(location.gitDirectory == sandbox.path("store"))
        #expect(location.workingTree == sandbox.path("tree"))
    }

    @Test(arguments: [true, false]) func insideTheGitDirectoryTheWorktreeIsStillKnown(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../other -b other")
        #expect(try sandbox.open("repo/.git/refs", native: native).location.workingTree == sandbox.path("repo"))
        let linked = try sandbox.open("repo/.git/worktrees/other", native: native).location
        #expect(linked.workingTree == sandbox.path("other"))
    }

    /// HEAD, objects, refs and config can be committed like other files. git refuses to take such a directory for a
    /// repository, where it is told to.
    @Test(arguments: [
        "git clone -q --bare . inner",
        "git clone -q --bare . inner; git -C inner config core.bare false; git -C inner config core.worktree ../crates",
        "mkdir inner; printf '../.git' > inner/commondir; cp .git/HEAD inner; printf '%s/crates/.git' $PWD > inner/gitdir",
    ])
    func whatCanHaveBeenCommittedIsNotTrusted(_ script: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("\(script); mkdir -p inner/refs; ln -s repo/inner ../link")
        let file = sandbox.path(script.contains("commondir") ? "repo/.git/config" : "repo/inner/config")
        try sandbox.git(["config", "--file", file.string, "wt.hook.post-new", "evil"])
        try sandbox.write("[wt]\n\tseed = deps\n", to: sandbox.path("home/.gitconfig"))
        sandbox.environment["GIT_CONFIG_GLOBAL"] = nil
        for native in [true, false] {
            let repository = try sandbox.open("repo/inner", native: native)
            #expect(repository.worktreeAround == sandbox.path("repo"))
            #expect(repository.configuration.keys(withPrefix: "wt.") == ["wt.seed"])
            #expect(repository.configuration.disregardedKeys == ["wt.hook.post-new"])
        }
        try sandbox.git("config --global safe.bareRepository explicit")
        for place in ["repo/inner", "repo/inner/refs", "link"] {
            #expect(gitError { try sandbox.open(place) }?.message.contains("safe.bareRepository") == true, "\(place)")
        }
        try sandbox.git("status", in: sandbox.path("repo/inner"), accepting: [128])
    }

    /// What a `.git` leads to, and what nothing is around, is the user's own.
    @Test(arguments: [
        ("repo", ":"), ("linked", "git worktree add -q ../linked"),
        ("bare.git", "git clone -q --bare . ../bare.git"),
        (
            "project",
            "mkdir ../project; git clone -q --bare . ../project/.bare; echo 'gitdir: ./.bare' > ../project/.git"
        ),
        (
            "project/x",
            """
            mkdir ../project; git clone -q --bare . ../project/.bare; echo 'gitdir: ./.bare' > ../project/.git
            cd ../project; git worktree add -q x
            """
        ),
        ("repo/clone", "git clone -q . clone"),
        ("repo/sub", "git -c protocol.file.allow=always submodule --quiet add $PWD sub"),
    ])
    func whatIsTheUsersOwnCounts(_ place: String, _ script: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(script)
        try sandbox.git("config wt.seed none", in: sandbox.path(place))
        for native in [true, false] {
            let repository = try sandbox.open(place, native: native)
            let refusal = repository.refusal
            #expect(repository.worktreeAround == nil && (refusal == nil) == native)
            #expect(repository.configuration.string(forKey: "wt.seed") == "none")
        }
    }

    @Test func noRepositoryIsSaidPlainly() throws {
        let sandbox = try Sandbox()
        #expect(gitError { try sandbox.open("home") }?.kind == .notARepository)
    }

    @Test func openingDoesNotLookUpwards() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let error = gitError {
            try Repository(opening: sandbox.path("repo/crates"), environment: sandbox.environment)
        }
        #expect(error?.kind == .notARepository)
        let repository = try Repository(opening: sandbox.path("repo"), environment: sandbox.environment)
        #expect(repository.location.workingTree == sandbox.path("repo"))
    }

    @Test func theEnvironmentNamesTheRepository() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.makeRepository("second")
        sandbox.environment["GIT_DIR"] = sandbox.path("second/.git").string
        sandbox.environment["GIT_WORK_TREE"] = sandbox.path("second").string
        let repository = try sandbox.open("repo")
        #expect(repository.location.commonDirectory == sandbox.path("second/.git"))
        #expect(repository.location.workingTree == sandbox.path("second"))
        let refusal = repository.refusal
        #expect(refusal?.kind == .environment("GIT_DIR"))
        let answer = try repository.git.run(["rev-parse", "--absolute-git-dir"]).text
        #expect(answer == "\(sandbox.path("second/.git"))\n")
    }

    @Test func anUnknownExtensionIsNamed() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("config core.repositoryformatversion 1")
        try sandbox.shell("git config extensions.frobnicate true")
        #expect(gitError { try sandbox.open() }?.kind == .unsupported(feature: "frobnicate"))
        try sandbox.shell("printf '[core]\\n\\trepositoryformatversion = 99\\n' > .git/config")
        guard case .unsupported = gitError({ try sandbox.open() })?.kind else {
            Issue.record("format 99 is not refused as unsupported")
            return
        }
    }

    /// What libgit2 refuses to open goes through git and works.
    @Test func aRepositoryThatLibgit2RefusesWorksThroughGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("config core.repositoryformatversion 1")
        try sandbox.git("config extensions.worktreeConfig true")
        let repository = try sandbox.open()
        let refusal = repository.refusal
        #expect(refusal?.kind == .refusedByLibgit2)
        #expect(try repository.resolve(startPoint: "HEAD~1") == sandbox.id("HEAD~1"))
        #expect(repository.head() == .branch("main", try sandbox.id("HEAD")))
        try sandbox.git("branch x HEAD")
        #expect(repository.localBranch("x") == (try sandbox.id("HEAD")))
        #expect(gitError { _ = try repository.tree(of: sandbox.id("HEAD")) }?.kind == .unsupported(feature: "libgit2"))
    }

    @Test func sha256RepositoriesWorkThroughGit() throws {
        let sandbox = try Sandbox()
        try makeDirectories(sandbox.path("repo"))
        try sandbox.git("init -q -b main --object-format=sha256")
        try sandbox.write("x", to: sandbox.path("repo/file"))
        try sandbox.git("add -A")
        try sandbox.git("commit -qm x")
        let repository = try sandbox.open()
        #expect(try repository.resolve(startPoint: "main") == sandbox.id("HEAD"))
        #expect(repository.head().commit?.description.count == 64)
        let main = try #require(try repository.location.worktrees().first)
        let index = try repository.index(of: main)
        #expect(index.map(\.path) == ["file"])
        #expect(index[0].id == (try sandbox.id("HEAD:file")))
        try sandbox.git("branch x")
        try repository.deleteBranch("x", expecting: sandbox.id("HEAD"))
        #expect(repository.localBranch("x") == nil)
    }

    @Test(arguments: [true, false]) func headIsReadInEveryState(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try makeDirectories(sandbox.path("repo"))
        try sandbox.git("init -q -b trunk")
        #expect(try sandbox.open(native: native).head() == .branch("trunk", nil))
        #expect(gitError { try sandbox.open(native: native).resolve(startPoint: "HEAD") }?.kind == .unbornHead)
        try removeTree(sandbox.path("repo"))
        try sandbox.makeRepository()
        let tip = try sandbox.id("HEAD")
        #expect(try sandbox.open(native: native).head() == .branch("main", tip))
        try sandbox.git("pack-refs --all")
        #expect(try sandbox.open(native: native).head() == .branch("main", tip))
        try sandbox.git("checkout -q --detach")
        #expect(try sandbox.open(native: native).head() == .detached(tip))
        try sandbox.git("symbolic-ref refs/heads/alias refs/heads/main")
        try sandbox.git("symbolic-ref HEAD refs/heads/alias")
        #expect(try sandbox.open(native: native).head() == .branch("main", tip))
        try sandbox.shell("ln -sf refs/heads/main .git/HEAD")
        #expect(try sandbox.open(native: native).head() == .branch("main", tip))
    }

    @Test(arguments: [true, false]) func startPointsMeanWhatTheyMeanToGit(_ native: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("tag -a -m annotated v1 HEAD~1")
        try sandbox.git("switch -q -c other")
        try sandbox.git("switch -q main")
        try sandbox.git("clone -q . ../clone")
        try sandbox.git("remote add origin ../clone")
        try sandbox.git("fetch -q origin")
        let repository = try sandbox.open(native: native)
        let short = try String(sandbox.id("HEAD~1").description.prefix(8))
        for name in [
            "HEAD", "@", "main", "HEAD~1", "HEAD^", "v1", "@{-1}", "origin/main", short, "refs/heads/main", ":/first",
            "HEAD^{/first}", "v1-0-g\(short)", "HEAD@{1}",
        ] {
            let object = try sandbox.git(["rev-parse", name])
            #expect(try repository.resolve(startPoint: name) == sandbox.id("\(object)^{commit}"), "\(name)")
        }
        #expect(try repository.resolve(startPoint: "-") == sandbox.id("@{-1}"))
        for name in ["nope", "HEAD~9", "HEAD:a.txt", "HEAD^{tree}", "", "--all", "-x", "a b", "main..other"] {
            #expect(gitError { _ = try repository.resolve(startPoint: name) }?.kind == .notFound, "\(name)")
        }
    }

    /// libgit2 would find the main worktree's.
    @Test func referencesOfOneWorktreeAreItsOwn() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q --detach ../tree HEAD~1")
        try sandbox.git("update-ref refs/worktree/mark HEAD")
        try sandbox.git("update-ref refs/worktree/mark HEAD", in: sandbox.path("tree"))
        let linked = try sandbox.open("tree")
        for name in ["worktree/mark", "refs/worktree/mark", "HEAD"] {
            #expect(try linked.resolve(startPoint: name) == sandbox.id("HEAD~1"), "\(name)")
        }
        #expect(try linked.resolve(startPoint: "main-worktree/HEAD") == sandbox.id("HEAD"))
    }

    /// Only root can give a directory away.
    @Test(.enabled(if: getuid() == 0)) func somebodyElsesRepositoryIsRefusedUnlessItIsCalledSafe() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let tip = try sandbox.id("HEAD")
        try sandbox.shell("chown -R 12345 .")
        #expect(gitError { try sandbox.open() }?.kind == .ownership)
        try sandbox.write("[safe]\n\tdirectory = *\n", to: sandbox.path("home/.gitconfig"))
        sandbox.environment["GIT_CONFIG_GLOBAL"] = nil
        let repository = try sandbox.open()
        let refusal = repository.refusal
        #expect(refusal?.kind == .refusedByLibgit2)
        #expect(try repository.resolve(startPoint: "HEAD") == tip)
    }

    @Test func theConfigurationIsThatOfGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        sandbox.environment["GIT_CONFIG_GLOBAL"] = nil
        try sandbox.write(
            "[a]\n\tb = home\n\tc = home\n[include]\n\tpath = more\n", to: sandbox.path("home/.gitconfig"))
        try sandbox.write("[a]\n\td = \"  more \"\n", to: sandbox.path("home/more"))
        try sandbox.write("[a]\n\tb = xdg\n\te = ~/x\n", to: sandbox.path("home/.config/git/config"))
        try sandbox.shell(
            """
            printf '[a]\\n\\tc = local\\n\\tflag\\n\\tnum = 2k\\n\\tempty =\\n[A "Sub.Sec"]\\n\\tKey = v1\\n\\tkey = v2\\n' >> .git/config
            git config 'includeIf.gitdir:**/repo/.git.path' extra
            printf '[a]\\n\\tf = conditional\\n' > .git/extra
            """)
        for native in [true, false] {
            let configuration = try sandbox.open(native: native).configuration
            #expect(configuration.string(forKey: "a.b") == "home")
            #expect(configuration.string(forKey: "A.C") == "local")
            #expect(configuration.string(forKey: "a.d") == "  more ")
            #expect(configuration.string(forKey: "a.f") == "conditional")
            #expect(configuration.path(forKey: "a.e") == sandbox.path("home/x"))
            #expect(try configuration.bool(forKey: "a.flag") == true)
            #expect(try configuration.bool(forKey: "a.empty") == false)
            #expect(try configuration.bool(forKey: "a.none") == nil)
            #expect(try configuration.int(forKey: "a.num") == 2048)
            #expect(configuration.strings(forKey: "a.Sub.Sec.key") == ["v1", "v2"])
            #expect(configuration.string(forKey: "a.sub.sec.key") == nil)
            #expect(gitError { try configuration.bool(forKey: "a.b") } != nil)
            #expect(gitError { try configuration.int(forKey: "a.b") } != nil)
            for key in try sandbox.git("config --list --name-only").split(separator: "\n").map(String.init) {
                let expected = try sandbox.git(["config", "--get-all", key])
                #expect(configuration.strings(forKey: key).joined(separator: "\n") == expected, "\(key)")
            }
        }
    }

    @Test func configurationFromTheEnvironmentCounts() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        sandbox.environment["GIT_CONFIG_COUNT"] = "1"
        sandbox.environment["GIT_CONFIG_KEY_0"] = "wt.seed"
        sandbox.environment["GIT_CONFIG_VALUE_0"] = "none"
        #expect(try sandbox.open().configuration.string(forKey: "wt.seed") == "none")
    }

    @Test func packedReferencesAreFoundWhateverTheirOrder() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("tag -a -m x annotated")
        try sandbox.shell(
            "for i in $(seq 1 300); do echo create refs/heads/b/$i HEAD~$((i % 2)); done | git update-ref --stdin")
        try sandbox.git("pack-refs --all --prune")
        let all = try sandbox.git("for-each-ref --format=%(refname)%09%(objectname)").split(separator: "\n")
        func check(_ comment: Comment) throws {
            let references = ReferenceFiles(commonDirectory: sandbox.path("repo/.git"))
            for line in all {
                let fields = line.split(separator: "\t").map(String.init)
                #expect(references.id(of: fields[0])?.description == fields[1], comment)
            }
            for name in ["refs/heads/a", "refs/heads/b", "refs/heads/b/3000", "refs/zzz", "refs/heads/b/"] {
                #expect(references.id(of: name) == nil, comment)
            }
            #expect(references.hasAny(under: "refs/heads/b/"), comment)
            #expect(!references.hasAny(under: "refs/replace/"), comment)
        }
        try check("sorted")
        try sandbox.shell("tail -n +2 .git/packed-refs | grep -v '^^' | sort -r > p; mv p .git/packed-refs")
        try check("without a header")
    }
}

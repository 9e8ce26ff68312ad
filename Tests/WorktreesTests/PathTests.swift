import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// Where a new worktree goes.
@Suite struct PathTests {
    @Test(arguments: [
        ("topic", "topic"), ("feature/x", "feature-x"), ("a b", "a-b"), ("../../etc", "etc"), (".hidden", "hidden"),
        ("...", "worktree"), ("-rf", "rf"), ("größe", "größe"), ("日本語", "日本語"), ("λ/μ", "λ-μ"), ("🦀", "worktree"),
        ("a🦀b", "a-b"), ("a\u{1b}[31m", "a--31m"), ("a\nb", "a-b"), ("$(rm)", "rm-"), ("a\\b", "a-b"), ("a:b", "a-b"),
        ("@", "@"),
        ("v1.2+x_y=z", "v1.2+x_y=z"), ("{repo}", "repo-"), ("a'b\"c", "a-b-c"), ("//", "worktree"), ("", "worktree"),
    ])
    func branchNamesBecomeSafeNames(_ branch: String, _ name: String) {
        let path = PathTemplate.standard.path(branch: branch, repository: "/home/me/repo")
        #expect(path == FilePath("/home/me/repo.\(name)"))
    }

    /// Every byte, long names, names of devices, names that end oddly: one component, directly in the parent directory,
    /// that every file system takes, and that is no option.
    @Test(arguments: ["/home/me/repo", "/home/me/" + String(repeating: "r", count: 240)])
    func everyNameIsOneSafeComponent(_ repository: String) throws {
        var names = (1...0x17f).compactMap { Unicode.Scalar($0).map { "a\($0)b" } }
        names += (1...0x17f).compactMap { Unicode.Scalar($0).map { "\($0)" } }
        names += ["x", "é", "e\u{301}", "日", "🦀", "👩\u{200d}🔬"].map { String(repeating: $0, count: 255) }
        names += ["a" + String(repeating: "\u{301}", count: 300), String(repeating: "a.", count: 150)]
        names += [
            "con", "CON", "nul.txt", "com1", "lpt9.x.y", "aux/x", "end.", "end ", "a./b ", "..x", "../x", "-x", "--",
        ]
        names += ["\u{202e}x", "a\u{200d}b", "a\u{feff}", "\u{2028}", "a\u{ad}b", "/", "//", "a//b", ".git", "a\u{0}b"]
        let parent = FilePath("/home/me")
        for name in names {
            for isSuffixed in [false, true] {
                let path = PathTemplate.standard.path(
                    branch: name, repository: FilePath(repository), isSuffixed: isSuffixed)
                #expect(path.removingLastComponent() == parent, "\(name)")
                let component = try #require(path.lastComponent).string
                #expect(component.utf8.count <= 255, "\(name)")
                #expect(component.hasPrefix(FilePath(repository).lastComponent!.string + "."), "\(name)")
                #expect(!component.hasSuffix(".") && !component.hasSuffix(" "), "\(name)")
                #expect(!component.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
                #expect(!component.contains { "<>:\"/\\|?*".contains($0) }, "\(name)")
            }
            let bare = try PathTemplate("/w/{branch}").path(branch: name, repository: FilePath(repository))
            let component = try #require(bare.lastComponent).string
            #expect(bare.removingLastComponent() == "/w" && !component.hasPrefix("-") && !component.hasPrefix("."))
            let stem = component.prefix { $0 != "." }.lowercased()
            #expect(!["con", "aux", "nul", "prn", "com1", "lpt9"].contains(stem), "\(name)")
        }
    }

    /// Different branches in one repository: whatever their path names have in common, each has a directory of its own.
    @Test func differentBranchesNeverShareAPath() throws {
        let sandbox = try Sandbox()
        let long = String(repeating: "long", count: 50)
        let names = [
            "a/b", "a-b", "a+b", "A-b", "a;b", "a,b", "con", "CON", "é", "e\u{301}", "x./y", "x/y", "\(long)1",
            "\(long)2",
            "\(long)\(long.dropLast(160))", "🦀", "🐟", "worktree", "nul.x", "nul-.x",
        ]
        var paths: Set<FilePath> = []
        for name in names {
            var options = NewOptions(name)
            options.seeds = false
            let path = try sandbox.new(options).path
            #expect(paths.insert(path).inserted, "\(name)")
            #expect(path.removingLastComponent() == sandbox.directory.path)
            #expect(try sandbox.repository.git("symbolic-ref", "HEAD", in: path) == "refs/heads/\(name)")
        }
        #expect(paths.count == names.count)
    }

    @Test(arguments: ["-x", "--path", "", ".x", "a..b", "a b", "caf\u{FFFD}"])
    func namesThatAreRefused(_ name: String) throws {
        let sandbox = try Sandbox()
        let before = try sandbox.snapshot()
        let failure = try failure { try sandbox.new(NewOptions(name)) }
        #expect(failure?.kind == .refused)
        #expect(try sandbox.snapshot().differences(from: before) == [])
    }

    @Test(arguments: [
        ("{parent}/{repo}.{branch}", "/home/me/repo", "/home/me/repo.x"),
        ("{parent}/{repo}.{branch}", "/home/me/repo.git", "/home/me/repo.x"),
        ("{parent}/{repo}.{branch}", "/home/me/project/.git", "/home/me/project/repository.x"),
        ("{parent}/{repo}.{branch}", "/home/{branch}/repo", "/home/{branch}/repo.x"),
        ("{repo}/{branch}", "/home/{parent}", "/home/{parent}/{parent}/x"),
        ("{branch}", "/home/me/repo", "/home/me/repo/x"), ("../w/{branch}", "/home/me/repo", "/home/me/w/x"),
        ("/w/{repo}/{branch}", "/home/me/repo", "/w/repo/x"), ("/w/{branch}/{branch}", "/home/me/repo", "/w/x/x"),
    ])
    func templates(_ template: String, _ repository: String, _ path: String) throws {
        #expect(try PathTemplate(template).path(branch: "x", repository: FilePath(repository)) == FilePath(path))
    }

    @Test func namesThatAreNotUTF8AreKept() {
        let repository = FilePath(bytes: Array("/home/r".utf8) + [0xff])
        let path = PathTemplate.standard.path(branch: "x", repository: repository)
        #expect(path == FilePath(bytes: Array("/home/r".utf8) + [0xff] + Array(".x".utf8)))
    }

    /// Two branches with one path name, and two long ones that begin alike.
    @Test(arguments: [
        ["feature-x", "feature/x", "feature+x"], ["x", ".x".replacing(".", with: "🦀/")],
        [String(repeating: "a", count: 220) + "1", String(repeating: "a", count: 220) + "2"],
    ])
    func collisions(_ branches: [String]) throws {
        let sandbox = try Sandbox()
        var paths: Set<FilePath> = []
        for branch in branches {
            let path = try sandbox.new(NewOptions(branch)).path
            #expect(paths.insert(path).inserted)
            #expect(path.removingLastComponent() == sandbox.directory.path)
            #expect(try sandbox.repository.git("symbolic-ref", "HEAD", in: path) == "refs/heads/\(branch)")
        }
        // The same name again is the same path, which is taken.
        try sandbox.sh("git worktree list")
        let second = try #require(branches.last)
        try sandbox.remove(RemovalOptions(second))
        let again = try sandbox.new(NewOptions(second)).path
        #expect(paths.contains(again))
    }

    /// Names that git takes for a branch, each as a worktree that can be made, found and removed.
    @Test(arguments: [
        "größe", "日本語/λ", "🦀", String(repeating: "long", count: 60), "a.b.c", "x@y", "a'b", "a\"b", "$HOME", "`id`",
        "a;b", "a&b",
        "a|b", "(a)", "a%b", "a,b", "a{b}", "#1", "!x", "e\u{301}", "x=y", "@", "\u{202e}x",
    ])
    func oddNames(_ branch: String) throws {
        let sandbox = try Sandbox()
        try #require(try sandbox.repository.attempt(["check-ref-format", "--branch", branch]).status == 0)
        let before = try sandbox.snapshot()
        let path = try sandbox.new(NewOptions(branch)).path
        #expect(path.removingLastComponent() == sandbox.directory.path)
        #expect(try sandbox.repository.git("symbolic-ref", "HEAD", in: path) == "refs/heads/\(branch)")
        let worktrees = try sandbox.open().location.worktrees()
        let search = WorktreeSearch(worktrees, currentDirectory: sandbox.repository.path)
        #expect(try search.worktree(named: path.lastComponent!.string).path == path)
        // A lone @ is the current worktree.
        try sandbox.remove(RemovalOptions(branch == "@" ? path.string : branch))
        let left = try sandbox.snapshot().leftovers(since: before)
        #expect(left == [])
    }

    @Test(arguments: [
        ("../x", "x"), ("../a/../x", "x"), ("./../x/", "x"), ("sub/x", "repository/sub/x"), ("../a b", "a b"),
    ])
    func pathsAreRelativeToWhereTheUserStands(_ given: String, _ place: String) throws {
        let sandbox = try Sandbox()
        #expect(try sandbox.plan(NewOptions("new", path: FilePath(given))).path == sandbox.path(place))
        let deep = sandbox.repository.path.appending("src")
        #expect(
            try sandbox.plan(NewOptions("new", path: FilePath("../\(given)")), from: deep).path == sandbox.path(place))
    }

    /// A detached worktree is named by what the user typed, or by its commit.
    @Test func detachedNames() throws {
        let sandbox = try Sandbox()
        let id = try sandbox.repository.git("rev-parse", "--short=7", "HEAD")
        #expect(try sandbox.plan(NewOptions("topic", detach: true)).path == sandbox.path("repository.topic"))
        #expect(
            try sandbox.plan(NewOptions("@", detach: true)).path.lastComponent!.string.hasPrefix("repository.\(id)"))
        #expect(
            try sandbox.plan(NewOptions("heads/main", detach: true)).path.lastComponent!.string.hasPrefix(
                "repository.\(id)"))
    }
}

/// Which worktree a name means.
@Suite struct WorktreeSearchTests {
    /// `linked` on `topic`, `dir` on `a/b`, `nested/linked2` detached.
    private func makeSome() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh(
            "git worktree add -q -b a/b ../dir; git worktree add -q --detach ../nested/linked2; ln -s dir ../alias")
        return sandbox
    }

    @Test(arguments: [
        ("topic", "linked"), ("linked", "linked"), ("../linked", "linked"), ("../linked/", "linked"), ("a/b", "dir"),
        ("dir", "dir"),
        ("../alias", "dir"), ("../dir/../linked", "linked"), ("linked2", "nested/linked2"), ("^", "repository"),
        ("main", "repository"),
        ("@", "repository"), (".", "repository"), ("./../dir", "dir"), ("repository", "repository"),
    ])
    func names(_ name: String, _ place: String) throws {
        let sandbox = try makeSome()
        let search = WorktreeSearch(try sandbox.open().location.worktrees(), currentDirectory: sandbox.repository.path)
        #expect(try search.worktree(named: name).path == sandbox.path(place))
        #expect(try search.worktree(named: sandbox.path(place).string).path == sandbox.path(place))
    }

    @Test(arguments: [
        "nothing", "", "..", "src", "lin", "linke", "/", "../nested", "refs/heads/topic", "-", "HEAD", "*", "./topic",
    ])
    func unknownNames(_ name: String) throws {
        let sandbox = try makeSome()
        let search = WorktreeSearch(try sandbox.open().location.worktrees(), currentDirectory: sandbox.repository.path)
        let failure = try #require(try failure { try search.worktree(named: name) })
        #expect(failure.message == "there is no worktree '\(name)'")
    }

    /// A branch here, a directory there; two directories of one name; a branch named as a path.
    @Test func namesThatMeanTwo() throws {
        let sandbox = try makeSome()
        try sandbox.sh(
            "git worktree add -q -b dir ../other; git worktree add -q -b x1 ../one/x; git worktree add -q -b x2 ../two/x"
        )
        let search = WorktreeSearch(try sandbox.open().location.worktrees(), currentDirectory: sandbox.repository.path)
        for (name, places) in [("dir", ["dir", "other"]), ("x", ["one/x", "two/x"]), ("x1", ["one/x", "two/x"])] {
            let failure = try #require(try failure { try search.worktree(named: name) })
            #expect(failure.message == "'\(name)' could be any of several worktrees")
            #expect(failure.hints == places.map { sandbox.path($0).string })
        }
        #expect(try search.worktree(named: "../dir").path == sandbox.path("dir"))
        #expect(try search.worktree(named: sandbox.path("other").string).path == sandbox.path("other"))
        #expect(try search.worktree(named: "x2").path == sandbox.path("two/x"))
    }

    @Test func theCurrentOneIsTheInnermost() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("git worktree add -q -b inner target/inner; mkdir -p ../repository-not")
        let worktrees = try sandbox.open().location.worktrees()
        func current(_ place: String) -> FilePath? {
            WorktreeSearch(worktrees, currentDirectory: sandbox.path(place)).current?.path
        }
        #expect(current("repository") == sandbox.repository.path)
        #expect(current("repository/src/deep") == sandbox.repository.path)
        #expect(current("repository/target/inner/src") == sandbox.path("repository/target/inner"))
        #expect(current("repository-not") == nil)
        #expect(current("") == nil)
        let search = WorktreeSearch(worktrees, currentDirectory: sandbox.directory.path)
        #expect(try failure { try search.worktree(named: "@") }?.message == "you are not in a worktree")
    }
}

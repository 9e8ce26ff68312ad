import FileTree
import SystemPackage
import Testing

@testable import Git

/// A feature, the lines of shell that give it to a repository, and what must be said of it.
struct ObstacleCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let setup: String
    let expected: Obstacle.Kind

    init(_ name: String, _ setup: String, _ expected: Obstacle.Kind) {
        testDescription = name
        self.setup = setup
        self.expected = expected
    }
}

@Suite struct ObstacleTests {
    private func obstacles(_ sandbox: Sandbox, _ revision: String = "HEAD") throws -> [Obstacle] {
        let repository = try sandbox.open()
        let refusal = repository.refusal
        if refusal != nil { return try repository.repositoryObstacles() }
        return try repository.nativeObstacles(for: repository.tree(of: repository.resolve(startPoint: revision)))
    }

    @Test func aPlainRepositoryHasNone() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            """
            printf '* text=auto\\n*.sh eol=lf\\n*.png -filter -text !ident binary diff=x\\n# filter=lfs\\n' > .gitattributes
            mkdir -p .github sub; echo x > .github/f; echo y > .gitignore; echo z > .gitkeep; cp .gitattributes sub
            git add .; git commit -qm x; git gc -q; git tag -a -m v v1; git worktree add -q ../linked -b linked
            git config core.autocrlf input; git config core.eol lf; git config core.sharedRepository umask
            git config index.version 2; git config core.fsmonitor false; git config core.untrackedCache keep
            git config includeIf.gitdir:x/.path more; git config -f .git/more user.name x; git config core.hooksPath h
            printf '#!/bin/sh\\n' > .git/hooks/post-checkout; chmod +x .git/hooks/post-checkout
            """)
        #expect(try obstacles(sandbox) == [])
        let linked = try sandbox.open("linked")
        #expect(try linked.nativeObstacles(for: linked.tree(of: sandbox.id("HEAD"))) == [])
    }

    static let cases: [ObstacleCase] = [
        .init(
            "worktreeConfig, format 1",
            "git config core.repositoryformatversion 1; git config extensions.worktreeConfig true", .refusedByLibgit2),
        .init(
            "worktreeConfig, format 0", "git config extensions.worktreeConfig true",
            .configuration("extensions.worktreeconfig")),
        .init("sparse checkout", "git sparse-checkout set crates", .configuration("extensions.worktreeconfig")),
        .init("sparse checkout of old", "git config core.sparseCheckout true", .configuration("core.sparseCheckout")),
        .init("config.worktree", ": > .git/config.worktree", .repositoryFile("config.worktree")),
        .init(
            "hasconfig", "git config includeIf.hasconfig:remote.*.url:x.path more",
            .configuration("includeif.hasconfig:remote.*.url:x.path")),
        .init("promisor remote", "git config remote.o.promisor true", .configuration("remote.o.promisor")),
        .init(
            "promisor pack", "mkdir -p .git/objects/pack; : > .git/objects/pack/pack-x.promisor",
            .repositoryFile("objects/pack")),
        .init("split index", "git config core.splitIndex true", .configuration("core.splitIndex")),
        .init("sparse index", "git config index.sparse true", .configuration("index.sparse")),
        .init("ignorecase", "git config core.ignorecase true", .configuration("core.ignoreCase")),
        .init("symlinks", "git config core.symlinks false", .configuration("core.symlinks")),
        .init("shared", "git config core.sharedRepository group", .configuration("core.sharedRepository")),
        .init("shared by mode", "git config core.sharedRepository 0660", .configuration("core.sharedRepository")),
        .init("autocrlf", "git config core.autocrlf true", .configuration("core.autocrlf")),
        .init("eol", "git config core.eol CRLF", .configuration("core.eol")),
        .init("logs", "git config core.logAllRefUpdates always", .configuration("core.logAllRefUpdates")),
        .init(
            "relative paths", "git config worktree.useRelativePaths true", .configuration("worktree.useRelativePaths")),
        .init("attributes of a tree", "git config attr.tree HEAD~1", .configuration("attr.tree")),
        .init("index version", "git config index.version 4", .configuration("index.version")),
        .init("fsmonitor", "git config core.fsmonitor .git/hooks/monitor", .configuration("core.fsmonitor")),
        .init("threads", "git config index.threads true", .configuration("index.threads")),
        .init("a user's home", "git config core.hooksPath '~root/hooks'", .configuration("core.hooksPath")),
        .init(
            "onbranch", "git config includeIf.onbranch:x.path more; git config -f .git/more core.autocrlf true",
            .configuration("includeif.onbranch:x.path")),
        .init(
            "gitdir, included from the user's home",
            "git config includeIf.gitdir:x/.path '~/more'; echo '[filter \"x\"] smudge = y' > \"$HOME/more\"",
            .configuration("includeif.gitdir:x/.path")),
        .init("replace", "git replace HEAD HEAD~1", .repositoryFile("refs/replace")),
        .init("packed replace", "git replace HEAD HEAD~1; git pack-refs --all", .repositoryFile("refs/replace")),
        .init("grafts", "mkdir -p .git/info; git rev-parse HEAD > .git/info/grafts", .repositoryFile("refs/replace")),
        .init(
            "reference-transaction",
            "mkdir h; printf '#!/bin/sh\\n' > h/reference-transaction; chmod +x h/reference-transaction; git config core.hooksPath h",
            .hook("reference-transaction")),
        .init(
            "post-index-change",
            "printf '#!/bin/sh\\n' > .git/hooks/post-index-change; chmod +x .git/hooks/post-index-change",
            .hook("post-index-change")),
        .init(
            "hook in the tree",
            "mkdir .h; printf '#!/bin/sh\\n' > .h/reference-transaction; chmod +x .h/reference-transaction; git add .; git commit -qm h; rm -r .h; git config core.hooksPath ./.h/",
            .hook("reference-transaction")),
        .init(
            "git~1",
            "git update-index --add --cacheinfo 100644,$(git rev-parse HEAD:a.txt),x/GIT~1 || git -c core.protectNTFS=false update-index --add --cacheinfo 100644,$(git rev-parse HEAD:a.txt),x/GIT~1; git -c core.protectNTFS=false commit -qm x",
            .treeEntry),
        .init(
            ".git in a tree",
            "t=$(printf '040000 tree %s\\t.git\\n' $(git rev-parse HEAD:crates) | git mktree); git update-ref HEAD $(git commit-tree -m x $t)",
            .treeEntry),
        .init(
            ".. in a tree",
            "t=$(printf '040000 tree %s\\t..\\n' $(git rev-parse HEAD:crates) | git mktree); git update-ref HEAD $(git commit-tree -m x $t)",
            .treeEntry),
        .init(
            ".gitmodules as symlink",
            "ln -s a .gitmodules; git update-index --add --cacheinfo 120000,$(git rev-parse HEAD:link),.gitmodules || true; t=$(printf '120000 blob %s\\t.gitmodules\\n' $(git rev-parse HEAD:link) | git mktree); git update-ref HEAD $(git commit-tree -m x $t)",
            .treeEntry),
        .init(
            "empty directory",
            "t=$(printf '040000 tree %s\\tempty\\n' $(git mktree < /dev/null) | git mktree); git update-ref HEAD $(git commit-tree -m x $t)",
            .treeEntry),
        .init(
            "unsorted tree",
            "t=$(perl -e 'for (qw(b a)) { print qq(100644 $_\\0), pack(q(H*), $ARGV[0]) }' $(git rev-parse HEAD:a.txt) | git hash-object --literally -t tree -w --stdin); git update-ref HEAD $(git commit-tree -m x $t)",
            .treeEntry),
    ]

    @Test(arguments: cases) func everyFeatureIsFound(_ feature: ObstacleCase) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(feature.setup)
        let found = try obstacles(sandbox)
        #expect(found.map(\.kind).contains(feature.expected), "\(found)")
        let repository = try sandbox.open()
        let way = repository.wayToCheckOut(try sandbox.id("HEAD"))
        #expect(!way.obstacles.isEmpty)
        #expect(found.allSatisfy { !$0.reason.isEmpty && !$0.reason.hasSuffix(".") })
    }

    /// Attribute lines, where they stand, and the files that git writes because of them.
    struct ConversionCase: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let setup: String
        let attribute: String
        /// Nil for all of them.
        let files: [String]?

        init(_ name: String, _ setup: String, _ attribute: String, _ files: [String]?) {
            testDescription = name
            self.setup = setup
            self.attribute = attribute
            self.files = files
        }
    }

    static let conversions: [ConversionCase] = [
        .init(
            "filter", "printf '*.rs filter=lfs diff=lfs -text\\n' > crates/.gitattributes", "filter=lfs",
            ["crates/x/src/main.rs"]),
        .init(
            "encoding", "printf 'a.txt\\tworking-tree-encoding=latin1\\r\\n' > .gitattributes",
            "working-tree-encoding=latin1", ["a.txt"]),
        .init("quotes", "printf '\"a b\" ident' > .gitattributes", "ident", nil),
        .init("eol", "printf '*.sh text eol=crlf\\n' > .gitattributes", "eol=crlf", ["run.sh"]),
        .init("a path", "printf '/crates/**/*.rs ident\\n' > .gitattributes", "ident", ["crates/x/src/main.rs"]),
        .init("a set of letters", "printf '[ab].txt ident\\n' > .gitattributes", "ident", nil),
        .init("a directory", "printf 'crates/ ident\\n' > .gitattributes", "ident", nil),
        .init("a macro", "printf '[attr]odd filter=x\\n*.x odd\\n' > .gitattributes", "filter=x", nil),
        .init(
            "taken away again", "printf '* filter=x\\n* -filter\\n' > .gitattributes", "filter=x", nil),
        .init("nothing that is there", "printf '*.png filter=lfs\\n' > .gitattributes", "", []),
        .init(
            "info/attributes", "mkdir -p .git/info; printf '*b ident\\n' > .git/info/attributes", "ident",
            ["crates.d/b"]),
        .init(
            "attributesFile",
            "printf 'main.rs filter=y\\n' > \"$HOME/attrs\"; git config core.attributesFile '~/attrs'",
            "filter=y", ["crates/x/src/main.rs"]),
        .init(
            "XDG attributes",
            "mkdir -p \"$HOME/.config/git\"; printf '*.txt ident\\n' > \"$HOME/.config/git/attributes\"",
            "ident", ["a.txt"]),
    ]

    @Test(arguments: conversions) func everyFileThatMayBeConvertedIsFound(_ feature: ConversionCase) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(feature.setup)
        try sandbox.shell("git add .; git commit -qm attributes --allow-empty")
        let repository = try sandbox.open()
        let tree = try repository.tree(of: sandbox.id("HEAD"))
        let found = try repository.conversions(in: tree)
        let ordinary = tree.filter { $0.mode == .file || $0.mode == .executable }.map(\.path.string)
        #expect(found.positions.map { tree[$0].path.string } == feature.files ?? ordinary)
        #expect(found.reasons.map(\.kind) == (feature.files == [] ? [] : [.attribute(feature.attribute)]))
        #expect(try repository.nativeObstacles(for: tree) == [])
        let way = repository.wayToCheckOut(try sandbox.id("HEAD"))
        // With all of them to be converted there is nothing to be done natively.
        #expect(way.obstacles.isEmpty == (feature.files != nil))
        #expect(way.conversions.positions == (way.obstacles.isEmpty ? found.positions : []))
    }

    @Test(arguments: [
        "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_CONFIG_PARAMETERS", "GIT_ATTR_SOURCE",
        "GIT_NAMESPACE",
    ])
    func theEnvironmentIsFound(_ name: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let value =
            switch name {
            case "GIT_OBJECT_DIRECTORY": sandbox.path("repo/.git/objects").string
            case "GIT_COMMON_DIR": sandbox.path("repo/.git").string
            case "GIT_CONFIG_PARAMETERS": "'a.b=c'"
            default: "x"
            }
        sandbox.environment[name] = value
        if name == "GIT_COMMON_DIR" { sandbox.environment["GIT_DIR"] = value }
        let kinds = try obstacles(sandbox).map(\.kind)
        let expected = name == "GIT_COMMON_DIR" ? "GIT_DIR" : name
        #expect(kinds.first == .environment(expected))
    }

    /// What an obstacle leads to: the whole command by git, with a filter that libgit2 would not run.
    @Test func gitAddsTheWorktreeInstead() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "git config filter.up.smudge 'tr a-z A-Z'; echo '*.txt filter=up' > .gitattributes; git add .; git commit -qm f"
        )
        let repository = try sandbox.open()
        try repository.addWorktreeWithGit(
            at: sandbox.path("tree"), .newBranch("topic", startPoint: "HEAD"), lockReason: "busy")
        #expect(try readFile(sandbox.path("tree/a.txt")) == Array("ONE\nTWO\n".utf8))
        let record = try #require(try repository.location.worktrees().last)
        #expect(record.head == .branch("topic", try sandbox.id("HEAD")))
        #expect(record.lockReason == "busy")
        try repository.addWorktreeWithGit(at: sandbox.path("second"), .detached("HEAD~1"))
        #expect(try sandbox.git("rev-parse HEAD", in: sandbox.path("second")) == sandbox.id("HEAD~1").description)
        let held = gitError { try repository.addWorktreeWithGit(at: sandbox.path("third"), .branch("topic")) }
        guard case .command = held?.kind else {
            Issue.record("a branch that is checked out was not refused")
            return
        }
        #expect(FileStatus.ifPresent(sandbox.path("third")) == nil)
        let option = gitError { try repository.addWorktreeWithGit(at: sandbox.path("x"), .detached("--lock")) }
        #expect(option?.kind == .invalidName)
    }
}

import FileTree
import SystemPackage
import Testing

@testable import Git

/// What a worktree looks like, made by a line of shell in a repository of `Sandbox.makeRepository`, and whether its status
/// is worked out without git.
struct StatusRow: Sendable, CustomTestStringConvertible {
    let name: String
    let line: String
    /// Nil where either is right.
    let isNative: Bool?

    init(_ name: String, _ line: String, native isNative: Bool? = true) {
        self.name = name
        self.line = line
        self.isNative = isNative
    }

    var testDescription: String { name }

    /// Changes that everybody makes.
    static let ordinary: [StatusRow] = [
        StatusRow("clean", "true"),
        StatusRow("modified, another size", "echo more >> a.txt"),
        StatusRow("modified, the same size", "echo two >a.txt; echo one >>a.txt; touch -d @1600000000 a.txt"),
        StatusRow("touched", "touch -d @1600000000 a.txt run.sh crates/x/src/main.rs"),
        StatusRow("deleted", "rm a.txt crates.d/b"),
        StatusRow("a directory deleted", "rm -r crates"),
        StatusRow("made executable", "chmod +x a.txt"),
        StatusRow("no longer executable", "chmod -x run.sh"),
        StatusRow("a file becomes a symlink", "rm a.txt; ln -s one a.txt"),
        StatusRow("a symlink becomes a file", "rm link; printf crates/x >link"),
        StatusRow("a symlink to another place", "rm link; ln -s crates.d link"),
        StatusRow("a symlink made again", "rm link; ln -s crates/x link"),
        StatusRow("a symlink touched", "touch -h -d @1600000000 link crates/dangling"),
        StatusRow("a file becomes a directory", "rm a.txt; mkdir a.txt; echo x >a.txt/x"),
        StatusRow("a file becomes an empty directory", "rm a.txt; mkdir a.txt"),
        StatusRow("a directory becomes a file", "rm -r crates.d; echo x >crates.d"),
        StatusRow("a file becomes a pipe", "rm a.txt; mkfifo a.txt"),
        StatusRow("an untracked pipe", "mkfifo pipe; mkdir d; mkfifo d/pipe"),
        StatusRow("emptied", ": >a.txt"),
        StatusRow("an empty file filled", ": >e; git add e; git commit -qm e; echo x >e"),
        StatusRow("an empty file touched", ": >e; git add e; git commit -qm e; touch -d @1600000000 e"),
        StatusRow("a file replaced by its copy", "cp -p a.txt c; mv c a.txt"),
        StatusRow("all files copied", "cp -rp . ../copy; rm -r * ; cp -rp ../copy/* ."),
        StatusRow("staged and changed again", "echo x >>a.txt; git add a.txt; echo y >>a.txt"),
        StatusRow("staged and taken back", "echo x >a.txt; git add a.txt; git show HEAD:a.txt >a.txt"),
        StatusRow("staged: new files", "mkdir -p n/m; echo x >n/m/x; echo y >y; git add ."),
        StatusRow("staged: deleted", "git rm -q a.txt; git rm -rq crates"),
        StatusRow("staged: deleted, and kept", "git rm -q --cached a.txt; git rm -rq --cached crates.d"),
        StatusRow("staged: the mode", "git update-index --chmod=+x a.txt"),
        StatusRow("staged: another kind", "rm a.txt; ln -s x a.txt; git add a.txt"),
        StatusRow("staged: in many directories", "echo x >>crates/x/src/main.rs; echo x >>a.txt; git add -u"),
        StatusRow("staged: no cache tree", "git read-tree --empty; git add ."),
        StatusRow("another HEAD", "git update-ref --no-deref HEAD HEAD~1"),
        StatusRow("a detached HEAD", "git checkout -q --detach HEAD~1; echo x >>run.sh"),
        StatusRow("everything removed from the index", "git read-tree --empty"),
        StatusRow("packed", "git gc -q; git pack-refs --all; echo x >>a.txt; git add ."),
        StatusRow(
            "untracked", "echo x >new; mkdir d; echo 1 >d/1; echo 2 >d/2; mkdir -p crates/x/new; echo 3 >crates/x/new/3"
        ),
        StatusRow("untracked symlinks", "ln -s crates new; mkdir d; ln -s nowhere d/x"),
        StatusRow("empty directories", "mkdir -p d/e/f crates/g"),
        StatusRow(
            "names that sort in between",
            "echo x >crates-a; echo x >crates.a; echo x >crates0; mkdir crates.e; echo x >crates.e/f; git add .; echo y >>crates.e/f"
        ),
        StatusRow(
            "names that differ by case", "echo x >A.txt; mkdir CRATES; echo x >CRATES/x; git add A.txt; echo y >>A.txt"),
        StatusRow(
            "white space and line ends in names",
            "echo x >'a b'; echo x >' '; printf x >'n\nl'; git add 'a b' ' '; echo y >>' '"),
        StatusRow(
            "names that are not UTF-8",
            #"printf x >"$(printf 'f\377')"; mkdir "$(printf 'd\200')"; printf x >"$(printf 'd\200/\201')"; git add .; echo y >>"$(printf 'f\377')""#
        ),
        StatusRow(
            "an edit in the second of the commit", "printf 'one\ntwx\n' >a.txt; touch -d @1700000000 a.txt .git/index"),
        StatusRow(
            "racy without an edit",
            "touch -d @1700000000 a.txt; git update-index -q --refresh; touch -d @1700000000 .git/index"),
        StatusRow(
            "smudged",
            "touch -d @1700000000 a.txt; git update-index -q --refresh; touch -d @1700000000 .git/index; printf 'one\ntwx\n' >a.txt; touch -d @1700000000 a.txt; echo y >>run.sh; git add run.sh"
        ),
        StatusRow("index version 4", "git update-index --index-version 4; echo x >>crates/x/Cargo.toml"),
        StatusRow("an untracked cache", "git update-index --force-untracked-cache; git status >/dev/null; echo x >new"),
        StatusRow(
            "a merge without a conflict in progress",
            "git switch -qc s HEAD~1; echo s >s; git add s; git commit -qm s; git switch -q main; git merge -q --no-commit --no-ff s"
        ),
        StatusRow("a large file", "head -c 3000000 /dev/zero >z; git add z; git commit -qm z; touch -d @1600000000 z"),
        StatusRow(
            "a large file with an edit",
            "head -c 3000000 /dev/zero >z; git add z; git commit -qm z; printf x | dd of=z bs=1 seek=2999999 conv=notrunc status=none"
        ),
    ]
}

@Suite struct NativeStatusTests {
    /// Compares with git; `isNative` as in `StatusRow`.
    private func check(_ sandbox: Sandbox, _ name: String = "repo", native isNative: Bool?) throws {
        let repository = try sandbox.open(name)
        let reader = StatusReader(repository)
        let root = sandbox.path(name)
        let worktree = try #require(try repository.location.worktrees().first { $0.path == root })
        let git = try GitCommand(worktree: root, environment: sandbox.environment).status()
        #expect(try reader.status(of: worktree) == git)
        let index = try? readFileAndStatus(worktree.indexFile)
        do throws(Unproven) {
            let native = try reader.nativeStatus(of: worktree)
            #expect(native == git)
            #expect(isNative != false)
            // Every directory is a part for somebody else.
            #expect(try reader.nativeStatus(of: worktree, by: Hands(count: 3, grain: 1)) == git)
        } catch {
            #expect(isNative != true, "\(error.reason)")
        }
        let after = try? readFileAndStatus(worktree.indexFile)
        #expect(index?.status.inode == after?.status.inode && index?.status.mtime == after?.status.mtime)
    }

    @Test(arguments: StatusRow.ordinary)
    func ordinaryChangesNeedNoGit(_ row: StatusRow) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(row.line)
        try check(sandbox, native: row.isNative)
    }

    @Test(arguments: StatusRow.ignored)
    func whatIsIgnoredIsLeftOut(_ row: StatusRow) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "mkdir -p u/v w target/debug; touch x.o u/y.o u/v/z.o u/v/keep w/x.o target/debug/a .env; \(row.line)")
        try check(sandbox, native: row.isNative)
    }

    @Test(arguments: StatusRow.special)
    func theRestIsGits(_ row: StatusRow) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(row.line)
        try check(sandbox, native: row.isNative)
    }

    @Test func linkedWorktreesNeedNoGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            """
            git worktree add -q ../a; git worktree add -q --detach ../b HEAD~1; git worktree add -q inside
            echo x >>../a/a.txt; echo x >../b/new; rm ../b/run.sh; echo x >inside/y; git -C inside add .
            """)
        for name in ["repo", "a", "b", "repo/inside"] { try check(sandbox, name, native: true) }
    }

    /// As `wt rm` sees them, which moves the files of a linked worktree away before it looks for the last time.
    @Test(arguments: StatusRow.ordinary.filter { !$0.line.contains(".git/") && !$0.line.contains("gc") })
    func filesThatWereMovedNeedNoGit(_ row: StatusRow) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("git checkout -q --detach; git worktree add -q ../linked main; mkdir ../away")
        try sandbox.shell(row.line, in: sandbox.path("linked"))
        let (place, worktree) = try moved(sandbox)
        let native = try RepositoryNow(sandbox.open()).status.nativeStatus(of: worktree, at: place)
        let git = GitCommand(worktree: place, gitDirectory: worktree.gitDirectory, environment: sandbox.environment)
        #expect(try native == git.status())
    }

    /// What it takes for that: the same registration, named by the files that were moved and naming the place they left.
    @Test(arguments: [
        "echo gitdir: $PWD/.git/worktrees/other >../away/tree/.git", "rm ../away/tree/.git",
        "echo $PWD/elsewhere/.git >.git/worktrees/linked/gitdir", "rm .git/worktrees/linked/commondir",
        "git config core.fsmonitor true",
    ])
    func otherFilesThatWereMovedAreGits(_ line: String) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("git worktree add -q --detach ../linked main; git worktree add -q ../other; mkdir ../away")
        let repository = try sandbox.open()
        let (place, worktree) = try moved(sandbox)
        _ = try StatusReader(repository).nativeStatus(of: worktree, at: place)
        try sandbox.shell(line)
        #expect(throws: Unproven.self) {
            try RepositoryNow(repository).status.nativeStatus(of: worktree, at: place)
        }
    }

    private func moved(_ sandbox: Sandbox) throws -> (FilePath, WorktreeRecord) {
        let location = try sandbox.open().location
        let worktree = try #require(try location.worktrees().first { $0.path == sandbox.path("linked") })
        try sandbox.shell("mv ../linked ../away/tree")
        return (sandbox.path("away/tree"), worktree)
    }

    /// An index that was read before counts as long as it is the same.
    @Test func anIndexThatChangedIsReadAgain() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        let worktree = try repository.location.worktrees()[0]
        let reader = StatusReader(repository)
        // One that was written at the moment at which it is read counts for nothing; the kernel's clock ticks soon.
        var known = try repository.index(of: worktree)
        for _ in 0..<100_000 where !known.isCurrent(at: worktree.indexFile) {
            known = try repository.index(of: worktree)
        }
        #expect(known.isCurrent(at: worktree.indexFile))
        #expect(try reader.nativeStatus(of: worktree, known: known).isClean)
        try sandbox.shell("echo new >new; git add new")
        #expect(!known.isCurrent(at: worktree.indexFile))
        #expect(try reader.nativeStatus(of: worktree, known: known).staged == 1)
    }

    /// Settings that were made since the repository was opened count.
    @Test func theLastLookGoesByTheSettingsOfItsTime() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("git worktree add -q ../linked; echo x >../linked/new; echo new >../mine")
        try sandbox.git(["config", "core.excludesFile", sandbox.path("mine").string])
        let repository = try sandbox.open()
        let worktree = try repository.location.worktrees()[1]
        #expect(try StatusReader(repository).status(of: worktree).isClean)
        try sandbox.git("config core.excludesFile /nowhere")
        #expect(try RepositoryNow(repository).status.nativeStatus(of: worktree).untracked == 1)
    }

    @Test func aWorktreeThatNamesAnotherIsGits() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "git worktree add -q ../a; git worktree add -q ../b; echo x >../b/new; cp ../b/.git ../a/.git")
        try check(sandbox, "a", native: false)
    }

    @Test func aWorkingTreeElsewhereIsGits() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        #expect(StatusReader(try sandbox.open()).obstacle == nil)
        try sandbox.shell("mkdir ../other; cp -r . ../other/; git config core.worktree ../../other; echo x >../other/n")
        #expect(StatusReader(try sandbox.open()).obstacle == "core.worktree is set")
    }
}

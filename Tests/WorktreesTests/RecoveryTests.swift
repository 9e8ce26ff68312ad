import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import Git
@testable import Worktrees

/// What a killed `wt new` has left goes, and nothing else: whatever has changed since is somebody's work.
@Suite struct RecoveryTests {
    /// A half-made worktree on the new branch `new` at `above/x`, with one file and no index, and a record that nobody
    /// holds.
    private func killed(_ sandbox: Sandbox) throws {
        let repository = try sandbox.open()
        let location = repository.location
        let commit = try #require(ObjectID(hex: sandbox.repository.git("rev-parse", "topic")))
        let making = Making(
            at: sandbox.path("above/x"), commit: commit, branch: "new", makesBranch: true, byGit: false)
        let begun = try MakingRecords.begin(making, in: location, mode: SharedMode(repository.configuration)) { _ in
            String?.none
        }
        guard case .record(let record) = begun else { throw TestFailure("refused") }
        try sandbox.sh("git branch new topic")
        try record.note(branch: "new", in: location)
        let registration = try WorktreeRegistration(
            at: making.path, target: .branch("new"), commit: commit, in: repository, record: record)
        try sandbox.repository.write("a.txt", "one\n", in: registration.worktree)
        // A copy, since a program that another test has started meanwhile may hold the lock on the record itself.
        try sandbox.sh(
            "cp .git/wt-making/* ../record; rm .git/wt-making/*; cp ../record .git/wt-making/copy; rm ../record")
    }

    private func recover(_ sandbox: Sandbox, in place: FilePath? = nil) throws -> Recovery {
        try Recovery(in: sandbox.open(), currentDirectory: place ?? sandbox.repository.path)
    }

    /// Without deletions leaving a new file behind.
    private func packed() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.sh("git pack-refs")
        return sandbox
    }

    @Test func everythingGoes() throws {
        let sandbox = try packed()
        let before = try sandbox.snapshot()
        try killed(sandbox)
        let recovery = try recover(sandbox)
        #expect(recovery.undone == [sandbox.path("above/x")])
        #expect(recovery.warnings == [])
        #expect(try sandbox.snapshot().leftovers(since: before) == [])
        #expect(try recover(sandbox).undone == [])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What happened between the kill and the next command.
        let change: String
        /// Shell tests that hold afterwards.
        let holds: [String]
    }

    static let rows = [
        Row(
            testDescription: "the branch has moved", change: "git update-ref refs/heads/new main",
            holds: ["git rev-parse new", "[ ! -e ../above ]", "[ ! -e .git/worktrees ]"]),
        Row(
            testDescription: "the branch was made anew",
            change: "git update-ref -d refs/heads/new; git branch new topic",
            holds: ["git rev-parse new", "[ ! -e ../above ]"]),
        Row(
            testDescription: "another worktree has the branch",
            change: "git worktree add -q --force ../other new",
            holds: ["git rev-parse new", "[ ! -e ../above ]", "[ -z \"$(git -C ../other status --porcelain)\" ]"]),
        Row(
            testDescription: "another directory at its path",
            change: "mv ../above/x ../moved; mkdir ../above/x; echo mine > ../above/x/mine",
            holds: ["grep mine ../above/x/mine", "[ -e ../moved/a.txt ]", "[ ! -e .git/worktrees ]"]),
        Row(
            testDescription: "a repository of its own in the directory",
            change: "rm ../above/x/.git; git init -q ../above/x; echo mine > ../above/x/mine",
            holds: ["grep mine ../above/x/mine", "[ -d ../above/x/.git ]"]),
        Row(
            testDescription: "another worktree in the directory",
            change:
                "rm -rf ../above/x; git worktree add -q ../other topic; git worktree move -f -f ../other ../above/x",
            holds: ["[ -z \"$(git -C ../above/x status --porcelain)\" ]"]),
        Row(
            testDescription: "something else in the directory above", change: "echo mine > ../above/mine",
            holds: ["grep mine ../above/mine", "[ ! -e ../above/x ]", "! git rev-parse --verify -q new"]),
        Row(
            testDescription: "somebody has put it in order and works in it",
            change: "git -C ../above/x reset -q --hard; echo mine > ../above/x/mine",
            holds: [
                "grep mine ../above/x/mine", "git rev-parse new", "[ ! -e .git/worktrees/x/locked ]",
                "[ \"$(git -C ../above/x status --porcelain)\" = '?? mine' ]",
            ]),
        Row(
            testDescription: "it is gone already",
            change: "git worktree remove -f -f ../above/x; git branch -q -D new; rmdir ../above", holds: ["git branch"]),
    ]

    @Test(arguments: rows) func whatIsSomebodysStays(_ row: Row) throws {
        let sandbox = try packed()
        try killed(sandbox)
        try sandbox.sh(row.change)
        let recovery = try recover(sandbox)
        #expect(recovery.warnings == [])
        for test in row.holds { try sandbox.sh("\(test) > /dev/null") }
        try sandbox.sh("[ ! -e .git/wt-making ]; git worktree prune; git fsck --no-progress")
    }

    /// Files that nobody has told git of yet.
    @Test func whatSomebodyHasPutIntoItKeepsIt() throws {
        let sandbox = try packed()
        let before = try sandbox.snapshot()
        try killed(sandbox)
        try sandbox.sh("mkdir ../above/x/src; echo mine > ../above/x/src/mine")
        let meanwhile = try sandbox.snapshot()
        let recovery = try recover(sandbox)
        #expect(recovery.undone == [])
        #expect(recovery.warnings.count == 1 && recovery.warnings[0].contains("holds src/mine"))
        #expect(try sandbox.snapshot().differences(from: meanwhile) == [])
        try sandbox.sh("rm ../above/x/src/mine")
        #expect(try recover(sandbox).undone == [sandbox.path("above/x")])
        #expect(try sandbox.snapshot().leftovers(since: before) == [])
    }

    /// Killed when only the directory was there: whoever has used it since keeps it.
    @Test(arguments: [true, false]) func anEmptyDirectoryThatSomebodyHasTaken(_ wasThere: Bool) throws {
        let sandbox = try packed()
        if wasThere { try sandbox.sh("mkdir -p ../above/x") }
        try killed(sandbox)
        try sandbox.sh("rm -rf .git/worktrees; rm -rf ../above/x/* ../above/x/.git; echo mine > ../above/x/mine")
        #expect(try recover(sandbox).warnings == [])
        try sandbox.sh("[ \"$(cat ../above/x/mine)\" = mine ]; [ ! -e .git/wt-making ]")
    }

    @Test func whoStandsInItIsNotDisturbed() throws {
        let sandbox = try packed()
        try killed(sandbox)
        let path = sandbox.path("above/x")
        let before = try sandbox.snapshot()
        let recovery = try recover(sandbox, in: path)
        #expect(recovery.undone == [])
        #expect(recovery.warnings.count == 1 && recovery.warnings[0].contains("run wt elsewhere"))
        #expect(try sandbox.snapshot().differences(from: before) == [])
        #expect(try recover(sandbox).undone == [path])
    }

    @Test(arguments: [
        "nonsense", "making 2\\0begun \\0", "making 1\\0path relative\\0commit 1234\\0begun \\0",
        "making 1\\0path /a/b\\0commit 814f4a422927b82f5f8a43f8fab6d3839e3983f2\\0missing /etc\\0begun \\0",
        "making 1\\0path /a/b\\0commit 814f4a422927b82f5f8a43f8fab6d3839e3983f2\\0begun \\0name ../../x\\0",
        "making 1\\0path /a/b\\0commit 814f4a422927b82f5f8a43f8fab6d3839e3983f2\\0new-branch ../x\\0begun \\0",
        "making 1\\0path /a/b\\0commit 814f4a422927b82f5f8a43f8fab6d3839e3983f2\\0begun \\0root 1 2\\0",
    ])
    func recordsThatSayNothingAreLeftAlone(_ text: String) throws {
        let sandbox = try packed()
        try sandbox.sh("mkdir .git/wt-making; printf '\(text)' > .git/wt-making/odd")
        let before = try sandbox.snapshot()
        let recovery = try recover(sandbox)
        #expect(recovery.undone == [])
        #expect(recovery.warnings.count == 1 && recovery.warnings[0].contains("wt-making/odd is no record"))
        #expect(try sandbox.snapshot().differences(from: before) == [])
    }

    /// Killed before anything was written into the record, or into the directory.
    @Test(arguments: ["mkdir .git/wt-making", "mkdir .git/wt-making; touch .git/wt-making/0"])
    func whatHasNotBegunGoesWithoutAWord(_ script: String) throws {
        let sandbox = try packed()
        let before = try sandbox.snapshot()
        try sandbox.sh(script)
        let recovery = try recover(sandbox)
        #expect(recovery.undone == [] && recovery.warnings == [])
        #expect(try sandbox.snapshot().leftovers(since: before) == [])
    }

    /// Every field, with bytes that are not UTF-8; and a last field that was cut off.
    @Test func recordsKeepWhatTheySay() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.pushing(FilePath(bytes: Array("a\nb/".utf8) + [0xff, 0x20] + Array("/c".utf8)))
        let commit = try #require(ObjectID(hex: "814f4a422927b82f5f8a43f8fab6d3839e3983f2"))
        let identity = try LastingIdentity(directory.path)
        for isByGit in [false, true] {
            for (branch, isNew) in [("größe/x", true), ("x", false), (nil, false)] as [(String?, Bool)] {
                let making = Making(at: path, commit: commit, branch: branch, makesBranch: isNew, byGit: isByGit)
                #expect(making.missing.count == 2)
                #expect(Making(bytes: making.bytes) == making)
                let name = try #require(FilePath("c1").lastComponent)
                let steps: [Making.Step] = [
                    .branch(identity), .administrativeName(name), .administrativeDirectory(identity), .root(identity),
                    .git,
                ]
                let bytes = steps.reduce(making.bytes) { $0 + Making.bytes(of: $1) }
                let read = try #require(Making(bytes: bytes))
                #expect(read.branchFile == identity && read.root == identity && read.hasStartedGit)
                #expect(read.administrativeName == name && read.administrativeDirectory == identity)
                let cut = try #require(Making(bytes: Array(bytes.dropLast(1))))
                #expect(!cut.hasStartedGit && cut.root == identity)
            }
        }
    }
}

import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct RegistrationTests {
    /// Every file below a directory: path, mode and contents.
    private func snapshot(_ sandbox: Sandbox, _ path: String) throws -> String {
        try sandbox.shell(
            "find . -printf '%P %M\\n' | sort; find . -type f ! -name index | sort | while read f; do echo \"== $f\"; cat \"$f\"; done",
            in: sandbox.path(path))
    }

    /// The same in two repositories, one by git and one by us, in every way a worktree is made.
    @Test(arguments: ["branch", "detached", "locked", "no-checkout", "no-checkout-detached", "logs-off", "bare"])
    func theFilesAreThoseThatGitWrites(_ way: String) throws {
        var made: [String] = []
        for native in [false, true] {
            let sandbox = try Sandbox()
            try sandbox.makeRepository()
            if way == "bare" {
                try sandbox.shell(
                    "git clone -q --bare . ../b; rm -rf ../repo; mv ../b ../repo; cd ../repo", in: sandbox.path("repo"))
            }
            if way == "logs-off" { try sandbox.git("config core.logAllRefUpdates false") }
            try sandbox.git("branch topic HEAD~1")
            let options =
                switch way {
                case "detached": "--detach"
                case "locked": "--lock --reason why"
                case "no-checkout": "--no-checkout"
                case "no-checkout-detached": "--no-checkout --detach"
                default: ""
                }
            let isDetached = way.hasSuffix("detached")
            if native {
                let registration = try WorktreeRegistration(
                    at: sandbox.path("deep/er/tree"), target: isDetached ? .detached : .branch("topic"),
                    commit: sandbox.id("topic"), in: sandbox.open(), checksOut: !way.hasPrefix("no-checkout"),
                    lockReason: way == "locked" ? "why" : nil)
                if way != "locked" { #expect(registration.directory.lockReason == "initializing") }
                try registration.finish()
                // Only the index is missing yet.
                if !way.hasPrefix("no-checkout") {
                    try sandbox.git("reset -q --hard", in: registration.worktree)
                    // Beside the files it repeats what is there already: ORIG_HEAD, and the log's last line.
                    let log = registration.directory.path.pushing("logs/HEAD")
                    if FileStatus.ifPresent(log) != nil, !isDetached {
                        try sandbox.shell("sed -i '$d' '\(log)'", in: sandbox.root)
                    }
                }
            } else {
                try sandbox.git("worktree add -q \(options) ../deep/er/tree topic")
            }
            let common = way == "bare" ? "repo" : "repo/.git"
            let text = try snapshot(sandbox, "\(common)/worktrees") + snapshot(sandbox, "deep")
            made.append(text.replacing(sandbox.root.string, with: "ROOT"))
        }
        #expect(made[0] == made[1])
        #expect(made[0].contains("gitdir: ROOT/repo"))
    }

    @Test func gitTakesItForItsOwn() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("branch topic")
        let registration = try WorktreeRegistration(
            at: sandbox.path("tree"), target: .branch("topic"), commit: sandbox.id("topic"), in: sandbox.open())
        // Locked as long as it is not finished, so a prune leaves it even without its directory.
        try sandbox.shell("mv ../tree ../aside; git worktree prune; mv ../aside ../tree")
        try registration.finish()
        #expect(try sandbox.git("worktree list --porcelain").contains("worktree \(sandbox.path("tree"))"))
        try sandbox.git("reset -q --hard", in: sandbox.path("tree"))
        #expect(try sandbox.git("status --porcelain", in: sandbox.path("tree")) == "")
        #expect(try sandbox.git("rev-parse --abbrev-ref HEAD", in: sandbox.path("tree")) == "topic")
        try sandbox.git("worktree lock ../tree")
        try sandbox.git("worktree unlock ../tree")
        try sandbox.git("worktree move ../tree ../moved")
        try sandbox.git("worktree repair")
        #expect(try sandbox.git("fsck") == "")
        try sandbox.git("worktree remove ../moved")
        #expect(FileStatus.ifPresent(sandbox.path("repo/.git/worktrees")) == nil)
    }

    @Test func theMainRepositoryCanMove() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let registration = try WorktreeRegistration(
            at: sandbox.path("tree"), target: .detached, commit: sandbox.id("HEAD"), in: sandbox.open())
        try registration.finish()
        try sandbox.shell("mv repo elsewhere", in: sandbox.root)
        try sandbox.git("worktree repair", in: sandbox.path("elsewhere"))
        #expect(try sandbox.git("rev-parse HEAD", in: sandbox.path("tree")).count == 40)
    }

    /// Names, contents and modes of everything in the sandbox.
    private func everything(_ sandbox: Sandbox) throws -> String {
        try sandbox.shell(
            "find . -printf '%p %M %l\\n' | sort; find . -type f | sort | xargs sha1sum", in: sandbox.root)
    }

    @Test func undoLeavesNoTrace() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let before = try everything(sandbox)
        let repository = try sandbox.open()
        let first = try WorktreeRegistration(
            at: sandbox.path("a/b/c"), target: .detached, commit: sandbox.id("HEAD"), in: repository)
        try sandbox.write("half", to: sandbox.path("a/b/c/deep/file"))
        #expect(try everything(sandbox) != before)
        try first.undo()
        #expect(try everything(sandbox) == before)
        try first.undo()
        #expect(try everything(sandbox) == before)
    }

    @Test func undoLeavesWhatItDidNotMake() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../old -b old")
        try makeDirectories(sandbox.path("a/b"))
        let before = try everything(sandbox)
        let repository = try sandbox.open()
        // A directory that was there, empty, stays there, empty.
        let there = try WorktreeRegistration(
            at: sandbox.path("a/b"), target: .detached, commit: sandbox.id("HEAD"), in: repository)
        try sandbox.write("half", to: sandbox.path("a/b/deep/file"))
        try there.undo()
        #expect(try everything(sandbox) == before)
        // Another directory that took the path meanwhile is somebody else's.
        let replaced = try WorktreeRegistration(
            at: sandbox.path("a/c"), target: .detached, commit: sandbox.id("HEAD"), in: repository)
        try sandbox.shell("mv a/c a/mine; mkdir a/c; echo precious > a/c/file", in: sandbox.root)
        #expect(gitError { try replaced.undo() } != nil)
        #expect(try readFile(sandbox.path("a/c/file")) == Array("precious\n".utf8))
        // A directory above that holds something else by now stays.
        let shared = try WorktreeRegistration(
            at: sandbox.path("n/e/w"), target: .detached, commit: sandbox.id("HEAD"), in: repository)
        try sandbox.write("x", to: sandbox.path("n/other"))
        try shared.undo()
        #expect(FileStatus.ifPresent(sandbox.path("n/other")) != nil)
        #expect(FileStatus.ifPresent(sandbox.path("n/e")) == nil)
    }

    @Test func failureHalfWayIsUndone() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "printf '#!/bin/sh\\n[ $1 != prepared ]\\n' > .git/hooks/reference-transaction; chmod +x .git/hooks/reference-transaction"
        )
        let before = try everything(sandbox)
        let repository = try sandbox.open()
        let error = gitError {
            try WorktreeRegistration(
                at: sandbox.path("a/b"), target: .detached, commit: sandbox.id("HEAD"), in: repository)
        }
        #expect(error != nil)
        #expect(try everything(sandbox) == before)
    }

    @Test func aTakenPathIsRefused() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../old -b old")
        try sandbox.shell("rm -rf ../old; mkdir ../full; echo x > ../full/x; ln -s home ../symlink")
        let before = try everything(sandbox)
        let repository = try sandbox.open()
        for name in ["full", "full/x", "old", "repo", "symlink"] {
            let error = gitError {
                try WorktreeRegistration(
                    at: sandbox.path(name), target: .detached, commit: sandbox.id("HEAD"), in: repository)
            }
            #expect(error?.kind == .exists, "\(name)")
        }
        #expect(try everything(sandbox) == before)
    }

    @Test func equalNamesGetNumbersAsByGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q --detach ../one/tree")
        let names = try (1...3).map { number in
            try WorktreeRegistration(
                at: sandbox.path("n\(number)/tree"), target: .detached, commit: sandbox.id("HEAD"), in: sandbox.open()
            ).directory.name.string
        }
        #expect(names == ["tree1", "tree2", "tree3"])
    }

    @Test func unregisteringTakesOneRegistration() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("worktree add -q ../one -b one")
        try sandbox.git("worktree add -q ../two -b two")
        let location = try sandbox.open().location
        let worktrees = try location.worktrees()
        try location.unregister(try #require(worktrees[1].administrativeDirectory))
        #expect(try sandbox.git("worktree list").split(separator: "\n").count == 2)
        #expect(FileStatus.ifPresent(sandbox.path("one/a.txt")) != nil)
        #expect(gitError { try location.unregister(AdministrativeDirectory(path: sandbox.path("two"))) } != nil)
        let parent = AdministrativeDirectory(path: sandbox.path("repo/.git/worktrees"))
        #expect(gitError { try location.unregister(parent) } != nil)
        let above = AdministrativeDirectory(path: sandbox.path("repo/.git/worktrees/.."))
        #expect(gitError { try location.unregister(above) } != nil)
        try location.unregister(try #require(worktrees[2].administrativeDirectory))
        #expect(FileStatus.ifPresent(sandbox.path("repo/.git/worktrees")) == nil)
        #expect(FileStatus.ifPresent(sandbox.path("repo/.git/HEAD")) != nil)
    }
}

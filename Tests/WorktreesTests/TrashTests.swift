import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

@Suite struct TrashTests {
    private func fill(_ sandbox: Sandbox, _ name: String = "full") throws -> FilePath {
        try sandbox.sh("mkdir -p ../\(name)/deep; echo x > ../\(name)/deep/file; ln -s /etc ../\(name)/link")
        return sandbox.path(name)
    }

    @Test func whatIsTakenIsGoneAtOnceAndDeletedLater() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        #expect(trash.isEmpty)
        let full = try fill(sandbox)
        let inode = try FileStatus(full).inode
        #expect(try trash.take(full))
        #expect(FileStatus.ifPresent(full) == nil)
        #expect(!trash.isEmpty)
        let entries = try Directory(trash.path).entries()
        #expect(try entries.map { try FileStatus(trash.path.appending($0.name)).inode } == [inode])
        // git takes no notice of it.
        #expect(try sandbox.repository.git("fsck", "--full") == "")
        try trash.empty()
        #expect(FileStatus.ifPresent(trash.path) == nil)
        try trash.empty()
    }

    @Test func onlyDirectoriesAreTaken() throws {
        let sandbox = try Sandbox()
        let full = try fill(sandbox)
        try sandbox.sh("ln -s full ../symlink; echo x > ../file")
        let trash = try sandbox.trash
        for name in ["symlink", "file", "nothing"] {
            #expect(throws: FileError.self) { try trash.take(sandbox.path(name)) }
        }
        #expect(FileStatus.ifPresent(full.appending("link")) != nil)
        #expect(try sandbox.sh("readlink ../symlink; cat ../file") == "full\nx")
    }

    @Test(.enabled(if: TinyFileSystem.isPossible, "needs the right to mount a tmpfs"))
    func anotherFileSystemIsNot() throws {
        let sandbox = try Sandbox()
        let other = try TinyFileSystem(at: sandbox.path("other"), "size=1m")
        let full = try fill(sandbox, "other/full")
        #expect(try !sandbox.trash.take(full))
        #expect(FileStatus.ifPresent(full.appending("deep")) != nil)
        // A worktree there is deleted where it is.
        try sandbox.repository.git("worktree", "add", "-q", "../other/linked", "topic")
        let result = try sandbox.removalPlan(RemovalOptions("topic")).run(in: sandbox.open())
        #expect(!result.isInTrash)
        #expect(FileStatus.ifPresent(sandbox.path("other/linked")) == nil)
        #expect(FileStatus.ifPresent(try sandbox.trash.path) == nil)
        withExtendedLifetime(other) {}
    }

    /// Somebody empties it all the time.
    @Test func takingWhileItIsEmptied() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        try sandbox.sh("for i in $(seq 100); do mkdir ../d$i; touch ../d$i/file; done")
        let failures = (0..<101).concurrentMap { number -> String? in
            do {
                if number == 0 {
                    while FileStatus.ifPresent(sandbox.path("d100")) != nil { try trash.empty() }
                } else if try !trash.take(sandbox.path("d\(number)")) {
                    return "d\(number) was not taken"
                }
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(failures.compactMap { $0 } == [])
        try trash.empty()
        #expect(FileStatus.ifPresent(trash.path) == nil)
    }

    /// What cannot be deleted is told, and tried again.
    @Test(.enabled(if: RemovalTests.canMakeImmutable, "needs root, and a file system with chattr"))
    func whatCannotBeDeletedIsTold() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        let full = try fill(sandbox)
        try sandbox.sh("chattr +i ../full/deep/file")
        #expect(try trash.take(full))
        #expect(throws: FileError.self) { try trash.empty() }
        try sandbox.sh("chattr -i .git/wt-trash/*/deep/file")
        #expect(trash.complaint?.contains("deep/file: Operation not permitted") == true)
        #expect(!trash.isEmpty)
        try trash.empty()
        #expect(FileStatus.ifPresent(trash.path) == nil)
    }

    // MARK: Held

    private func registration(_ sandbox: Sandbox) -> AdministrativeDirectory {
        AdministrativeDirectory(path: sandbox.repository.path.pushing(".git/worktrees/linked"))
    }

    /// `wt rm` is killed before it has unregistered the worktree, or after; or something has taken the place.
    @Test func whatWasHeldByOneThatWasKilled() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        let before = try sandbox.snapshot()
        let linkedBefore = try TreeSnapshot(linked)
        func hold() throws {
            let held = try #require(HeldDirectory(linked, registration(sandbox), trash: trash))
            #expect(FileStatus.ifPresent(linked) == nil)
            // It is alive.
            #expect(trash.settleHeld().putBack == [])
            try trash.empty()
            #expect(FileStatus.ifPresent(held.tree) != nil)
        }
        try hold()
        let settled = trash.settleHeld()
        #expect(settled.putBack == [linked])
        #expect(settled.warnings == [])
        #expect(try sandbox.snapshot().leftovers(since: before) == [])
        #expect(try TreeSnapshot(linked).differences(from: linkedBefore) == [])

        try hold()
        try sandbox.sh("echo mine > ../linked")
        let refused = trash.settleHeld()
        #expect(refused.putBack == [])
        #expect(refused.warnings.count == 1)
        #expect(refused.warnings.first?.contains("belongs to \(linked), which is taken") == true)
        try sandbox.sh("rm ../linked")
        #expect(trash.settleHeld().putBack == [linked])

        // A registration that somebody else has taken away is no decision of ours.
        try hold()
        try sandbox.sh("git worktree prune")
        #expect(trash.settleHeld().putBack == [linked])
        #expect(FileStatus.ifPresent(linked.appending("a.txt")) != nil)
    }

    /// It is killed after the rename that decides, and before the last one.
    @Test func whatWasDecidedIsFinished() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        do {
            let held = try #require(HeldDirectory(linked, registration(sandbox), trash: trash))
            try sandbox.sh("mv .git/worktrees/linked \(held.tree.removingLastComponent())/registration")
        }
        #expect(trash.settleHeld().putBack == [])
        try trash.empty()
        #expect(FileStatus.ifPresent(trash.path) == nil)
        #expect(FileStatus.ifPresent(linked) == nil)
    }

    /// Another worktree has been registered under its name meanwhile.
    @Test func anotherRegistrationIsNotTaken() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        let identity = try LastingIdentity(registration(sandbox).path)
        let held = try #require(HeldDirectory(linked, registration(sandbox), trash: trash))
        try sandbox.sh("echo precious > \(held.tree)/mine; git worktree add -q -f ../linked topic")
        let before = try sandbox.snapshot()
        #expect(!held.giveUp(identity))
        #expect(!held.putBack())
        #expect(try sandbox.snapshot().leftovers(since: before) == [])
        #expect(try sandbox.sh("git status --porcelain", in: linked) == "")
        #expect(try sandbox.sh("cat \(held.tree)/mine") == "precious")
    }

    /// What is mounted there is somebody else's, and a symlink leads to where nobody empties it.
    @Test(.enabled(if: TinyFileSystem.isPossible, "needs the right to mount a tmpfs"))
    func mountsAndSymlinks() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        let outside = try fill(sandbox, "outside")
        do {
            let mounted = try TinyFileSystem(binding: outside, at: trash.path.appending("1-1"))
            #expect(throws: FileError.self) { try trash.empty() }
            withExtendedLifetime(mounted) {}
        }
        #expect(FileStatus.ifPresent(outside.pushing("deep/file")) != nil)
        try trash.empty()
        try sandbox.sh("ln -s ../../outside .git/wt-trash")
        let full = try fill(sandbox)
        #expect(throws: FileError.self) { try trash.take(full) }
        try trash.empty()
        #expect(try sandbox.sh("ls ../outside ../full") == "../full:\ndeep\nlink\n\n../outside:\ndeep\nlink")
    }

    /// Without the note of where it belongs, nothing is decided.
    @Test func whatNobodyKnowsIsLeftAlone() throws {
        let sandbox = try Sandbox()
        let trash = try sandbox.trash
        try sandbox.sh(
            "mkdir -p .git/wt-trash/held-1/tree .git/wt-trash/held-2; echo mine > .git/wt-trash/held-1/tree/file")
        let settled = trash.settleHeld()
        #expect(settled.putBack == [])
        #expect(settled.warnings.count == 1)
        try trash.empty()
        #expect(try sandbox.sh("ls .git/wt-trash; cat .git/wt-trash/held-1/tree/file") == "held-1\nmine")
    }
}

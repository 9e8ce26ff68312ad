import Dispatch
import FileTree
import Glibc
import SystemPackage
import Testing

@testable import Git

@Suite struct CheckoutTests {
    /// A repository with everything that a native checkout takes: odd names, modes, symlinks, a submodule, an empty
    /// file, deep directories, and enough files for several threads.
    private func makeRichRepository() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            """
            for d in 1 2 3 4 5 6; do mkdir -p deep/$d/er a$d; for i in $(seq 1 40); do echo $d$i > deep/$d/er/f$i; echo $i > a$d/g$i; done; done
            printf x > "$(printf 'bad\\377name')"; printf y > 'line
            end'; : > empty; head -c 300000 /dev/urandom > big; printf 'a\\r\\nb\\n' > crlf; chmod +x big
            ln -s "$(printf 'to\\376')" "$(printf 'odd\\375link')"; printf '* text=auto\\n*.x eol=lf\\n' > .gitattributes
            git add .; git update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,deep/sub
            git commit -qm rich; rm crlf; git checkout -q -- crlf; git gc -q; echo loose > loose; git add loose; git commit -qm loose
            """)
        return sandbox
    }

    private func describe(_ sandbox: Sandbox, _ name: String) throws -> String {
        try sandbox.shell(
            "find . -name .git -prune -o -printf '%p %M %l\\n' | sort; find . -name .git -prune -o -type f -print0 | sort -z | xargs -0 sha1sum",
            in: sandbox.path(name))
    }

    /// Registers, writes files and index, and finishes.
    @discardableResult
    private func check(
        out revision: String, to name: String, _ sandbox: Sandbox, workers: Int? = nil
    ) throws -> WorktreeRegistration {
        let repository = try sandbox.open()
        let commit = try repository.resolve(startPoint: revision)
        let tree = try repository.tree(of: commit)
        #expect(try repository.nativeObstacles(for: tree) == [])
        let registration = try WorktreeRegistration(
            at: sandbox.path(name), target: .detached, commit: commit, in: repository)
        var checkout = try Checkout(of: tree, in: repository)
        if let workers { checkout.workers = workers }
        let now = FileTime.now()
        for (position, mode) in tree.modes.enumerated() where mode != .submodule {
            let file = sandbox.path("repo").pushing(tree[position].path)
            guard FileStatus.ifPresent(file) != nil else { continue }
            try setModificationTime(of: file, to: FileTime(seconds: now.seconds - 5, nanoseconds: 123_456_789))
        }
        checkout.source = Checkout.Source(
            root: sandbox.path("repo"), candidates: tree.map { _ in true }, givesTimes: true)
        let written = try checkout.run(into: registration.worktree)
        try IndexWriter.write(tree, statuses: written.map(\.status), to: registration.directory.path.appending("index"))
        try registration.finish()
        return registration
    }

    @Test(arguments: [1, 2, 5]) func theFilesAreThoseOfGit(_ workers: Int) throws {
        let sandbox = try makeRichRepository()
        try check(out: "HEAD", to: "ours", sandbox, workers: workers)
        try sandbox.git("worktree add -q --detach ../theirs")
        let theirs = try describe(sandbox, "theirs")
        #expect(try describe(sandbox, "ours") == theirs)
        #expect(theirs.contains("./deep/sub drwx"))
        #expect(theirs.contains("./run.sh -rwx"))
        #expect(try sandbox.git("fsck").isEmpty)
    }

    /// The proof that the index is right: git reads no file again, and has nothing to write.
    @Test func theFirstStatusIsCleanAndWritesNothing() throws {
        let sandbox = try makeRichRepository()
        let registration = try check(out: "HEAD", to: "ours", sandbox)
        let index = registration.directory.path.appending("index")
        let before = try readFileAndStatus(index)
        #expect(try sandbox.git("status --porcelain", in: sandbox.path("ours")) == "")
        #expect(try sandbox.git("diff-files", in: sandbox.path("ours")) == "")
        #expect(try sandbox.git("diff-index --cached HEAD", in: sandbox.path("ours")) == "")
        try sandbox.git("update-index --refresh", in: sandbox.path("ours"))
        let after = try readFileAndStatus(index)
        #expect(after.bytes == before.bytes)
        #expect(after.status.mtime == before.status.mtime && after.status.inode == before.status.inode)
    }

    /// Stat data that match prove nothing if git would look at them only; a change after the checkout must show.
    @Test func laterChangesAreSeen() throws {
        let sandbox = try makeRichRepository()
        try check(out: "HEAD", to: "ours", sandbox)
        try sandbox.shell(
            "printf 99 > deep/1/er/f1; printf 'Z' > empty; chmod +x crlf; rm a1/g1; ln -sfn other link",
            in: sandbox.path("ours"))
        let status = try GitCommand(worktree: sandbox.path("ours"), environment: sandbox.environment).status()
        #expect(status.modified == 5 && status.staged == 0 && status.untracked == 0)
    }

    /// Every file but one has its equal in the source; that one, and what is no candidate, comes from the database.
    @Test(arguments: [true, false]) func whatTheSourceHasIsTakenFromThere(_ givesTimes: Bool) throws {
        let sandbox = try makeRichRepository()
        try sandbox.shell(
            """
            head -c 3000000 /dev/urandom > large; git add large; git commit -qm large; printf 'ONE\\ntwo\\n' > a.txt
            find . -path ./.git -prune -o ! -type d -print0 | xargs -0 touch -h -d @1600000000.000000007
            """)
        let repository = try sandbox.open()
        let tree = try repository.tree(of: sandbox.id("HEAD"))
        var checkout = try Checkout(of: tree, in: repository)
        let untouched: FilePath = "run.sh"
        checkout.source = Checkout.Source(
            root: sandbox.path("repo"), candidates: tree.map { $0.path != untouched }, givesTimes: givesTimes)
        try makeDirectories(sandbox.path("plain"))
        let start = FileTime.now()
        let written = try checkout.run(into: sandbox.path("plain"))
        try sandbox.git("worktree add -q --detach ../theirs")
        #expect(try describe(sandbox, "plain") == describe(sandbox, "theirs"))
        for (position, entry) in tree.enumerated() {
            let found = try FileStatus(sandbox.path("plain").pushing(entry.path))
            let isDifferent = entry.path == untouched || entry.path == "a.txt" || entry.mode == .submodule
            #expect(written[position].isSameInSource == !isDifferent, "\(entry.path)")
            let old = FileTime(seconds: 1_600_000_000, nanoseconds: 7)
            #expect(isDifferent || !givesTimes ? found.mtime >= start : found.mtime == old, "\(entry.path)")
            let said = try #require(written[position].status)
            #expect(found.ctime == said.ctime && found.inode == said.inode && found.mode == said.mode)
        }
    }

    @Test func whatIsLeftOutIsNotWritten() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        let tree = try repository.tree(of: sandbox.id("HEAD"))
        var checkout = try Checkout(of: tree, in: repository)
        checkout.isLeftOut = { tree[$0].path == "a.txt" }
        try makeDirectories(sandbox.path("plain"))
        let written = try checkout.run(into: sandbox.path("plain"))
        for (position, entry) in tree.enumerated() {
            let isThere = FileStatus.ifPresent(sandbox.path("plain").pushing(entry.path)) != nil
            #expect(isThere == (entry.path != "a.txt"), "\(entry.path)")
            #expect((written[position].status != nil) == isThere)
        }
    }

    /// In a process of its own for each umask, since a umask is the whole process's.
    @Test(arguments: ["002", "027", "077"]) func theModesFollowTheUmask(_ mask: String) async throws {
        await #expect(processExitsWith: .success) { [mask] in
            umask(mode_t(mask, radix: 8)!)
            let sandbox = try Sandbox()
            try sandbox.makeRepository()
            let repository = try sandbox.open()
            let tree = try repository.tree(of: sandbox.id("HEAD"))
            let made = try WorktreeRegistration(
                at: sandbox.path("ours"), target: .detached, commit: sandbox.id("HEAD"), in: repository)
            _ = try Checkout(of: tree, in: repository).run(into: made.worktree)
            try sandbox.git("worktree add -q --detach ../theirs")
            let list = "find . -printf '%P %M\\n' | sort"
            let ours = try sandbox.shell(list, in: sandbox.path("ours"))
            let theirs = try sandbox.shell(list, in: sandbox.path("theirs"))
            precondition(ours == theirs, "\(ours)\n\(theirs)")
        }
    }

    @Test func anExistingFileIsNeverOverwritten() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        let checkout = try Checkout(of: repository.tree(of: sandbox.id("HEAD")), in: repository)
        try sandbox.write("mine", to: sandbox.path("plain/run.sh"))
        #expect(gitError { try checkout.run(into: sandbox.path("plain")) } != nil)
        #expect(try readFile(sandbox.path("plain/run.sh")) == Array("mine".utf8))
    }

    @Test func noSymlinkIsFollowed() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let repository = try sandbox.open()
        let checkout = try Checkout(of: repository.tree(of: sandbox.id("HEAD")), in: repository)
        try sandbox.shell("mkdir plain outside; ln -s ../outside plain/crates", in: sandbox.root)
        #expect(gitError { try checkout.run(into: sandbox.path("plain")) } != nil)
        #expect(try Directory(sandbox.path("outside")).entries().isEmpty)
    }

    @Test func itStopsWhenAsked() throws {
        let sandbox = try makeRichRepository()
        let repository = try sandbox.open()
        var checkout = try Checkout(of: repository.tree(of: sandbox.id("HEAD")), in: repository)
        let calls = Counter()
        checkout.isCancelled = { calls.next() > 10 }
        try makeDirectories(sandbox.path("plain"))
        #expect(gitError { try checkout.run(into: sandbox.path("plain")) }?.kind == .cancelled)
        #expect(calls.next() < 30)
    }

    @Test func progressEndsAtTheTotal() throws {
        let sandbox = try makeRichRepository()
        let repository = try sandbox.open()
        let tree = try repository.tree(of: sandbox.id("HEAD"))
        var checkout = try Checkout(of: tree, in: repository)
        let last = Counter()
        checkout.progress = { done, total in
            last.set(done)
            precondition(total == tree.count)
        }
        try makeDirectories(sandbox.path("plain"))
        _ = try checkout.run(into: sandbox.path("plain"))
        #expect(last.value == tree.count)
    }

    @Test func aMissingBlobIsAnError() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let blob = try sandbox.git("rev-parse HEAD:crates.d/b")
        try sandbox.shell("rm -f .git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
        let repository = try sandbox.open()
        let checkout = try Checkout(of: repository.tree(of: sandbox.id("HEAD")), in: repository)
        try makeDirectories(sandbox.path("plain"))
        #expect(gitError { try checkout.run(into: sandbox.path("plain")) }?.kind == .notFound)
    }

    @Test func alternatesAreRead() throws {
        let sandbox = try makeRichRepository()
        try sandbox.git("clone -q --shared repo clone", in: sandbox.root)
        let repository = try sandbox.open("clone")
        let checkout = try Checkout(of: repository.tree(of: sandbox.id("HEAD")), in: repository)
        try makeDirectories(sandbox.path("plain"))
        _ = try checkout.run(into: sandbox.path("plain"))
        #expect(try describe(sandbox, "plain") == describe(sandbox, "clone"))
    }
}

/// A number that several threads change.
final class Counter: @unchecked Sendable {
    private let lock = DispatchSemaphore(value: 1)
    private var number = 0

    func next() -> Int {
        lock.wait()
        defer { lock.signal() }
        number += 1
        return number
    }

    func set(_ value: Int) {
        lock.wait()
        number = value
        lock.signal()
    }

    var value: Int {
        lock.wait()
        defer { lock.signal() }
        return number
    }
}

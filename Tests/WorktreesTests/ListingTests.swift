import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// `wt list` beside `git worktree list --porcelain`, `git status` in each worktree, and `du`.
@Suite struct ListingTests {
    /// A listing in the words of `git worktree list --porcelain`.
    private func porcelain(_ listing: Listing) -> String {
        let null = String(repeating: "0", count: 40)
        return listing.rows.map { row in
            let worktree = row.worktree
            var lines = ["worktree \(worktree.path)"]
            if worktree.isBare {
                lines.append("bare")
            } else {
                lines.append("HEAD \(worktree.head.commit?.description ?? null)")
                switch worktree.head {
                case .branch(let name, _): lines.append("branch refs/heads/\(name)")
                case .detached: lines.append("detached")
                // A HEAD that is gone is detached for git, one that makes no sense is neither.
                case .unreadable where FileStatus.ifPresent(worktree.gitDirectory.appending("HEAD")) == nil:
                    lines.append("detached")
                case .unreadable: break
                }
            }
            if let reason = worktree.lockReason { lines.append(reason.isEmpty ? "locked" : "locked \(reason)") }
            if let reason = worktree.pruneReason { lines.append("prunable \(reason)") }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n"
    }

    private func listing(
        _ sandbox: Sandbox, at place: FilePath? = nil, sizes: Bool = true, branches: Bool = false
    ) throws -> Listing {
        var options = Listing.Options()
        options.sizes = sizes
        options.branches = branches
        return try Listing(
            of: sandbox.open(place), currentDirectory: place ?? sandbox.repository.path, options: options)
    }

    private func makeSome(_ sandbox: Sandbox) throws {
        try sandbox.sh(
            """
            git worktree add -q ../linked topic; git worktree add -q --detach ../detached HEAD~1
            git worktree add -q -b z ../a; git worktree add -q -b a/b ../z
            git worktree add -q --lock --reason 'on a stick' -b locked ../locked
            git worktree add -q --lock -b plain ../plain; git worktree add -q -b gone ../gone; rm -r ../gone
            git worktree add -q -b lockedgone ../lockedgone; git worktree lock ../lockedgone; rm -r ../lockedgone
            git worktree add -q -b nogit ../nogit; rm ../nogit/.git
            """)
    }

    @Test func allKindsOfWorktrees() throws {
        let sandbox = try Sandbox()
        try makeSome(sandbox)
        #expect(try porcelain(listing(sandbox)) == sandbox.repository.git("worktree", "list", "--porcelain"))
        for row in try listing(sandbox, at: sandbox.path("linked/src")).rows {
            #expect(row.isCurrent == (row.worktree.path == sandbox.path("linked")))
        }
    }

    @Test(arguments: [
        "rm .git/worktrees/linked/gitdir", ": > .git/worktrees/linked/gitdir", "rm .git/worktrees/linked/HEAD",
        "echo nonsense > .git/worktrees/linked/HEAD", "echo 'ref: refs/heads/none' > .git/worktrees/linked/HEAD",
        "rm .git/worktrees/linked/commondir", "echo x > .git/worktrees/file", "mkdir .git/worktrees/empty",
        "rm -r .git/worktrees/linked", "echo /somewhere > .git/worktrees/linked/gitdir", "mv ../linked ../moved",
        "rm -r ../linked; echo x > ../linked", "rm .git/refs/heads/topic", "rm .git/worktrees/linked/index",
        "echo junk > .git/worktrees/linked/index",
    ])
    func damagedRegistrations(_ damage: String) throws {
        let sandbox = try Sandbox()
        try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh("git worktree add -q -b other ../zz-other; echo x > ../zz-other/new")
        try sandbox.sh(damage)
        let before = try sandbox.snapshot()
        let found = try listing(sandbox)
        let git = try sandbox.repository.attempt(["worktree", "list", "--porcelain"])
        // Without `commondir` git finds no commit for the branch; that the worktree is broken is said either way.
        if damage.hasSuffix("commondir") {
            #expect(found.rows.first { $0.worktree.head.branch == "topic" }?.statusFailure != nil)
        } else {
            #expect(git.status == 0)
            #expect(porcelain(found) == String(git.text.dropLast()))
        }
        let other = try #require(found.rows.first { $0.worktree.head.branch == "other" })
        #expect(other.status.value??.untracked == 1)
        #expect(try sandbox.snapshot().differences(from: before) == [])
    }

    @Test func aBareMainRepository() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("git clone -q --bare . ../bare.git; git -C ../bare.git worktree add -q ../linked topic")
        let found = try listing(sandbox, at: sandbox.path("bare.git"))
        #expect(
            try porcelain(found)
                == sandbox.repository.git("worktree", "list", "--porcelain", in: sandbox.path("bare.git")))
        #expect(found.rows[0].status.value == .some(nil))
        #expect(found.rows[0].statusFailure == nil)
        let fromInside = try listing(sandbox, at: sandbox.path("linked"))
        #expect(porcelain(fromInside) == porcelain(found))
        #expect(fromInside.rows[1].isCurrent)
    }

    @Test func noCommitYet() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("rm -rf .git *; git init -q -b main; echo x > new; git add new")
        let found = try listing(sandbox)
        #expect(try porcelain(found) == sandbox.repository.git("worktree", "list", "--porcelain"))
        #expect(found.rows[0].status.value??.staged == 1)
    }

    @Test(arguments: [
        ("clean", ":", [0, 0, 0, 0]),
        ("staged", "echo x >> a.txt; git add a.txt; git rm -q run.sh; echo n > n; git add n", [3, 0, 0, 0]),
        ("renamed", "git mv a.txt b.txt", [1, 0, 0, 0]),
        ("modified", "echo x >> a.txt; rm run.sh; chmod +x src/lib.rs", [0, 3, 0, 0]),
        ("both", "echo x >> a.txt; git add a.txt; echo y >> a.txt", [1, 1, 0, 0]),
        ("untracked", "echo x > new; mkdir d; echo x > d/1; echo x > d/2; echo x > x.ignored", [0, 0, 2, 0]),
        ("conflict", "echo o > a.txt; git commit -qam o; ! git merge -q main", [0, 0, 0, 1]),
    ])
    func status(_ name: String, _ change: String, _ counts: [Int]) throws {
        let sandbox = try Sandbox()
        let linked = try sandbox.repository.addWorktree("linked", branch: "topic")
        try sandbox.sh(change, in: linked)
        let before = try sandbox.snapshot()
        let rows = try listing(sandbox).rows
        let status = try #require(rows.first { $0.worktree.path == linked }?.status.value ?? nil)
        #expect([status.staged, status.modified, status.untracked, status.conflicted] == counts)
        #expect(rows[0].status.value??.isClean == true)
        #expect(try sandbox.snapshot().differences(from: before) == [])
        #expect(try status.isClean == sandbox.repository.git("status", "--porcelain", in: linked).isEmpty)
    }

    @Test func sizesAreThoseOfDu() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            "mkdir tools; echo '[workspace]' | tee Cargo.toml > tools/Cargo.toml; git add .; git commit -qm manifests"
        )
        try sandbox.sh(
            "git worktree add -q -b one ../one; git worktree add -q -b two ../two; git worktree add -q -b none ../none")
        try sandbox.sh(
            """
            for w in ../one ../two; do mkdir -p $w/target/debug/.fingerprint $w/target/debug/deps; done
            head -c 400000 /dev/urandom > ../one/target/debug/deps/shared
            ln ../one/target/debug/deps/shared ../two/target/debug/deps/shared
            head -c 150000 /dev/urandom > ../one/target/debug/deps/own
            mkdir -p ../one/tools/target/debug/.fingerprint; head -c 70000 /dev/urandom > ../one/tools/target/debug/more
            mkdir ../none/target; head -c 1000 /dev/urandom > ../none/target/no-cache
            """)
        let rows = try listing(sandbox).rows
        func cache(_ name: String) throws -> DiskUsage {
            let row = try #require(rows.first { $0.worktree.head.branch == name })
            return try #require(row.cache.value ?? nil).usage
        }
        let total = try Int64(
            sandbox.sh("du -sc --block-size=1 ../one/target ../one/tools/target | tail -1 | cut -f 1"))
        #expect(try cache("one").total == total)
        let shared = try Int64(sandbox.sh("du -s --block-size=1 ../one/target/debug/deps/shared | cut -f 1")) ?? 0
        #expect(try cache("one").shared == shared)
        #expect(try cache("two").shared == shared)
        #expect(try cache("none") == DiskUsage())
        #expect(try cache("main") == DiskUsage())
        #expect(try listing(sandbox, sizes: false).rows.allSatisfy { $0.cache.value == .some(nil) })
    }
}

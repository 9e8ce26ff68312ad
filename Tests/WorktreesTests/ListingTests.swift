import FileTree
import Foundation
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

    #if os(Linux)
        @Test func whereBlocksCanBeSharedExclusiveIsAnUpperBound() throws {
            let volume = try Volume(.btrfs)
            for (directory, isBound) in [(volume.directory, true), (try TemporaryDirectory(), false)] {
                let sandbox = try Sandbox(in: directory)
                try sandbox.sh(
                    """
                    echo '[package]' > Cargo.toml; git add .; git commit -qm manifest
                    mkdir -p target/debug/.fingerprint; echo x > target/debug/x
                    """)
                // Where temporary files are on such a file system themselves, there is nothing to compare with.
                let expected = isBound || mayShareBlocks(at: directory.path)
                let size = try #require(listing(sandbox).rows[0].cache.value ?? nil)
                #expect(size.exclusiveIsUpperBound == expected)
            }
        }
    #endif

    // MARK: History

    /// Branches with an upstream and without, merged in every way and not, checked out and not.
    private func makeBranches(_ sandbox: Sandbox) throws {
        try sandbox.sh(
            """
            git clone -q --bare . ../origin.git; git remote add origin ../origin.git; git fetch -q
            git remote set-head origin main; git branch -q --set-upstream-to origin/main
            add() { git worktree add -q -b $1 ../$1 ${2-topic}; cd ../$1; }
            c() { echo $1 >> $1; git add .; git commit -qm "$1"; }
            (add tracking origin/main; c t1; c t2)
            (add gone origin/topic; git config branch.gone.merge refs/heads/no-more; c g)
            (add squashed; c s1; c s2); (add rebased; c r1; c r2); (add apart; c a1)
            (add old); (add samefiles HEAD; git commit -q --allow-empty -m empty)
            git worktree add -q --detach ../detached HEAD~1
            git branch even; git branch behind HEAD~1; git branch ahead apart; git branch onlyremote topic
            git merge -q --squash squashed; git commit -qm squash; git cherry-pick rebased~1 rebased > /dev/null
            git branch -f even; (cd ../samefiles; git reset -q --hard main~1; git checkout -q main -- .; git commit -qm same; git commit -q --allow-empty -m empty)
            (git switch -q onlyremote; git reset -q --hard origin/main; c o; git push -q origin HEAD:main; git switch -q main; git fetch -q)
            """)
    }

    private func words(_ history: Listing.History) -> String {
        func text(_ found: Listing.Found<Divergence?>) -> String {
            guard let divergence = found.value ?? nil else { return "-" }
            return "+\(divergence.ahead)-\(divergence.behind)"
        }
        let upstream = history.upstream.map {
            $0.commit == nil ? "gone" : "\($0.shortName)\(text(history.fromUpstream))"
        }
        let merged = (history.merged.value ?? nil).map { "\($0.how) \($0.target)" }
        return [upstream ?? "-", text(history.fromDefault), merged ?? "-"].joined(separator: " ")
    }

    @Test func howBranchesStand() throws {
        let sandbox = try Sandbox()
        try makeBranches(sandbox)
        let before = try sandbox.snapshot()
        let found = try listing(sandbox, sizes: false, branches: true)
        #expect(found.defaultBranch == "main")
        var told: [String: String] = [:]
        for row in found.rows { told[row.worktree.head.branch ?? "detached"] = words(row.history) }
        #expect(
            told == [
                "main": "origin/main+3-1 - -", "tracking": "origin/main+2-1 +2-3 -", "gone": "gone +1-4 -",
                "squashed": "- +2-4 squashed main", "rebased": "- +2-4 patches main", "apart": "- +1-4 -",
                "old": "- +0-4 ancestor main", "samefiles": "- +2-1 sameTree main", "detached": "- +0-4 ancestor main",
            ])
        #expect(
            found.branches.map { "\($0.name) \(words($0.history))" } == [
                "ahead - +1-4 -", "behind - +0-4 ancestor main", "even - +0-0 ancestor main",
                "onlyremote - +1-3 ancestor origin/main", "topic - +0-4 ancestor main",
            ])
        #expect(try sandbox.snapshot().differences(from: before) == [])
        // Every number is git's.
        for (commit, history) in found.rows.map({ ($0.worktree.head.commit, $0.history) })
            + found.branches.map({ ($0.commit, $0.history) })
        {
            let pairs = [(history.upstream?.commit?.description, history.fromUpstream), ("main", history.fromDefault)]
            for case (let other?, .known(let divergence?)) in pairs {
                let range = "\(try #require(commit))...\(other)"
                let count = try sandbox.repository.git("rev-list", "--left-right", "--count", range)
                #expect(count == "\(divergence.ahead)\t\(divergence.behind)")
            }
        }
        #expect(try listing(sandbox).branches.isEmpty)
    }

    @Test func aCommitThatIsMissingSpoilsNoOther() throws {
        let sandbox = try Sandbox()
        try makeBranches(sandbox)
        try sandbox.sh("echo 1111111111111111111111111111111111111111 > .git/refs/heads/apart")
        let rows = try listing(sandbox, sizes: false).rows
        func history(_ name: String) throws -> String {
            words(try #require(rows.first { $0.worktree.head.branch == name }).history)
        }
        #expect(try history("apart") == "- - -")
        #expect(try history("squashed") == "- +2-4 squashed main")
        #expect(try history("tracking") == "origin/main+2-1 +2-3 -")
    }

    @Test func noDefaultBranch() throws {
        let sandbox = try Sandbox()
        try sandbox.sh("git worktree add -q ../linked topic; git checkout -q --detach; git branch -q -m main trunk")
        let found = try listing(sandbox, sizes: false)
        #expect(found.defaultBranch == nil)
        #expect(found.rows.map { words($0.history) } == ["- - -", "- - -"])
    }

    // MARK: Filling in

    @Test func everyCellIsFilledInOnce() throws {
        let sandbox = try Sandbox()
        try makeBranches(sandbox)
        var options = Listing.Options()
        options.branches = true
        let work = try ListingWork(
            of: sandbox.open(), currentDirectory: sandbox.repository.path, options: options)
        let beginning = work.beginning
        #expect(beginning.rows.allSatisfy { $0.status.isPending && $0.cache.isPending && $0.lastUse.isPending })
        #expect(beginning.rows.filter { $0.history.fromDefault.isPending }.count == beginning.rows.count - 1)
        let steps = Steps()
        let end = work.run { steps.add(pending($0)) }
        #expect(pending(end) == 0 && pending(beginning) > 40)
        #expect(steps.counts.last == 0)
        #expect(zip(steps.counts, steps.counts.dropFirst()).allSatisfy { $0 > $1 })
        // Without anybody who watches, it is the same.
        let again = try listing(sandbox, branches: true)
        #expect(again.rows.map { words($0.history) } == end.rows.map { words($0.history) })
        #expect(again.rows.map(\.status.value) == end.rows.map(\.status.value))
    }

    private func pending(_ listing: Listing) -> Int {
        func count(_ history: Listing.History) -> Int {
            [history.fromUpstream.isPending, history.fromDefault.isPending, history.merged.isPending].count { $0 }
        }
        let cells = listing.rows.map { row in
            [row.status.isPending, row.cache.isPending, row.lastUse.isPending].count { $0 } + count(row.history)
        }
        return cells.reduce(0, +) + listing.branches.reduce(0) { $0 + count($1.history) }
    }

    // MARK: Order and age

    @Test func orders() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            """
            echo '[package]' > Cargo.toml; git add .; git commit -qm manifest
            for n in b a d c; do git worktree add -q -b $n ../$n-place; done; git worktree add -q --detach ../0-place
            for n in a c; do mkdir -p ../$n-place/target/debug/.fingerprint; done
            head -c 50000 /dev/urandom > ../a-place/target/debug/x; head -c 90000 /dev/urandom > ../c-place/target/debug/x
            echo x > ../d-place/new; rm -r ../b-place
            for n in 0 a c d; do find ../$n-place .git/worktrees/$n-place -exec touch -hd @1600000000 {} +; done
            touch -d @1700000000 .git/worktrees/a-place/index; touch -d @1650000000 ../c-place/target/debug
            """)
        let found = try listing(sandbox)
        func places(_ order: Listing.Order) -> String {
            let rows = found.sorted(by: order).rows
            #expect(rows[0].worktree.isMain)
            return rows.dropFirst().map { String($0.worktree.path.lastComponent?.string.prefix(1) ?? "") }.joined()
        }
        #expect(places(.path) == "0abcd")
        #expect(places(.branch) == "abcd0")
        #expect(places(.cache).hasPrefix("ca"))
        // git made the files of `b`, whose directory is gone, just now.
        #expect(places(.age).hasPrefix("bac"))
        #expect(places(.state).hasPrefix("bd"))
        let uses = found.rows.dropFirst().filter { $0.worktree.pruneReason == nil }.map {
            ($0.lastUse.value ?? nil)?.seconds
        }
        #expect(uses == [1_600_000_000, 1_700_000_000, 1_650_000_000, 1_600_000_000])
        // Without a look at build directories, git's files count alone.
        #expect((try listing(sandbox, sizes: false).rows[4].lastUse.value ?? nil)?.seconds == 1_600_000_000)
    }

    @Test func twoHundredWorktrees() throws {
        let sandbox = try Sandbox()
        try sandbox.sh(
            """
            for i in $(seq 1 200); do git worktree add -q --no-checkout -b w$i ../w$i; done 2> /dev/null
            for i in 3 77 150; do git worktree lock ../w$i; rm -r ../w$((i + 1)); done
            c() { git -C ../$1 commit -q --allow-empty -m x; }; c w5; c w6; c w6; git commit -q --allow-empty -m main
            """)
        let found = try listing(sandbox)
        #expect(found.rows.count == 201)
        #expect(try porcelain(found) == sandbox.repository.git("worktree", "list", "--porcelain"))
        let far = found.rows.filter { $0.history.fromDefault.value != .some(Divergence(ahead: 0, behind: 1)) }
        #expect(
            far.map { "\($0.worktree.head.branch ?? "") \(words($0.history))" } == [
                "main - - -", "w5 - +1-1 -", "w6 - +2-1 -",
            ])
        // Without an index every file of the commit is staged for removal.
        let whole = found.rows.dropFirst().filter { $0.status.value??.staged == 7 }
        #expect(whole.count == 200 - 3 - 2)
    }
}

/// Numbers that several threads tell.
private final class Steps: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [Int] = []

    func add(_ count: Int) { lock.withLock { found.append(count) } }

    var counts: [Int] { lock.withLock { found } }
}

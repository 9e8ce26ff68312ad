import CargoCache
import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What `wt clean` removes, and above all what it leaves: each test of a refusal is a way to lose something.
@Suite struct CleanTests {
    /// A package on `main` and on `topic`, which is checked out beside, each with a build directory as cargo leaves it.
    private struct Place {
        let sandbox: Sandbox
        let linked: FilePath

        var main: FilePath { sandbox.repository.path }

        init(_ sandbox: Sandbox? = nil, at place: FilePath? = nil) throws {
            self.sandbox = try sandbox ?? Sandbox()
            try self.sandbox.sh(
                """
                printf '[package]\\nname = "app"\\nversion = "0.1.0"\\n' > Cargo.toml
                git add Cargo.toml; git commit -qm package; git branch -qf topic
                """)
            linked = place ?? self.sandbox.path("linked")
            try self.sandbox.repository.git("worktree", "add", "--quiet", linked.string, "topic")
            try build(main)
            try build(linked)
        }

        /// What a build of cargo's leaves, and a file of the user's in each directory that cargo does not own.
        func build(_ worktree: FilePath, _ target: String = "target") throws {
            try sandbox.sh(
                """
                mkdir -p \(target)/debug/.fingerprint/app-0123456789abcdef \(target)/debug/deps \(target)/debug/examples
                mkdir -p \(target)/debug/build \(target)/debug/incremental \(target)/doc \(target)/tmp \(target)/package
                cd \(target)
                printf 'Signature: 8a477f597d28d172789f06886806bc55\\n# created by cargo.\\n' > CACHEDIR.TAG
                echo '{}' > .rustc_info.json
                echo 0123456789abcdef > debug/.fingerprint/app-0123456789abcdef/bin-app
                head -c 50000 /dev/zero > debug/deps/app-0123456789abcdef
                head -c 30000 /dev/zero > debug/deps/libapp.so
                echo made > doc/index.html
                touch debug/.cargo-lock
                ln -f debug/deps/app-0123456789abcdef debug/app
                ln -f debug/deps/libapp.so debug/libapp.so
                echo "$PWD/debug/app: $PWD/../src/lib.rs" > debug/app.d
                """, in: worktree)
        }

        func plan(_ options: CleanOptions = CleanOptions("linked")) throws -> CleanPlan {
            try CleanPlan(options, in: sandbox.open(), currentDirectory: main)
        }

        func clean(_ options: CleanOptions = CleanOptions("linked")) throws -> CleanResult {
            try plan(options).run(in: sandbox.open())
        }

        /// `linked` must be left whole, for this reason, and nothing else may change either.
        func expectLeft(
            _ reason: CleanRefusal, _ sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let before = try sandbox.snapshot()
            let plan = try plan()
            #expect(plan.worktrees.first?.left.map(\.reason) == [reason], sourceLocation: sourceLocation)
            let result = try plan.run(in: sandbox.open())
            #expect(result.isEmpty && result.hasLeft && result.usage.total == 0, sourceLocation: sourceLocation)
            #expect(try sandbox.snapshot().differences(from: before) == [], sourceLocation: sourceLocation)
        }
    }

    // MARK: What goes

    @Test func everythingThatCargoMadeGoesAndNothingElse() throws {
        let place = try Place()
        let others = try TreeSnapshot(place.main, excluding: [".git"])
        let sources = try TreeSnapshot(place.linked, excluding: ["target"])
        let result = try place.clean()
        #expect(FileStatus.ifPresent(place.linked.appending("target")) == nil)
        #expect(result.failures == [] && !result.hasLeft)
        #expect(result.usage.shared == 0 && result.usage.exclusive > 80000)
        #expect(try TreeSnapshot(place.main, excluding: [".git"]).differences(from: others) == [])
        let after = try TreeSnapshot(place.linked, excluding: ["target"]).differences(from: sources)
        #expect(after.allSatisfy { $0.hasPrefix(".: ") }, "\(after)")
        let trash = Trash(of: try place.sandbox.open().location)
        #expect(!trash.isEmpty)
        try trash.empty()
        #expect(FileStatus.ifPresent(trash.path) == nil)
        #expect(try place.plan().isEmpty)
    }

    @Test func whatThePlanSaysIsWhatGoes() throws {
        let place = try Place()
        let target = place.linked.appending("target")
        let before = try diskUsage(of: [target])
        let plan = try place.plan()
        #expect(plan.worktrees.map(\.worktree.path) == [place.linked])
        let result = try plan.run(in: place.sandbox.open())
        #expect(result.usage == plan.usage)
        // The tags and the directories around are not counted.
        #expect(result.usage.exclusive <= before.exclusive && result.usage.exclusive > before.exclusive - 20000)
    }

    @Test func filesOfTheUsersOwnStayWhereverTheyAre() throws {
        let place = try Place()
        let target = place.linked.appending("target")
        try place.sandbox.sh(
            """
            cd target; mkdir results debug/state x86_64-unknown-linux-gnu criterion doc2
            echo mine | tee notes.txt results/a.csv debug/data.db debug/state/b debug/app.log criterion/base doc2/c
            ln -s ../src link; ln -s ../../src debug/link
            mkdir -p x86_64-unknown-linux-gnu/release/.fingerprint; touch x86_64-unknown-linux-gnu/release/.cargo-lock
            echo mine > x86_64-unknown-linux-gnu/mine
            """, in: place.linked)
        let mine = [
            "criterion", "debug/app.log", "debug/data.db", "debug/link", "debug/state", "doc2", "link", "notes.txt",
            "results", "x86_64-unknown-linux-gnu/mine",
        ]
        let before = try TreeSnapshot(target).entries
        let result = try place.clean()
        #expect(result.worktrees[0].directories[0].kept.map(\.string).sorted() == mine)
        let after = try TreeSnapshot(target).entries
        for name in mine {
            for (path, entry) in before where path == name || path.hasPrefix("\(name)/") {
                #expect(after[path] == entry, "\(path)")
            }
        }
        let gone = ["debug/app", "debug/app.d", "debug/libapp.so", "debug/deps", "debug/.fingerprint", "doc", "tmp"]
        for name in gone { #expect(after[name] == nil, "\(name)") }
        #expect(after["x86_64-unknown-linux-gnu/release"] == nil)
        // What is left still is a cache that backups may pass over.
        #expect(after["CACHEDIR.TAG"] == before["CACHEDIR.TAG"])
    }

    @Test func filesThatOnlyCleanedWorktreesShareAreFreed() throws {
        let place = try Place()
        let file = "target/debug/deps/libbig-0123456789abcdef.rlib"
        try place.sandbox.sh("head -c 1000000 /dev/zero > \(file); ln \(file) \(place.linked)/\(file)")
        let alone = try place.plan()
        #expect(alone.usage.shared >= 1_000_000)
        let both = try place.plan(CleanOptions("linked", "^"))
        #expect(both.usage.shared == 0)
        #expect(both.usage.exclusive > alone.usage.exclusive + 1_000_000)
        #expect(both.worktrees.allSatisfy { $0.directories[0].usage.shared >= 1_000_000 })
        let result = try place.clean()
        #expect(result.usage == alone.usage)
        // As long as the trash has it, it takes its place.
        try Trash(of: place.sandbox.open().location).empty()
        let left = try place.plan(CleanOptions("^"))
        #expect(left.usage.shared == 0 && left.usage.exclusive > 1_000_000)
    }

    @Test func aNestedBuildDirectoryGoesToo() throws {
        let place = try Place()
        try place.build(place.linked, "target/rust-analyzer")
        try place.sandbox.sh(
            "echo mine > target/rust-analyzer/mine; mkdir target/rust-analyzer/flycheck0", in: place.linked)
        let result = try place.clean()
        #expect(result.worktrees[0].directories[0].kept == ["rust-analyzer/mine"])
        let rest = try TreeSnapshot(place.linked.appending("target")).entries.keys.sorted()
        #expect(
            rest == [
                "", ".rustc_info.json", "CACHEDIR.TAG", "rust-analyzer", "rust-analyzer/.rustc_info.json",
                "rust-analyzer/CACHEDIR.TAG", "rust-analyzer/mine",
            ])
    }

    // MARK: What is left

    @Test func aSymlinkIsNotFollowed() throws {
        let place = try Place()
        try place.sandbox.sh("mv target ../elsewhere; ln -s ../elsewhere target", in: place.linked)
        try place.expectLeft(.symlink)
        try place.sandbox.sh("rm target; ln -s ../nowhere target", in: place.linked)
        try place.expectLeft(.symlink)
    }

    @Test func aProfileBehindASymlinkIsNotFollowed() throws {
        let place = try Place()
        try place.sandbox.sh(
            "mv target/debug ../elsewhere; ln -s ../../elsewhere target/debug; mkdir -p target/release/.fingerprint; "
                + "touch target/release/.cargo-lock", in: place.linked)
        let elsewhere = place.sandbox.path("elsewhere")
        let before = try TreeSnapshot(elsewhere)
        let result = try place.clean()
        #expect(result.worktrees[0].directories[0].kept == ["debug"])
        #expect(try TreeSnapshot(elsewhere).differences(from: before) == [])
        #expect(FileStatus.ifPresent(place.linked.appending("target/debug"))?.kind == .symlink)
        #expect(FileStatus.ifPresent(place.linked.appending("target/release")) == nil)
    }

    /// Otherwise a fingerprint could stay that vouches for an OUT_DIR that is gone, and the next build would fail.
    @Test(arguments: [".fingerprint", "build", "deps"])
    func aProfileOfWhichAPartIsElsewhereIsLeft(_ part: String) throws {
        let place = try Place()
        try place.sandbox.sh(
            "mv target/debug/\(part) ../elsewhere; ln -s ../../../elsewhere target/debug/\(part)", in: place.linked)
        let debug = place.linked.appending("target/debug")
        let before = try (TreeSnapshot(debug), TreeSnapshot(place.sandbox.path("elsewhere")))
        let result = try place.clean()
        #expect(result.worktrees[0].directories[0].kept == ["debug"])
        #expect(try TreeSnapshot(debug).differences(from: before.0) == [])
        #expect(try TreeSnapshot(place.sandbox.path("elsewhere")).differences(from: before.1) == [])
    }

    @Test func trackedFilesKeepTheWholeDirectory() throws {
        let place = try Place()
        try place.sandbox.sh("echo mine > target/doc/kept.md; git add -f target/doc/kept.md", in: place.linked)
        try place.expectLeft(.tracked("target/doc/kept.md"))
    }

    @Test func aDirectoryThatOnlyHasTheNameIsLeft() throws {
        let place = try Place()
        try place.sandbox.sh(
            "rm -r target; mkdir -p target/app/build/classes target/doc; echo mine > target/app/build/classes/a; "
                + "echo mine > target/doc/a", in: place.linked)
        try place.expectLeft(.notCargo)
        // A tag that another program has written proves nothing either.
        try place.sandbox.sh(
            "printf 'Signature: 8a477f597d28d172789f06886806bc55\\n# by another program\\n' > target/CACHEDIR.TAG",
            in: place.linked)
        try place.expectLeft(.notCargo)
    }

    @Test func aWorktreeInItIsLeftAndAllAroundIt() throws {
        let place = try Place()
        let inside = place.linked.appending("target/inside")
        try place.sandbox.repository.git("worktree", "add", "--quiet", "-b", "inside", inside.string)
        try place.expectLeft(.worktreeInside(inside))
    }

    @Test func anotherRepositoryInItIsLeft() throws {
        let place = try Place()
        try place.sandbox.sh(
            "git init -q target/tmp/clone; echo mine > target/tmp/clone/a; git init -q target/other", in: place.linked)
        let result = try place.clean()
        #expect(result.worktrees[0].directories[0].kept.sorted { $0.string < $1.string } == ["other", "tmp"])
        #expect(FileStatus.ifPresent(place.linked.appending("target/tmp/clone/a")) != nil)
        #expect(FileStatus.ifPresent(place.linked.appending("target/other/.git")) != nil)
    }

    @Test(.enabled(if: TinyFileSystem.isPossible)) func aMountInItIsLeft() throws {
        let place = try Place()
        let inside = place.linked.appending("target/doc/mounted")
        let mount = try TinyFileSystem(at: inside, "size=64k")
        try place.sandbox.sh("echo mine > \(inside)/a")
        try place.expectLeft(.mountInside(inside))
        withExtendedLifetime(mount) {}
    }

    @Test func aBuildUnderWayIsNotDisturbed() throws {
        let place = try Place()
        let holder = try LockHolder(place.linked.appending("target/debug/.cargo-lock"))
        try place.expectLeft(.busy)
        holder.end()
        // It can also begin while the user reads what would go.
        let plan = try place.plan()
        let again = try LockHolder(place.linked.appending("target/debug/.cargo-lock"))
        let before = try TreeSnapshot(place.linked.appending("target/debug/deps"))
        let result = try plan.run(in: place.sandbox.open())
        #expect(result.isEmpty && result.worktrees[0].left.map(\.reason) == [.busy])
        #expect(try TreeSnapshot(place.linked.appending("target/debug/deps")).differences(from: before) == [])
        again.end()
        #expect(try !place.clean().isEmpty)
    }

    @Test func aDirectoryThatWasExchangedMeanwhileIsLeft() throws {
        let place = try Place()
        let plan = try place.plan()
        try place.sandbox.sh("mv target ../old; cp -a ../old target", in: place.linked)
        #expect(try plan.run(in: place.sandbox.open()).worktrees[0].left.map(\.reason) == [.changed])
        let other = try place.plan()
        try place.sandbox.sh("rm -r target; ln -s ../old target", in: place.linked)
        #expect(try other.run(in: place.sandbox.open()).worktrees[0].left.map(\.reason) == [.symlink])
        #expect(FileStatus.ifPresent(place.sandbox.path("old/debug/deps")) != nil)
    }

    @Test func aDirectoryOfSeveralWorktreesIsLeft() throws {
        var sandbox = try Sandbox()
        sandbox.repository.environment["CARGO_TARGET_DIR"] = sandbox.path("linked/target").string
        let place = try Place(sandbox)
        try place.expectLeft(.shared(with: place.main))
        let main = try place.plan(CleanOptions("^"))
        #expect(main.worktrees[0].left.map(\.reason).contains(.outside), "\(main.worktrees[0].left)")
        #expect(main.worktrees[0].left.map(\.path).contains(place.linked.appending("target")))
    }

    @Test(.enabled(if: TinyFileSystem.isPossible)) func onAnotherFileSystemItIsDeletedInPlace() throws {
        let sandbox = try Sandbox()
        let mount = try TinyFileSystem(at: sandbox.path("volume"), "size=8m")
        let place = try Place(sandbox, at: mount.path.appending("linked"))
        try place.sandbox.sh("echo mine > target/mine; mkdir target/.wt-removed-1", in: place.linked)
        let result = try place.clean()
        #expect(result.failures == [] && result.usage.exclusive > 80000)
        #expect(Trash(of: try sandbox.open().location).isEmpty)
        #expect(
            try TreeSnapshot(place.linked.appending("target")).entries.keys.sorted()
                == ["", ".rustc_info.json", "CACHEDIR.TAG", "mine"])
    }

    // MARK: Which worktrees

    @Test func selectionsNarrowAndNeverTakeTheMainWorktree() throws {
        let place = try Place()
        let sandbox = place.sandbox
        let working = sandbox.path("working")
        try sandbox.repository.git("worktree", "add", "--quiet", "-b", "working", working.string)
        try sandbox.sh("echo mine > mine; git add mine; git commit -qm mine", in: working)
        try sandbox.sh("git commit -q --allow-empty -m done", in: place.linked)
        try sandbox.sh("git merge -q topic")
        try place.build(working)
        func chosen(_ change: (inout CleanOptions) -> Void) throws -> [FilePath] {
            var options = CleanOptions()
            change(&options)
            return try place.plan(options).worktrees.map(\.worktree.path)
        }
        #expect(try chosen { _ in } == [place.main])
        #expect(try chosen { $0.isMerged = true } == [place.linked])
        #expect(try chosen { $0.allBut = ["linked"] } == [working])
        #expect(try chosen { $0.allBut = ["linked", "working"] } == [])
        #expect(try chosen { $0.olderThan = 14 * 86400 } == [])
        try sandbox.sh(
            "find . ../repository/.git/worktrees/linked -exec touch -h -d '20 days ago' {} +", in: place.linked)
        #expect(try chosen { $0.olderThan = 14 * 86400 } == [place.linked])
        #expect(try chosen { ($0.olderThan, $0.allBut) = (14 * 86400, ["linked"]) } == [])
        #expect(try chosen { ($0.olderThan, $0.names) = (14 * 86400, ["linked", "working", "^"]) } == [place.linked])
        #expect(try chosen { ($0.isMerged, $0.names) = (true, ["working"]) } == [])
        let plan = try place.plan(CleanOptions("linked", "linked", "topic"))
        #expect(plan.worktrees.count == 1)
        #expect(try failure { try place.plan(CleanOptions("nowhere")) }?.kind == .refused)
        try removeTree(working)
        #expect(try failure { try place.plan(CleanOptions("working")) }?.kind == .refused)
        #expect(try chosen { $0.allBut = ["linked"] } == [])
    }

    @Test(
        arguments: [
            ("90s", 90), ("5m", 300), ("12h", 43200), ("14d", 1_209_600), ("2w", 1_209_600), ("0d", 0), ("d", nil),
            ("14", nil), ("", nil), ("-1d", nil), ("1.5h", nil), ("99999999999999999w", nil),
        ] as [(String, Int64?)])
    func anAgeIsANumberAndAUnit(_ text: String, _ seconds: Int64?) {
        #expect(CleanOptions.seconds(text) == seconds)
    }
}

extension CleanOptions {
    init(_ names: String...) {
        self.init()
        self.names = names
    }
}

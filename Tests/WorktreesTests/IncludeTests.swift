import ChildProcess
import FileTree
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

/// What `.worktreeinclude` brings into a new worktree.
@Suite struct IncludeTests {
    let sandbox: Sandbox

    init() throws { sandbox = try Sandbox() }

    private func make(_ ignore: String, _ include: String, _ script: String = "") throws {
        try sandbox.repository.write(".gitignore", ignore)
        try sandbox.repository.commit("ignore")
        try sandbox.repository.write(".git/info/exclude", "/.worktreeinclude\n")
        try sandbox.repository.write(".worktreeinclude", include)
        try sandbox.sh(script)
    }

    private func names(_ result: NewResult) -> [String] { (result.included?.files ?? []).map(\.path.string).sorted() }

    private func reasons(_ result: NewResult) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (result.included?.leftOut ?? []).map { ($0.path.string, $0.reason) })
    }

    private func text(_ path: FilePath) throws -> String { String(decoding: try readFile(path), as: UTF8.self) }

    /// What would be copied, and a worktree that nothing was copied to.
    private func planAndPlace(_ name: String = "place") throws -> (IncludePlan, FilePath) {
        try sandbox.sh("git worktree add -q --detach ../\(name)")
        let (plan, _) = IncludePlan.first(
            of: [sandbox.repository.path], environment: sandbox.repository.environment)
        return (try #require(plan), sandbox.path(name))
    }

    // MARK: Which files

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let ignore: String
        let include: String
        let files: [String]
        let selected: [String]
    }

    static let rows = [
        Row(
            testDescription: "a file, wherever it is", ignore: ".env\n", include: ".env\n",
            files: [".env", "src/.env", "only/ignored/.env", "src/.env2"],
            selected: [".env", "only/ignored/.env", "src/.env"]),
        Row(
            testDescription: "ignored and untracked alone", ignore: "*.key\n", include: "[a-z]*\n",
            files: ["a.key", "untracked", "src/b.key"], selected: ["a.key", "src/b.key"]),
        Row(
            testDescription: "negated", ignore: ".env*\n", include: ".env*\n!.env.example\n",
            files: [".env", ".env.example", "src/.env.example"], selected: [".env"]),
        Row(
            testDescription: "not back out of a selected directory", ignore: "/d\n", include: "/d\n!/d/a\n",
            files: ["d/a", "d/b"], selected: ["d/a", "d/b"]),
        Row(
            testDescription: "anchored", ignore: ".env\n", include: "/.env\n", files: [".env", "src/.env"],
            selected: [".env"]),
        Row(
            testDescription: "a directory, and no file of its name", ignore: "d\n", include: "d/\n",
            files: ["src/d/a", "src/d/e/b", "d"], selected: ["src/d/a", "src/d/e/b"]),
        Row(
            testDescription: "no name in what is ignored as a whole", ignore: "node_modules/\n.env\n",
            include: ".env\n**/.env\n*.json\n", files: [".env", "node_modules/p/.env", "node_modules/p/a.json"],
            selected: [".env"]),
        Row(
            testDescription: "a way into what is ignored as a whole", ignore: "vendor/\n",
            include: "vendor/**/config.json\nvendor/a\n",
            files: ["vendor/a", "vendor/b", "vendor/x/y/config.json", "vendor/config.json"],
            selected: ["vendor/a", "vendor/config.json", "vendor/x/y/config.json"]),
        Row(
            testDescription: "a way that may start anywhere", ignore: ".idea/\n", include: "**/.idea/*.xml\n",
            files: [".idea/a.xml", "src/.idea/b.xml", "src/.idea/c.iml", "src/.idea/d/e.xml"],
            selected: [".idea/a.xml", "src/.idea/b.xml"]),
        Row(
            testDescription: "names with spaces, line ends and quotes", ignore: "*.k\n", include: "*.k\n",
            files: ["a b.k", " .k", "\"q\".k", "n\nl.k", "é.k", "-x.k", ":(top).k"],
            selected: [" .k", "\"q\".k", "-x.k", ":(top).k", "a b.k", "n\nl.k", "é.k"]),
        Row(
            testDescription: "carriage returns and a mark of the byte order", ignore: ".env\n",
            include: "\u{FEFF}.env\r\n# a comment\r\n", files: [".env"], selected: [".env"]),
        Row(testDescription: "nothing", ignore: ".env\n", include: "# .env\n\n!x\n", files: [".env"], selected: []),
    ]

    @Test(arguments: rows) func theseAreCopied(_ row: Row) throws {
        try make(row.ignore, row.include)
        for file in row.files { try sandbox.repository.write(file, "text of \(file)") }
        let result = try sandbox.new(NewOptions("new"))
        #expect(names(result) == row.selected.sorted())
        #expect(result.notes == [])
        for file in row.files where row.selected.contains(file) {
            #expect(try text(result.path.appending(file)) == "text of \(file)")
        }
        for file in row.files where !row.selected.contains(file) {
            #expect(FileStatus.ifPresent(result.path.appending(file)) == nil, "\(file)")
        }
        #expect(try sandbox.repository.git("status", "--porcelain", in: result.path) == "")
    }

    /// Against git, which lists what each of the two files of patterns alone would ignore.
    @Test(arguments: [UInt64](1...6)) func randomPatternsSelectAsGitDoes(seed: UInt64) throws {
        var random = RandomPatterns(state: seed)
        var selected = 0
        for round in 0..<12 {
            try sandbox.sh("git clean -qdffx; rm -f .worktreeinclude")
            try sandbox.repository.write(".gitignore", random.lines() + "\n/.worktreeinclude\n")
            for _ in 0..<40 { random.makeFile(in: sandbox.repository.path) }
            let patterns = random.lines()
            try sandbox.repository.write(".worktreeinclude", patterns)
            func git(_ arguments: String...) throws -> Set<String> {
                let all = ["ls-files", "-z", "--others", "--ignored"] + arguments
                return Set(try sandbox.repository.attempt(all).text.split(separator: "\0").map(String.init))
            }
            let both = try git("--exclude-standard").intersection(git("--exclude-from=.worktreeinclude"))
            let whole = try sandbox.repository.git("status", "--porcelain", "--ignored=matching", "-uall")
                .split(separator: "\n").filter { $0.hasPrefix("!! ") && $0.hasSuffix("/") }.map { $0.dropFirst(3) }
            let isInWhole = { (file: String) in whole.contains { file.hasPrefix($0) } }
            let isAnchored = patterns.split(separator: "\n").allSatisfy { line in
                line.hasPrefix("!") || line.dropLast().contains("/") && !line.hasPrefix("**") && !line.hasPrefix("/**")
            }
            let (plan, notes) = IncludePlan.first(
                of: [sandbox.repository.path], environment: sandbox.repository.environment)
            let ours = Set((plan?.files ?? []).map(\.path.string))
            let story: Comment = "seed \(seed), round \(round):\n\(patterns)\nignored:\n\(random.last)"
            #expect(notes == [], story)
            #expect(ours.isSubset(of: both), story)
            #expect(both.subtracting(ours).allSatisfy { isInWhole($0) && !isAnchored }, story)
            selected += ours.count
        }
        #expect(selected > 15)
    }

    // MARK: What they are there

    @Test func aCopyHasModeAndTimeAndIsNobodyElses() throws {
        try make(
            "/d\n.env\n", "/d\n.env\n",
            """
            echo secret >.env; chmod 600 .env; touch -d '2020-02-03 04:05:06.789' .env
            mkdir -p d/closed/deep d/read-only; echo x >d/closed/deep/x; chmod 711 d/closed/deep; chmod 700 d/closed
            echo y >d/read-only/y; chmod 755 d/read-only/y; chmod 555 d/read-only; ln -s /etc/passwd d/link; ln -s nowhere d/gone
            """)
        let before = try TreeSnapshot(sandbox.repository.path, excluding: [".git"])
        let result = try sandbox.new(NewOptions("new"))
        #expect(try TreeSnapshot(sandbox.repository.path, excluding: [".git"]).differences(from: before) == [])
        #expect(result.notes == [])
        for name in [".env", "d/closed", "d/closed/deep", "d/closed/deep/x", "d/read-only", "d/read-only/y"] {
            let (here, there) = try (
                FileStatus(sandbox.repository.path.appending(name)), FileStatus(result.path.appending(name))
            )
            #expect(here.mode == there.mode, "\(name)")
            if here.kind == .file {
                #expect(here.mtime == there.mtime && here.inode != there.inode && there.links == 1)
            }
        }
        #expect(try symlinkTarget(result.path.pushing("d/link")) == Array("/etc/passwd".utf8))
        #expect(try symlinkTarget(result.path.pushing("d/gone")) == Array("nowhere".utf8))
    }

    /// A directory that keeps others out is above the file in one worktree and not in the other.
    @Test func aCopyIsReadableForNobodyElse() throws {
        try make(
            ".env\n/d\n", ".env\n/d\n",
            "echo s >.env; echo s >src/.env; mkdir -p d/in; echo x >d/in/x; chmod -R go+rX .")
        func modes(_ name: String) throws -> [UInt32] {
            let result = try sandbox.new(NewOptions(name))
            #expect(result.notes == [])
            return try [".env", "src/.env", "d", "d/in", "d/in/x"].map {
                try FileStatus(result.path.appending($0)).mode & 0o777
            }
        }
        #expect(try modes("open") == [0o644, 0o644, 0o755, 0o755, 0o644])
        try sandbox.sh("chmod 700 src; chmod 750 d/in")
        #expect(try modes("closed") == [0o644, 0o600, 0o755, 0o750, 0o644])
        try sandbox.sh("chmod 710 .")
        #expect(try modes("group") == [0o640, 0o600, 0o750, 0o750, 0o640])
        try sandbox.sh("chmod 700 .")
        #expect(try modes("none") == [0o600, 0o600, 0o700, 0o700, 0o600])
    }

    /// `git submodule update` wants an empty directory.
    @Test(arguments: ["natively", "with git", "copied"]) func nothingIsPutIntoASubmodule(_ way: String) throws {
        try make(".env\n", ".env\n", "mkdir lib; echo s >lib/.env; echo s >.env")
        try sandbox.sh(
            """
            git switch -qc sm; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),lib
            git commit -qm submodule; git switch -q main
            """)
        if way == "with git" { try sandbox.makeObstacle() }
        let place: FilePath
        if way == "copied" {
            // Without a listing of the commit git is asked.
            let (plan, made) = try planAndPlace()
            place = made
            try sandbox.sh("git checkout -q sm", in: place)
            let result = plan.copy(to: place, environment: sandbox.repository.environment) { false }
            #expect(result.failures.count == 1 && result.leftOut.map(\.path) == ["lib/.env"])
        } else {
            let result = try sandbox.new(NewOptions("sm"))
            place = result.path
            #expect(reasons(result) == ["lib/.env": "a submodule is there in the commit"])
            #expect(result.notes == [])
        }
        #expect(try Directory(place.appending("lib")).entries().isEmpty)
        #expect(FileStatus.ifPresent(place.appending(".env")) != nil)
    }

    @Test func nothingIsOverwritten() throws {
        try make(".env\nmade\n", ".env\nmade\n", "echo mine >.env; echo mine >made")
        try sandbox.makeHook("echo of the hook >made")
        try sandbox.sh("git switch -qc tracks; git add -f .env; echo theirs >.env; git add -f .env; git commit -qm env")
        try sandbox.sh("git switch -q main; echo mine >.env")
        let result = try sandbox.new(NewOptions("tracks"))
        #expect(try text(result.path.appending(".env")) == "theirs\n")
        #expect(try text(result.path.appending("made")) == "of the hook\n")
        #expect(names(result) == [])
        #expect(reasons(result) == [".env": "it is in the commit", "made": "it is there already"])
    }

    /// A commit can have a symlink in the place of a directory, or of a file.
    @Test func aBranchFromElsewhereGetsNothingThroughItsSymlinks() throws {
        try make("secret.env\n.env\n", "secret.env\n.env\n", "mkdir config; echo s >config/secret.env; echo s >.env")
        let outside = sandbox.path("outside")
        try makeDirectories(outside)
        try sandbox.sh(
            """
            git switch -qc hostile; ln -s ../outside elsewhere; mv config ../config; ln -s ../outside config
            mv .env ../env; ln -s ../outside/env .env; git add -f config elsewhere .env; git commit -qm links; git switch -q main
            rm -rf config .env; mv ../config config; mv ../env .env
            """)
        let result = try sandbox.new(NewOptions("hostile"))
        #expect(try Directory(outside).entries().isEmpty)
        #expect(try symlinkTarget(result.path.appending("config")) == Array("../outside".utf8))
        #expect(names(result) == [])
        #expect(result.notes.count == 1 && result.notes[0].contains("config/secret.env was not copied"))
        #expect(reasons(result)[".env"] == "it is in the commit")
    }

    /// The next `git add` would take it.
    @Test func whatIsNotIgnoredThereIsLeftOut() throws {
        try make(".env\n*.key\n", ".env\n*.key\n", "echo s >.env; echo k >a.key")
        try sandbox.sh("git switch -qc older; echo .env >.gitignore; git commit -qam older; git switch -q main")
        let result = try sandbox.new(NewOptions("older"))
        #expect(names(result) == [".env"])
        #expect(result.notes == ["a.key was not copied: git does not ignore it at this commit"])
    }

    // MARK: What is never taken

    @Test(arguments: ["*", "**", "/**", "*\n!Cargo.lock"], [true, false])
    func worktreesRepositoriesAndBuildDirectoriesAreNotSwallowed(_ include: String, hasTag: Bool) throws {
        try make(
            "/target\n/inner\n/bare.git\n/trees\n/out\n/big\n/way\n/fifo\n.env\n", include,
            """
            mkdir -p target/debug/deps out/release/.fingerprint; touch target/debug/deps/x target/debug/.cargo-lock
            touch out/release/.cargo-lock out/notes \(hasTag ? "target/CACHEDIR.TAG" : "target/.rustc_info.json")
            git init -q inner; touch inner/file; git init -q --bare bare.git; mkdir trees; echo x >.env
            git worktree add -q trees/one topic; mkdir ../elsewhere; touch ../elsewhere/.rustc_info.json
            ln -s ../elsewhere way; mkdir big; mkfifo big/fifo; echo x >big/file
            """)
        let result = try sandbox.new(NewOptions("new"))
        #expect(names(result) == [".env", ".worktreeinclude", "big/file", "out/notes"])
        #expect(
            reasons(result) == [
                "bare.git": "it is a repository or a worktree of its own",
                "inner": "it is a repository or a worktree of its own",
                "trees/one": "it is a repository or a worktree of its own",
                "target": hasTag ? "it is marked as a cache (CACHEDIR.TAG)" : "it is a build directory",
                "out/release": "it is a build directory",
                "way": "it leads to a build directory, which would be shared",
                "big/fifo": "it is neither a file nor a symlink",
            ])
        #expect(result.notes == [])
    }

    /// Cargo has built nothing there yet, and would build the same for both.
    @Test func aTargetThatIsASymlinkIsNotTaken() throws {
        try make("/target\n", "*", "touch Cargo.toml; git add .; git commit -qm m; mkdir ../disk; ln -s ../disk target")
        #expect(try reasons(sandbox.new(NewOptions("new"))).keys.contains("target"))
    }

    // MARK: From where

    @Test func theWorktreeOneStandsInComesFirst() throws {
        try make(".env\n/.worktreeinclude\n", ".env\n", "echo main >.env; git worktree add -q ../linked topic")
        let linked = sandbox.path("linked")
        func source(_ name: String, _ options: (inout NewOptions) -> Void = { _ in }) throws -> String? {
            var new = NewOptions(name, at: "main")
            options(&new)
            let result = try sandbox.new(new, from: linked)
            return try result.included.map { _ in try text(result.path.appending(".env")) }
        }
        // It has no list.
        #expect(try source("a") == "main\n")
        try sandbox.sh("echo .env >.worktreeinclude", in: linked)
        // It has nothing to give.
        #expect(try source("b") == "main\n")
        try sandbox.sh("echo .env >>.gitignore; echo linked >.env", in: linked)
        #expect(try source("c") == "linked\n")
        #expect(try source("d") { $0.donors = ["main"] } == "main\n")
        #expect(try source("e") { $0.donors = ["none"] } == "linked\n")
        #expect(try source("f") { $0.includes = false } == nil)
    }

    // MARK: What goes wrong

    @Test(arguments: ["a\\ b", "a**b/c", "[[:alpha:]]", "x\n\\!y"]) func anUnusualPatternCopiesNothing(_ line: String)
        throws
    {
        try make(".env\n", ".env\n\(line)\n", "echo s >.env")
        let result = try sandbox.new(NewOptions("new"))
        #expect(FileStatus.ifPresent(result.path.appending(".env")) == nil)
        #expect(result.isLessWarm && result.notes.count == 1)
        #expect(result.notes[0].contains("is not understood") && result.notes[0].contains("line "))
    }

    @Test func anInterruptionLeavesWholeFiles() throws {
        try make("/d\n", "/d\n", "mkdir d; for i in 1 2 3 4 5 6; do echo text >d/$i; done")
        let (plan, place) = try planAndPlace()
        // Asked three times for each file.
        var left = 8
        let result = plan.copy(to: place, environment: sandbox.repository.environment) {
            left -= 1
            return left < 0
        }
        let names = try Directory(place.appending("d")).entries().map { FilePath(root: nil, [$0.name]) }
        #expect(names.count == 2 && names.map { FilePath("d").pushing($0) } == result.files.map(\.path))
        for name in names { #expect(try text(place.appending("d").pushing(name)) == "text\n") }
        #expect(result.failures.count == 1 && result.failures[0].hasPrefix("interrupted"))
    }

    @Test func anInterruptionTakesALargeFileAwayAgain() throws {
        try make("/large\n", "/large\n", "truncate -s 40M large")
        let (plan, place) = try planAndPlace()
        var left = 2
        let result = plan.copy(to: place, environment: sandbox.repository.environment) {
            left -= 1
            return left < 0
        }
        #expect(left < 0 && result.files.isEmpty && result.failures.count == 1)
        #expect(FileStatus.ifPresent(place.appending("large")) == nil)
    }

    @Test func aFileThatVanishesIsNoMatter() throws {
        try make("/d\n", "/d\n", "mkdir d; echo 1 >d/1; echo 2 >d/2")
        let (plan, place) = try planAndPlace()
        try sandbox.sh("rm d/1")
        let result = plan.copy(to: place, environment: sandbox.repository.environment) { false }
        #expect(result.files.map(\.path) == ["d/2"])
        #expect(result.failures == [])
    }

    @Test(.enabled(if: TinyFileSystem.isPossible)) func aFullDiskLeavesWhatFits() throws {
        try make("/d\n.env\n", "/d\n.env\n", "echo small >.env; mkdir d; head -c 3000000 /dev/urandom >d/large")
        let disk = try TinyFileSystem(at: sandbox.path("small"), "size=1m")
        defer { withExtendedLifetime(disk) {} }
        let (plan, place) = try planAndPlace("small")
        let result = plan.copy(to: place, environment: sandbox.repository.environment) { false }
        #expect(result.files.map(\.path) == [".env"])
        #expect(result.failures.count == 1 && result.failures[0].contains("No space left"))
        #expect(try Directory(place.appending("d")).entries().isEmpty)
    }
}

/// Random patterns and files of few names, so that they meet.
private struct RandomPatterns {
    var state: UInt64
    /// The lines made last but one: those of `.gitignore`.
    private(set) var last = ""
    private var newest = ""
    private let names = ["a", "b", "ab", "c.o", "d.o", ".e"]
    private let globs = ["a", "b", "*", "a*", "*.o", "?", "[ab]", ".e", "**", "c.*"]

    init(state: UInt64) { self.state = state }

    /// splitmix64.
    private mutating func number(_ count: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ mixed >> 31) % UInt64(count))
    }

    mutating func lines() -> String {
        let lines = (0...number(4)).map { _ in
            let body = (0...number(3)).map { _ in globs[number(globs.count)] }.joined(separator: "/")
            return [["", "", "", "!"][number(4)], ["", "/"][number(2)], body, ["", "", "/"][number(3)]].joined()
        }
        (last, newest) = (newest, lines.joined(separator: "\n"))
        return newest
    }

    mutating func makeFile(in root: FilePath) {
        let path = (0...number(4)).reduce(root) { path, _ in path.appending(names[number(names.count)]) }
        // What is in the way stays.
        guard (try? makeDirectories(path.removingLastComponent())) != nil, FileStatus.ifPresent(path) == nil else {
            return
        }
        _ = try? Directory(path.removingLastComponent()).write([1], to: path.lastComponent!.string)
    }
}

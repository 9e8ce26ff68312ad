import FileTree
import SystemPackage
import Testing

@testable import Git

@Suite struct IndexTests {
    /// One entry as `git ls-files --stage --debug` prints it.
    private func debugText(_ entry: IndexEntry) -> String {
        let mode = String(entry.mode.rawValue, radix: 8)
        return """
            \(mode) \(entry.id) \(entry.stage)\t\(entry.path)
              ctime: \(entry.ctime.seconds):\(entry.ctime.nanoseconds)
              mtime: \(entry.mtime.seconds):\(entry.mtime.nanoseconds)
              dev: \(entry.device)\tino: \(entry.inode)
              uid: \(entry.uid)\tgid: \(entry.gid)
              size: \(entry.size)\tflags:
            """
    }

    private func expectEqualToGit(_ index: IndexFile, _ sandbox: Sandbox) throws {
        let printed = try sandbox.git("ls-files --stage --debug -z").replacing("\0", with: "\n")
        let lines = printed.split(separator: "\n").map { line in
            line.firstRange(of: "flags:").map { String(line[..<$0.upperBound]) } ?? String(line)
        }
        #expect(index.map(debugText).joined(separator: "\n") == lines.joined(separator: "\n"))
        #expect(!index.isEmpty)
    }

    @Test(arguments: [2, 3, 4]) func everyVersionIsReadAsByGit(_ version: Int) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "mkdir -p d/e; for i in $(seq 1 40); do echo $i > d/e/long-name-$i; echo $i > d/e/long-name-$i-more; done; git add ."
        )
        try sandbox.git("update-index --index-version \(version)")
        if version == 3 {
            try sandbox.shell("echo new > intent; git add -N intent; git update-index --skip-worktree a.txt")
        }
        try sandbox.git("update-index --assume-unchanged run.sh")
        let main = try sandbox.open().location.worktrees()[0]
        let index = try sandbox.open().index(of: main)
        #expect(index.version == version)
        try expectEqualToGit(index, sandbox)
        #expect(index.filter(\.isAssumedUnchanged).map(\.path) == ["run.sh"])
        #expect(index.filter(\.isSkipped).map(\.path) == (version == 3 ? ["a.txt"] : []))
        #expect(index.filter(\.isIntentToAdd).map(\.path) == (version == 3 ? ["intent"] : []))
        #expect(try index.mtime == FileStatus(main.indexFile).mtime)
    }

    @Test func conflictsAndExtensionsAreRead() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "git switch -qc side HEAD~1; echo side > a.txt; git commit -qam side; git merge -q main || true")
        try sandbox.shell(
            "git config core.untrackedCache true; git status > /dev/null; git update-index --untracked-cache")
        let index = try sandbox.open().index(of: sandbox.open().location.worktrees()[0])
        try expectEqualToGit(index, sandbox)
        #expect(index.filter { $0.path == "a.txt" }.map(\.stage) == [1, 2, 3])
    }

    @Test func splitAndSparseIndexesAreRefused() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("update-index --split-index")
        let split = gitError { try IndexFile(reading: sandbox.path("repo/.git/index")) }
        #expect(split?.kind == .unsupported(feature: "split index"))
        try sandbox.git("update-index --no-split-index")
        try sandbox.git("sparse-checkout set --cone --sparse-index crates.d")
        let sparse = gitError { try IndexFile(reading: sandbox.path("repo/.git/index")) }
        #expect(sparse?.kind == .unsupported(feature: "sparse index"))
    }

    /// A file cut anywhere is an error and never a crash.
    @Test func truncatedFilesAreRefused() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        for version in [2, 4] {
            try sandbox.git("update-index --index-version \(version)")
            let whole = try readFile(sandbox.path("repo/.git/index"))
            var refused = 0
            for length in 0..<whole.count {
                var parser = IndexParser(bytes: Array(whole[..<length]), idLength: 20)
                if !parser.parse() { refused += 1 }
            }
            // Cut by exactly an extension it would look whole; nothing in the format tells, but for the sum.
            #expect(refused >= whole.count - 2)
            for position in whole.indices {
                var damaged = whole
                damaged[position] ^= 0xff
                var parser = IndexParser(bytes: damaged, idLength: 20)
                _ = parser.parse()
                #expect(parser.paths.count == parser.offsets.count)
            }
        }
    }

    /// git cuts a name where the flags say, and we where it ends: an index in which both differ is no common ground.
    @Test(arguments: [2, 4]) func aNameThatIsNotAsLongAsItSaysIsRefused(_ version: Int) throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.git("update-index --index-version \(version)")
        var bytes = try readFile(sandbox.path("repo/.git/index"))
        // The low byte of the first entry's flags.
        let position = 12 + 40 + 20 + 1
        for difference in [1, 2] as [UInt8] {
            bytes[position] -= difference
            var parser = IndexParser(bytes: bytes, idLength: 20)
            let isTaken = parser.parse()
            #expect(!isTaken)
            bytes[position] += difference
        }
        var parser = IndexParser(bytes: bytes, idLength: 20)
        let isTaken = parser.parse()
        #expect(isTaken)
    }

    @Test func statDataTellsACleanFile() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "find . -path ./.git -prune -o -type f -print | xargs touch -d '10 seconds ago'; git update-index -q --refresh"
        )
        let repository = try sandbox.open()
        let main = try repository.location.worktrees()[0]
        func isClean(_ name: FilePath) throws -> Bool {
            let index = try repository.index(of: main)
            let entry = try #require(index.first { $0.path == name })
            return try entry.matches(FileStatus(main.path.pushing(name))) && !index.isRacy(entry)
        }
        for name: FilePath in ["a.txt", "run.sh", "crates.d/b"] { #expect(try isClean(name), "\(name)") }
        // The same length and the old mtime: the ctime still tells.
        try sandbox.shell(
            "touch -r crates.d/b ref; printf c > crates.d/b; touch -r ref crates.d/b; touch a.txt; chmod -x run.sh")
        let reference = try FileStatus(sandbox.path("repo/ref")).mtime
        #expect(try FileStatus(sandbox.path("repo/crates.d/b")).mtime == reference)
        for name: FilePath in ["a.txt", "run.sh", "crates.d/b"] { #expect(try !isClean(name), "\(name)") }
        // A flag of the user's hides changes from git; it proves nothing.
        try sandbox.git("update-index --assume-unchanged crates/x/Cargo.toml")
        #expect(try !isClean("crates/x/Cargo.toml"))
        #expect(try isClean("crates/x/src/main.rs"))
    }

    @Test func racyEntriesAreTold() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            "touch -d @1700000000 a.txt run.sh; git update-index -q --refresh; touch -d @1700000000.9 .git/index")
        let index = try IndexFile(reading: sandbox.path("repo/.git/index"))
        #expect(index.isRacy(try #require(index.first { $0.path == "a.txt" })))
        try sandbox.shell("touch -d @1700000001 .git/index")
        let later = try IndexFile(reading: sandbox.path("repo/.git/index"))
        #expect(!later.isRacy(try #require(later.first { $0.path == "a.txt" })))
    }

    /// Same files, same stat data: the same bytes as git's own index.
    @Test func theWrittenIndexIsByteForByteThatOfGit() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell(
            """
            mkdir -p b a/long/er a/b z; for d in . b a a/long a/long/er a/b z; do for i in 1 2 3; do echo $d$i > $d/f$i; done; done
            printf x > "$(printf 'bad\\377name')"; printf y > 'line
            end'; printf z > "$(printf '%0200d' 7)"
            git add .; git update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,sub
            git commit -qm more
            """)
        try sandbox.git("worktree add -q --detach ../tree")
        let worktree = sandbox.path("tree")
        let repository = try sandbox.open()
        let tree = try repository.tree(of: sandbox.id("HEAD"))
        let statuses = tree.map { FileStatus.ifPresent(worktree.pushing($0.path)) }
        let ours = sandbox.path("index")
        try IndexWriter.write(tree, statuses: statuses, to: ours)
        #expect(try readFile(ours) == readFile(sandbox.path("repo/.git/worktrees/tree/index")))
        #expect(FileStatus.ifPresent(sandbox.path("index.lock")) == nil)
        #expect(try FileStatus(ours).mode & 0o777 == FileStatus(sandbox.path("repo/.git/index")).mode & 0o777)
    }

    @Test func aHeldLockIsRespected() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        let tree = try sandbox.open().tree(of: sandbox.id("HEAD"))
        let index = sandbox.path("repo/.git/index")
        let before = try readFile(index)
        try sandbox.write("", to: sandbox.path("repo/.git/index.lock"))
        let error = gitError { try IndexWriter.write(tree, statuses: tree.map { _ in nil }, to: index) }
        #expect(error?.kind == .exists)
        #expect(try readFile(index) == before)
        #expect(FileStatus.ifPresent(sandbox.path("repo/.git/index.lock")) != nil)
    }

    @Test func equalEntriesOfTreeAndIndexArePaired() throws {
        let sandbox = try Sandbox()
        try sandbox.makeRepository()
        try sandbox.shell("echo three >> a.txt; git rm -q run.sh; echo n > crates/new; chmod +x crates.d/b; git add -A")
        let repository = try sandbox.open()
        let tree = try repository.tree(of: sandbox.id("HEAD"))
        let index = try repository.index(of: repository.location.worktrees()[0])
        let pairs = zip(tree, index.positions(ofEqualEntriesIn: tree))
        let equal = pairs.filter { $0.1 != nil }
        #expect(equal.allSatisfy { index[$0.1!].path == $0.0.path })
        let different = Set(pairs.filter { $0.1 == nil }.map(\.0.path.string))
        #expect(different == ["a.txt", "run.sh", "crates.d/b"])
        #expect(equal.count + different.count == tree.count)
    }
}

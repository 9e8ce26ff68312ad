import FileTree
import Git
import SystemPackage
import TestSupport
import Testing

@testable import Worktrees

extension SameAsGitTests {
    /// The repository that a row describes: a tag, two remote branches, and what the row does to it.
    static func arranged(_ row: Row) throws -> Sandbox {
        var sandbox = try Sandbox()
        try sandbox.sh(
            """
            git tag -a -m one v1 HEAD~1; git switch -q topic; git switch -q main
            git remote add origin /nowhere; git update-ref refs/remotes/origin/far HEAD~2
            git update-ref refs/remotes/origin/main HEAD
            git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
            """)
        try row.arrange(sandbox)
        sandbox.repository.environment.merge(row.environment) { $1 }
        return sandbox
    }

    /// Makes the worktree twice, from the same files: by git and by `wt new`. All files of the sandbox are compared, the
    /// repository's and those of other worktrees included.
    func compare(_ row: Row) throws {
        let sandbox = try Self.arranged(row)
        let backup = try TemporaryDirectory()
        try sandbox.sh("cp -a . \(backup.path)/", in: sandbox.directory.path)
        let place = sandbox.repository.path.pushing(FilePath(row.place)).lexicallyNormalized()

        let target = sandbox.path("above/x")
        try sandbox.repository.git(list: row.git.map { $0 == "PATH" ? target.string : $0 }, in: place)
        // Those that lead git to a repository would lead it astray in the new worktree.
        var plain = sandbox
        for name in row.environment.keys { plain.repository.environment[name] = nil }

        let theirs = try Made(plain, isNative: false)
        try sandbox.sh("find . -mindepth 1 -delete; cp -a \(backup.path)/. .", in: sandbox.directory.path)
        var options = row.options
        options.path = target
        let plan = try sandbox.plan(options, from: place)
        #expect(plan.isNative == row.isNative, "\(plan.obstacles)")
        let result = try plan.run(in: sandbox.open(place))
        #expect(result.notes == [])
        let ours = try Made(plain, isNative: plan.isNative)

        let differences = ours.tree.leftovers(since: theirs.tree)
        #expect(differences == [])
        #expect(ours.index == theirs.index)
        #expect(ours.indexBytes == theirs.indexBytes)
        #expect(ours.status == theirs.status)
        try plain.repository.git("fsck", "--strict", in: target)
    }

    private struct Made {
        /// Without the index, whose stat data differ.
        let tree: TreeSnapshot
        /// What git reads in it.
        let index: String
        /// All of it but the stat data.
        let indexBytes: [UInt8]
        let status: String

        init(_ sandbox: Sandbox, isNative: Bool) throws {
            let linked = sandbox.path("above/x")
            let administrative = try FilePath(sandbox.repository.git("rev-parse", "--git-dir", in: linked))
            let file = administrative.appending("index")
            var relative = file
            _ = relative.removePrefix(sandbox.directory.path)
            var excluded: Set = [relative.string]
            // Its name is the checksum of its contents, with the stat data.
            for entry in try Directory(administrative).entries() where entry.name.string.hasPrefix("sharedindex.") {
                excluded.insert(relative.removingLastComponent().appending(entry.name).string)
            }
            tree = try TreeSnapshot(sandbox.directory.path, excluding: excluded)
            let bytes = try readFile(file)
            let hash = try sandbox.repository.git("rev-parse", "HEAD", in: linked).count / 2
            indexBytes = IndexText(bytes, idSize: hash).masked
            // Before anything refreshes it: what is in the index speaks for the files.
            var isRacy = true
            if isNative {
                let found = try IndexFile(reading: file)
                for entry in found where entry.mode != .submodule {
                    let status = try FileStatus(linked.pushing(entry.path))
                    #expect(entry.matches(status), "\(entry.path)")
                }
                isRacy = found.contains { $0.mode != .submodule && found.isRacy($0) }
            }
            index = try sandbox.repository.git("ls-files", "--stage", "-v", in: linked)
            let before = try FileStatus(file)
            try sandbox.repository.git("status", "--porcelain", in: linked)
            let after = try FileStatus(file)
            // git looks again at files of the index's own second, and then writes it once more (has_racy_timestamp,
            // read-cache.c); nothing else is a reason to.
            if !isRacy {
                #expect(before.inode == after.inode && before.mtime == after.mtime)
                #expect(try readFile(file) == bytes)
            }
            // Whether git has read a file again goes by seconds, and what it then says of mixed line ends with it: now it reads
            // all of them.
            try sandbox.sh("git ls-files -z | xargs -0 -r touch -c -h --", in: linked)
            status = try sandbox.repository.git("status", "--porcelain", "--branch", in: linked)
        }
    }
}

/// An index file as its format describes it (gitformat-index), to find the bytes that depend on the place.
private struct IndexText {
    /// Without times, device, inode and checksum, and with empty caches of what stands in the working tree.
    private(set) var masked: [UInt8]

    init(_ bytes: [UInt8], idSize: Int) {
        masked = Array(bytes.dropLast(idSize))
        let version = masked[7]
        var position = 12
        for _ in 0..<number(at: 8) {
            let start = position
            blank(start..<(start + 24))
            position += 42 + idSize + (masked[start + 40 + idSize] & 0x40 != 0 ? 2 : 0)
            if version == 4 {
                while masked[position] & 0x80 != 0 { position += 1 }
                position += 1
            }
            while masked[position] != 0 { position += 1 }
            position = version == 4 ? position + 1 : start + (position - start + 8) / 8 * 8
        }
        while position + 8 <= masked.count {
            let name = String(decoding: masked[position..<(position + 4)], as: UTF8.self)
            let end = position + 8 + number(at: position + 4)
            // Other checksums, and stat data again.
            if ["UNTR", "FSMN", "link", "EOIE"].contains(name) { blank((position + 8)..<end) }
            position = end
        }
    }

    private func number(at start: Int) -> Int { masked[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } }

    private mutating func blank(_ range: Range<Int>) { for position in range { masked[position] = 0 } }
}

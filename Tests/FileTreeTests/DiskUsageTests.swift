import FileTree
import SystemPackage
import Testing

struct DiskUsageTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func du(_ paths: String) throws -> Int64? {
        Int64(try scratch.sh("du -c -s --block-size=1 \(paths) | tail -n 1 | cut -f 1"))
    }

    @Test func likeDu() throws {
        try scratch.sh(
            """
            mkdir -p tree/a/b outside
            head -c 10000 /dev/zero > tree/a/one
            head -c 100000 /dev/zero > tree/a/inside; ln tree/a/inside tree/a/b/inside; ln tree/a/inside tree/inside
            head -c 50000 /dev/zero > tree/a/shared; ln tree/a/shared outside/shared; ln tree/a/shared tree/again
            ln -s ../outside tree/link; truncate -s 1M tree/sparse; touch tree/empty; mkfifo tree/fifo
            """)
        let usage = try diskUsage(of: [scratch("tree")])
        #expect(usage.total == (try du("tree")))
        let shared = try FileStatus(scratch("tree/a/shared")).allocated
        #expect(shared > 0)
        #expect(usage.shared == shared)
        #expect(usage.exclusive == usage.total - shared)
        // Together with the place of the other link, nothing is shared any more.
        let both = try diskUsage(of: [scratch("tree"), scratch("outside")])
        #expect(both.total == (try du("tree outside")))
        #expect(both.shared == 0)
    }

    @Test func aTreeCountsOnce() throws {
        try scratch.sh("mkdir -p tree/a/b; head -c 10000 /dev/zero > tree/a/b/f; head -c 5000 /dev/zero > tree/g")
        let once = try diskUsage(of: [scratch("tree")])
        #expect(once.total == (try du("tree")))
        #expect(try diskUsage(of: [scratch("tree"), scratch("tree")]) == once)
        #expect(try diskUsage(of: [scratch("tree"), scratch("tree/a")]) == once)
        #expect(try diskUsage(of: [scratch("tree/a/b"), scratch("tree")]) == once)
        #expect(try diskUsage(of: [scratch("tree/a"), scratch("tree/a/b"), scratch("tree")]) == once)
    }

    @Test func filesAndNothing() throws {
        try scratch.sh("head -c 10000 /dev/zero > f; ln -s f l")
        #expect(try diskUsage(of: [scratch("missing")]) == DiskUsage())
        #expect(try diskUsage(of: []) == DiskUsage())
        #expect(try diskUsage(of: [scratch("f")]).exclusive == du("f"))
        #expect(try diskUsage(of: [scratch("l")]).total == du("l"))
    }

    /// What removing a tree would free is what `du` counts less without it, whatever its links lead to.
    @Test func linksInsideBetweenAndOutside() throws {
        try scratch.sh(
            """
            mkdir -p one/a one/b two/a three outside
            f() { head -c $1 /dev/zero > $2; }
            f 10000 one/own; f 20000 two/own; f 30000 three/own
            f 100000 one/a/inside; ln one/a/inside one/b/inside; ln one/a/inside one/inside
            f 200000 one/pair; ln one/pair two/pair
            f 300000 one/all; ln one/all two/all; ln one/all three/all
            f 400000 two/twice; ln two/twice two/a/twice; ln two/twice three/twice
            f 500000 three/out; ln three/out outside/out
            f 600000 one/everywhere; ln one/everywhere two/everywhere; ln one/everywhere outside/everywhere
            ln -s own one/symlink; ln -P one/symlink two/symlink
            """)
        let all = ["one", "two", "three"]
        for name in all {
            let usage = try diskUsage(of: [scratch(name)])
            let others = all.filter { $0 != name }.joined(separator: " ")
            #expect(usage.total == (try du(name)), "\(name)")
            let (with, without) = (
                try #require(try du("\(others) outside \(name)")), try #require(try du("\(others) outside"))
            )
            #expect(usage.exclusive == with - without, "\(name)")
            #expect(usage.shared > 0)
        }
        for pair in [["one", "two"], ["two", "three"], ["one", "three"]] {
            let usage = try diskUsage(of: pair.map { scratch($0) })
            #expect(usage.total == (try du(pair.joined(separator: " "))))
            let other = all.first { !pair.contains($0) } ?? ""
            let (with, without) = (
                try #require(try du("\(other) outside \(pair.joined(separator: " "))")),
                try #require(try du("\(other) outside"))
            )
            #expect(usage.exclusive == with - without)
        }
        // And that is what a removal frees.
        let before = try #require(try du("one two three outside"))
        let usage = try diskUsage(of: [scratch("two")])
        try removeTree(scratch("two"))
        #expect(try du("one three outside") == before - usage.exclusive)
    }
}

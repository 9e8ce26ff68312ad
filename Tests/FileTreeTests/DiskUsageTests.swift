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
}

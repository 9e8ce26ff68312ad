import FileTree
import SystemPackage
import Testing

struct FileWindowTests {
    let scratch: Scratch
    private let bytes: [UInt8] = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    init() throws {
        scratch = try Scratch()
        try Directory(scratch.path).write(bytes, to: "f")
    }

    /// Whatever of it is in memory already, and whoever had that memory before, a part has the file's bytes.
    @Test func partsHaveTheBytesOfTheFile() throws {
        let ahead = [(0, 64, 4096), (1000, 70_000, 0), (299_990, 100, 0), (131_072, 131_072, 200_000)]
        let parts = [
            0..<0, 0..<64, 60..<4_200, 990..<1_010, 1000..<71_000, 131_000..<131_080, 299_990..<300_000, 0..<300_000,
        ]
        for (offset, count, atLeast) in ahead {
            try FileWindow.open(scratch("f")) { whole in
                var window = whole
                for _ in 0..<2 {
                    for part in parts {
                        #expect(window.read(at: part.lowerBound, count: part.count) == Array(bytes[part]))
                    }
                    window = window.readAhead(at: offset, count: count, atLeast: atLeast)
                }
                let inner = window.part(at: 500, count: 200_000)?.readAhead(at: 100, count: 10)
                #expect(inner?.read(at: 90, count: 40) == Array(bytes[590..<630]))
                #expect(inner?.readAll() == Array(bytes[500..<200_500]))
            }
        }
    }

    @Test func nothingBeyondIt() throws {
        try FileWindow.open(scratch("f")) { window in
            for (offset, count) in [(-1, 1), (0, -1), (300_000, 1), (299_999, 2), (1, .max), (.max, 1)] {
                #expect(window.part(at: offset, count: count) == nil)
                #expect(window.read(at: offset, count: count) == nil)
                #expect(window.readAhead(at: offset, count: count).read(at: 7, count: 1) == [bytes[7]])
            }
        }
    }

    /// A sparse file can have any length: it is not read into memory, of which there is less.
    @Test func aFileThatIsTooLong() throws {
        try scratch.sh("truncate --size=4T long || truncate --size=4G long")
        try FileWindow.open(scratch("long")) { window in
            #expect(window.size >= 4 << 30)
            #expect(window.readAll() == nil)
            #expect(window.readAhead(count: window.size).read(at: window.size - 2, count: 2) == [0, 0])
        }
        #expect(failure { () throws(FileError) in _ = try readFile(scratch("long")) }?.code == .fileTooLarge)
    }

    /// A build may take a file away from under a reader: what was read ahead is there, and nothing else.
    @Test func aFileThatShrinks() throws {
        try FileWindow.open(scratch("f")) { window in
            let ahead = window.readAhead(count: 100)
            #expect(throws: Never.self) { try scratch.sh("truncate --size=50 f") }
            #expect(ahead.read(at: 0, count: 100) == Array(bytes[..<100]))
            #expect(ahead.read(at: 100, count: 1) == nil)
            #expect(ahead.readAll() == nil)
            #expect(window.readAhead(count: 100).read(at: 0, count: 50) == Array(bytes[..<50]))
        }
    }
}

import Testing

@testable import CargoCache

struct EncodedDepInfoTests {
    /// What cargo 1.95 wrote for a member with one source of its own and a generated one, and one tracked variable.
    private let encoded: [UInt8] =
        [1, 0, 0, 0, 0xff, 1, 2, 0, 0, 0]
        + [0, 10, 0, 0, 0] + Array("src/lib.rs".utf8) + [0]
        + [1, 8, 0, 0, 0] + Array("/etc/abc".utf8) + [1] + [9, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0] + Array("b3".utf8)
        + [1, 0, 0, 0, 1, 0, 0, 0] + Array("V".utf8) + [1, 1, 0, 0, 0] + Array("x".utf8)

    @Test func decodesFilesChecksumsAndVariables() throws {
        let info = try #require(EncodedDepInfo(encoded))
        #expect(info.files.map(\.base) == [.packageRoot, .buildRoot])
        #expect(info.files.map { String(decoding: $0.path, as: UTF8.self) } == ["src/lib.rs", "/etc/abc"])
        #expect(info.files.map(\.isAbsolute) == [false, true])
        #expect(info.files[1].checksum == .init(size: 9, text: Array("b3".utf8)))
        #expect(info.environment == [.init(name: Array("V".utf8), value: Array("x".utf8))])
    }

    @Test func encodesWhatItDecoded() throws {
        #expect(try #require(EncodedDepInfo(encoded)).encoded == encoded)
    }

    @Test func refusesOtherVersionsAndEveryCutOffFile() {
        var other = encoded
        other[5] = 2
        #expect(EncodedDepInfo(other) == nil)
        #expect(EncodedDepInfo(encoded + [0]) == nil)
        for length in 0..<encoded.count {
            #expect(EncodedDepInfo(Array(encoded.prefix(length))) == nil, "\(length) bytes")
        }
    }
}

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What a patch changes, wherever in a file it does so: the text without line numbers and blob ids (but those of binary
/// files, of which nothing else is shown).
struct PatchText {
    /// SHA-1 of that text.
    let sum: [UInt8]
    /// Whether it changes nothing.
    let isEmpty: Bool

    /// Reads one patch as `git diff --full-index` prints it.
    init(_ text: UnsafeRawBufferPointer) {
        var sum = SHA1()
        var isEmpty = true
        func add(_ part: Range<Int>) {
            sum.update(UnsafeRawBufferPointer(rebasing: text[part]))
            isEmpty = false
        }
        var index = 0..<0
        var start = 0
        while start < text.count {
            let rest = text.count - start
            let end = memchr(text.baseAddress! + start, 0x0a, rest).map { text.baseAddress!.distance(to: $0) + 1 }
            let line = start..<(end ?? text.count)
            start = line.upperBound
            func begins(_ prefix: StaticString) -> Bool {
                line.count >= prefix.utf8CodeUnitCount
                    && memcmp(text.baseAddress! + line.lowerBound, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0
            }
            // Lines of a hunk start with a blank, `+`, `-` or `\`, so that none of them is taken for one of these.
            if begins("index ") {
                index = line
            } else if begins("@@ ") {
                add(line.lowerBound..<(line.lowerBound + 3))
            } else if line.count > 1 {
                if begins("Binary files ") { add(index) }
                add(line)
            }
        }
        var bytes = [UInt8](repeating: 0, count: 20)
        sum.finish(into: &bytes)
        self.sum = bytes
        self.isEmpty = isEmpty
    }

    /// The patches in what `git log --format=%x00%H --patch` prints, each with its commit.
    static func all(in output: [UInt8]) -> [(commit: ObjectID, patch: PatchText)] {
        output.withUnsafeBytes { bytes in
            var starts: [(commit: ObjectID, header: Int, body: Int)] = []
            var position = 0
            while let found = memchr(bytes.baseAddress! + position, 0, bytes.count - position) {
                let nul = bytes.baseAddress!.distance(to: UnsafeRawPointer(found))
                position = nul + 1
                let rest = bytes[position...]
                guard let end = rest.prefix(65).firstIndex(of: 0x0a), let id = ObjectID(hex: rest[..<end].text) else {
                    continue
                }
                starts.append((id, nul, end + 1))
            }
            return starts.indices.map { number in
                let end = number + 1 < starts.count ? starts[number + 1].header : bytes.count
                return (
                    starts[number].commit,
                    PatchText(UnsafeRawBufferPointer(rebasing: bytes[starts[number].body..<end]))
                )
            }
        }
    }
}

/// What a patch changes, wherever in a file it does so: the text without line numbers and blob ids (but those of binary
/// files, of which nothing else is shown).
struct PatchText {
    /// SHA-1 of that text.
    let sum: [UInt8]
    /// Whether it changes nothing.
    let isEmpty: Bool

    /// Reads one patch as `git diff --full-index` prints it.
    init(_ text: some Collection<UInt8>) {
        var kept: [UInt8] = []
        var index: [UInt8] = []
        // Lines of a hunk start with a blank, `+`, `-` or `\`, so that none of them is taken for one of these.
        for line in text.split(separator: 0x0a, omittingEmptySubsequences: true) {
            if line.starts(with: "index ".utf8) {
                index = Array(line)
                continue
            }
            if line.starts(with: "Binary files ".utf8) {
                kept += index + [0x0a]
            }
            kept += line.starts(with: "@@ ".utf8) ? Array("@@".utf8) : Array(line)
            kept.append(0x0a)
        }
        sum = SHA1.sum(of: kept)
        isEmpty = kept.isEmpty
    }

    /// The patches in what `git log --format=%x00%H --patch` prints.
    static func all(in output: [UInt8]) -> [PatchText] {
        var starts: [(header: Int, body: Int)] = []
        for position in output.indices where output[position] == 0 {
            let rest = output[(position + 1)...]
            guard let end = rest.prefix(65).firstIndex(of: 0x0a), [40, 64].contains(end - position - 1),
                ObjectID(hex: rest[..<end].text) != nil
            else { continue }
            starts.append((position, end + 1))
        }
        return starts.indices.map { number in
            let end = number + 1 < starts.count ? starts[number + 1].header : output.endIndex
            return PatchText(output[starts[number].body..<end])
        }
    }
}

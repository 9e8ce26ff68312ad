import FileTree

/// Calls `body` with each section of a WebAssembly module but those of debug information, which are custom sections
/// (core specification, 5.5), until it returns false; nil where that is not what stands there, which may come out when some
/// sections have been visited.
func visitWebAssembly(_ module: FileWindow, _ body: Visit) -> Bool? {
    var window = module
    var position = 8
    while position < window.size {
        window = window.readAhead(at: position, count: min(longestHeader, window.size - position), atLeast: 4096)
        guard let header = window.read(at: position, count: min(longestHeader, window.size - position)) else {
            return nil
        }
        var reader = HeaderReader(bytes: header)
        guard let kind = reader.byte(), let size = reader.number(), size <= window.size - position - reader.position
        else { return nil }
        let start = position + reader.position
        position = start + size
        var name: ArraySlice<UInt8> = []
        if kind == 0 {
            guard let length = reader.number() else { return nil }
            // No name that is looked for is so long.
            name = reader.bytes(upTo: length)
        }
        if [".debug_", "reloc..debug_"].contains(where: { name.starts(with: $0.utf8) }) { continue }
        guard let section = window.part(at: start, count: size) else { return nil }
        let form: ArtifactPart.Form =
            if [".rmeta", ".rustc"].contains(where: { name.elementsEqual($0.utf8) }) {
                .metadata
            } else if name.starts(with: "__llvm_cov".utf8) {
                .opaque
            } else {
                .data
            }
        guard body(ArtifactPart(form, section, name: "a section")) else { return false }
    }
    return true
}

/// The kind, two numbers, and the beginning of a name.
private let longestHeader = 64

private struct HeaderReader {
    let bytes: [UInt8]
    private(set) var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// An unsigned number of 32 bits in LEB128.
    mutating func number() -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            guard let byte = byte() else { return nil }
            value |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value <= UInt32.max ? value : nil }
        }
        return nil
    }

    mutating func bytes(upTo count: Int) -> ArraySlice<UInt8> { bytes[position...].prefix(count) }
}

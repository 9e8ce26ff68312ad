import FileTree
import SystemPackage

/// The file `packed-refs`: one line `<id> <name>` a reference, and a line `^<id>` after an annotated tag. It can hold
/// hundreds of thousands, so it is mapped and, when its header says so, searched by halving.
struct PackedReferences {
    private let file: FilePath

    /// Nil when the repository has no packed references.
    init?(_ commonDirectory: FilePath) {
        file = commonDirectory.appending("packed-refs")
        guard FileStatus.ifPresent(file) != nil else { return nil }
    }

    func id(of name: String) -> ObjectID? {
        first(Array(name.utf8)) { $0.name.elementsEqual(name.utf8) }.flatMap { ObjectID(hex: $0.id.text) }
    }

    /// Whether a name starts with `prefix`.
    func hasAny(_ prefix: String) -> Bool {
        first(Array(prefix.utf8)) { $0.name.starts(with: prefix.utf8) } != nil
    }

    /// The names that start with `prefix`, without it.
    func names(under prefix: String) -> [[UInt8]] {
        let start = Array(prefix.utf8)
        let found = try? withMappedFile(file) { bytes -> [[UInt8]] in
            let isSorted = isSorted(bytes)
            var names: [[UInt8]] = []
            var position = isSorted ? lowerBound(of: start, in: bytes) : 0
            while position < bytes.count {
                let end = lineEnd(bytes, position)
                if let line = parse(bytes[position..<end]) {
                    if line.name.starts(with: start) {
                        names.append(Array(line.name.dropFirst(start.count)))
                    } else if isSorted {
                        break
                    }
                }
                position = end + 1
            }
            return names
        }
        return found ?? []
    }

    private typealias Line = (id: [UInt8], name: [UInt8])

    /// The first line at or after the place where `name` belongs that satisfies `matches`.
    private func first(_ name: [UInt8], _ matches: (Line) -> Bool) -> Line? {
        // git replaces this file by renaming a new one over it, so that a mapping never shrinks.
        let found = try? withMappedFile(file) { bytes -> Line? in
            let isSorted = isSorted(bytes)
            var position = isSorted ? lowerBound(of: name, in: bytes) : 0
            while position < bytes.count {
                let end = lineEnd(bytes, position)
                if let line = parse(bytes[position..<end]) {
                    if matches(line) { return line }
                    if isSorted { return nil }
                }
                position = end + 1
            }
            return nil
        }
        return found ?? nil
    }

    /// Whether the first line says so, as a word of its own.
    private func isSorted(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.first == UInt8(ascii: "#") else { return false }
        let words = bytes[0..<lineEnd(bytes, 0)].split(separator: UInt8(ascii: " "))
        return words.contains { $0.elementsEqual("sorted".utf8) }
    }

    /// The start of the first line whose name is not less than `name`.
    private func lowerBound(of name: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int {
        var low = 0
        var high = bytes.count
        while low < high {
            let middle = lineStart(bytes, (low + high) / 2)
            var next = middle
            var line: Line?
            // Header and peeled lines have no name; the next one that has decides.
            while next < high, line == nil {
                let end = lineEnd(bytes, next)
                line = parse(bytes[next..<end])
                next = end + 1
            }
            if let line, line.name.lexicographicallyPrecedes(name) {
                low = next
            } else {
                high = middle
            }
        }
        return low
    }

    private func lineStart(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int {
        var start = position
        while start > 0, bytes[start - 1] != 0x0a { start -= 1 }
        return start
    }

    private func lineEnd(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int {
        bytes[position...].firstIndex(of: 0x0a) ?? bytes.count
    }

    private func parse(_ line: Slice<UnsafeRawBufferPointer>) -> Line? {
        guard let first = line.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "^"),
            let space = line.firstIndex(of: 0x20)
        else { return nil }
        return (Array(line[..<space]), Array(line[(space + 1)...]))
    }
}

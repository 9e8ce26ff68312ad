import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Many paths in one piece of memory, each ended by a NUL: tens of thousands of `FilePath`s would cost more than the
/// reading of the tree or index that they come from.
struct PathTable: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where each path starts.
    private(set) var starts: [Int] = []

    var count: Int { starts.count }

    mutating func append(_ path: some Collection<UInt8>) {
        starts.append(bytes.count)
        bytes.append(contentsOf: path)
        bytes.append(0)
    }

    /// Appends a path of which the first `kept` bytes are those of the path before, which is at least as long.
    mutating func append(keeping kept: Int, _ rest: UnsafeRawBufferPointer) {
        let previous = starts.last ?? bytes.count
        starts.append(bytes.count)
        // Not as a slice, which would keep the memory from growing in place.
        for position in previous..<(previous + kept) { bytes.append(bytes[position]) }
        bytes.append(contentsOf: rest)
        bytes.append(0)
    }

    mutating func reserveCapacity(paths: Int, bytes size: Int) {
        starts.reserveCapacity(paths)
        bytes.reserveCapacity(size)
    }

    /// The bytes of a path, without the NUL.
    func range(_ index: Int) -> Range<Int> {
        starts[index]..<((index + 1 < starts.count ? starts[index + 1] : bytes.count) - 1)
    }

    subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

    /// The paths whose last component is `name`, found without making any other.
    func paths(endingIn name: StaticString) -> [FilePath] {
        let length = name.utf8CodeUnitCount
        return bytes.withUnsafeBufferPointer { memory in
            starts.indices.filter { index in
                let range = range(index)
                guard range.count >= length,
                    memcmp(memory.baseAddress! + range.upperBound - length, name.utf8Start, length) == 0
                else { return false }
                return range.count == length || memory[range.upperBound - length - 1] == UInt8(ascii: "/")
            }
        }.map(path)
    }

    func path(_ index: Int) -> FilePath { FilePath(bytes: bytes[range(index)]) }

    /// Less than 0, 0, or more than 0, by the order of an index: bytes as unsigned numbers, and the shorter first.
    func compare(_ index: Int, with other: [UInt8]) -> Int {
        let mine = range(index)
        let order = bytes.withUnsafeBufferPointer { first in
            other.withUnsafeBufferPointer { second in
                other.isEmpty
                    ? 0
                    : memcmp(first.baseAddress! + mine.lowerBound, second.baseAddress!, min(mine.count, other.count))
            }
        }
        return order != 0 ? Int(order) : mine.count - other.count
    }

    /// The same for a path of another table.
    func compare(_ index: Int, with other: PathTable, _ otherIndex: Int) -> Int {
        let mine = range(index)
        let theirs = other.range(otherIndex)
        let order = bytes.withUnsafeBufferPointer { first in
            other.bytes.withUnsafeBufferPointer { second in
                memcmp(
                    first.baseAddress! + mine.lowerBound, second.baseAddress! + theirs.lowerBound,
                    min(mine.count, theirs.count))
            }
        }
        return order != 0 ? Int(order) : mine.count - theirs.count
    }
}

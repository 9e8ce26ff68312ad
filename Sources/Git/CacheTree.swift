/// The cache tree of an index: which of its directories are known to be equal to a tree object (gitformat-index(5), "Cache
/// tree"). git takes the mark away from every directory above an entry that changes.
struct CacheTree {
    /// One directory.
    struct Node {
        let name: Range<Int>
        /// The number of entries below it; nil where the index may differ from every known tree.
        let entryCount: Int?
        /// The tree; nil with `entryCount`.
        let id: ObjectID?
        /// The positions of the directories in it.
        var children: [Int] = []
    }

    private(set) var nodes: [Node] = []
    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// Reads the cache tree of a sha1 repository's index; nil when it has none, or one that is malformed.
    init?(of index: IndexFile) {
        guard let range = index.cacheTree else { return nil }
        bytes = index.bytes
        position = range.lowerBound
        end = range.upperBound
        guard readNode(depth: 0) != nil, position == end else { return nil }
    }

    /// The directory `name` in the directory at `parent`; nil when nothing is known of it.
    func child(of parent: Int, _ name: UnsafeRawBufferPointer) -> Int? {
        nodes[parent].children.first { child in
            let range = nodes[child].name
            return range.count == name.count && bytes[range].elementsEqual(name)
        }
    }

    /// Returns the number of the node that starts at `position`, with those below it behind.
    private mutating func readNode(depth: Int) -> Int? {
        guard depth < 4096, let nul = bytes[position..<end].firstIndex(of: 0) else { return nil }
        let name = position..<nul
        position = nul + 1
        guard let count = readNumber(endedBy: UInt8(ascii: " ")), let children = readNumber(endedBy: 0x0a) else {
            return nil
        }
        var id: ObjectID?
        if count >= 0 {
            guard position + 20 <= end else { return nil }
            id = bytes.withUnsafeBytes { ObjectID(at: $0.baseAddress! + position, count: 20) }
            position += 20
        }
        let number = nodes.count
        nodes.append(Node(name: name, entryCount: count >= 0 ? count : nil, id: id))
        var left = children
        while left > 0 {
            guard let child = readNode(depth: depth + 1) else { return nil }
            nodes[number].children.append(child)
            left -= 1
        }
        return number
    }

    /// A decimal number, -1 among them.
    private mutating func readNumber(endedBy mark: UInt8) -> Int? {
        guard let stop = bytes[position..<end].firstIndex(of: mark), stop - position < 12 else { return nil }
        let number = Int(bytes[position..<stop].text)
        position = stop + 1
        return number
    }
}

/// A shell pattern for one component of a path (wildmatch.c): `*`, `?`, and sets without escapes or named classes.
struct Glob: Sendable {
    private enum Element: Sendable {
        case byte(UInt8)
        case anyByte
        case anyText
        /// Bytes by their numbers.
        case set([Bool])
    }

    private let elements: [Element]

    /// Nil for a pattern that is not worked out here. It contains no slash and no backslash.
    init?(_ pattern: ArraySlice<UInt8>) {
        var elements: [Element] = []
        var position = pattern.startIndex
        while position < pattern.endIndex {
            switch pattern[position] {
            case UInt8(ascii: "*"):
                if case .anyText? = elements.last {} else { elements.append(.anyText) }
            case UInt8(ascii: "?"): elements.append(.anyByte)
            case UInt8(ascii: "["):
                guard let (set, end) = Self.set(pattern[(position + 1)...]) else { return nil }
                elements.append(.set(set))
                position = end
            default: elements.append(.byte(pattern[position]))
            }
            position += 1
        }
        self.elements = elements
    }

    /// The set that starts behind `[`, and the place of its `]`. Nil for the unusual: without an end, with another `[` or a
    /// `]` that belongs to it.
    private static func set(_ text: ArraySlice<UInt8>) -> (set: [Bool], end: Int)? {
        var text = text
        let isNegated = text.first == UInt8(ascii: "!") || text.first == UInt8(ascii: "^")
        if isNegated { text.removeFirst() }
        guard let end = text.firstIndex(of: UInt8(ascii: "]")), end > text.startIndex else { return nil }
        let members = text[..<end]
        guard !members.contains(UInt8(ascii: "[")) else { return nil }
        var set = [Bool](repeating: false, count: 256)
        var position = members.startIndex
        var previous: UInt8?
        while position < end {
            let byte = members[position]
            if byte == UInt8(ascii: "-"), let low = previous, position + 1 < end {
                let high = members[position + 1]
                if low <= high { for member in low...high { set[Int(member)] = true } }
                position += 1
                previous = nil
            } else {
                set[Int(byte)] = true
                previous = byte
            }
            position += 1
        }
        return (isNegated ? set.map { !$0 } : set, end)
    }

    /// Whether the whole of `name` matches; a dot in front is a byte like any other.
    func matches(_ name: ArraySlice<UInt8>) -> Bool {
        var (element, position) = (0, name.startIndex)
        // Where to go on when what follows the last `*` does not fit.
        var retry: (element: Int, position: Int)?
        while true {
            if element < elements.count, case .anyText = elements[element] {
                retry = (element + 1, position)
                element += 1
            } else if element < elements.count, position < name.endIndex, fits(elements[element], name[position]) {
                element += 1
                position += 1
            } else if element == elements.count, position == name.endIndex {
                return true
            } else if let last = retry, last.position < name.endIndex {
                retry = (last.element, last.position + 1)
                (element, position) = (last.element, last.position + 1)
            } else {
                return false
            }
        }
    }

    private func fits(_ element: Element, _ byte: UInt8) -> Bool {
        switch element {
        case .byte(let wanted): wanted == byte
        case .anyByte: true
        case .set(let set): set[Int(byte)]
        case .anyText: false
        }
    }
}

/// Which files a pattern of an attribute file may match (gitattributes(5)), judged by the last component of their paths
/// alone and too often rather than too seldom: a file that git writes needlessly is written right all the same.
enum NamePattern: Hashable, Sendable {
    /// Files of this name.
    case exact([UInt8])
    /// Files whose names end so.
    case suffix([UInt8])
    /// Any file.
    case all

    /// Reads the pattern at the start of a line.
    init(_ text: some Collection<UInt8>) {
        let special = "*?[\\\"!".utf8
        let name = Array(text).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last ?? []
        // A quoted pattern goes on over white space, a slash at the end means a directory, `!` is not allowed.
        if name.isEmpty || text.first == UInt8(ascii: "\"") || text.first == UInt8(ascii: "!") {
            self = .all
        } else if !name.contains(where: special.contains) {
            self = .exact(Array(name))
        } else if name.first == UInt8(ascii: "*"), name.count > 1, !name.dropFirst().contains(where: special.contains) {
            self = .suffix(Array(name.dropFirst()))
        } else {
            self = .all
        }
    }

    func mayMatch(_ name: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .exact(let exact): name.elementsEqual(exact)
        case .suffix(let end): name.count >= end.count && name.last == end.last && name.suffix(end.count) == end[...]
        case .all: true
        }
    }
}

import SystemPackage

/// Where a directory was when it was opened: one name, and the place it was found in. Put together to a path only when
/// somebody asks, which is when something failed; until then, a directory far down costs no more than any other.
final class Place: Sendable {
    private let above: Place?
    /// The names from there; a whole path at the top.
    private let rest: FilePath

    init(_ path: FilePath) {
        above = nil
        rest = path
    }

    /// The child `name`, of which every byte is kept: it need not be UTF-8.
    init(_ name: UnsafePointer<CChar>, in above: Place) {
        self.above = above
        rest = FilePath(platformString: name)
    }

    var path: FilePath {
        var names = [rest]
        var place = self
        while let next = place.above {
            names.append(next.rest)
            place = next
        }
        return names.dropLast().reversed().reduce(into: place.rest) { $0.append($1.components) }
    }
}

import Dispatch

/// The listing that several threads fill in.
final class ListingBoard: @unchecked Sendable {
    private let queue = DispatchQueue(label: "listing")
    private let update: (@Sendable (Listing) -> Void)?
    private var current: Listing

    init(_ beginning: Listing, update: (@Sendable (Listing) -> Void)?) {
        current = beginning
        self.update = update
    }

    var listing: Listing { queue.sync { current } }

    func change(_ body: (inout Listing) -> Void) {
        queue.sync {
            body(&current)
            update?(current)
        }
    }
}

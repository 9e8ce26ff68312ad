import Seeding

extension SeedReport {
    /// Units that stay cold because the system failed to read or write a file of theirs, and what it said of the first one;
    /// nil where there are none.
    public var refused: (count: Int, message: String)? {
        var messages: [String] = []
        for case .failed(let message) in cold.map(\.reason) { messages.append(message) }
        return messages.first.map { (messages.count, $0) }
    }

    /// Whether it came to less than it could have, for a reason worth acting on.
    var isLessWarm: Bool { stopped != nil || refused != nil }
}

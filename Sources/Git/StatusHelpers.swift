import Dispatch
import FileTree

/// How many threads look at one worktree.
struct Hands: Sendable {
    /// At most so many.
    let count: Int
    /// How many tracked files are worth a job of their own.
    let grain: Int

    /// The caller's thread alone, as where several worktrees are looked at at a time.
    static let one = Hands(count: 1, grain: .max)
    /// As many as there are cores, if there are enough files.
    static var all: Hands { Hands(count: availableProcessors(), grain: 500) }
}

/// The threads that share the walk through one worktree: each takes parts that another has left.
final class StatusHelpers: @unchecked Sendable {
    let grain: Int
    private let count: Int
    private let queue = JobQueue()
    private let lock = DispatchQueue(label: "findings")
    private var found = StatusWalk.Findings()
    private var failure: Unproven?

    /// Nil where the work is not worth it, or nobody is there to help.
    init?(_ hands: Hands, entries: Int) {
        // Each part that waits holds its directory open; parts of parts make up at most as many again.
        grain = max(hands.grain, entries / 64)
        count = hands.count
        guard count > 1, entries / 2 >= grain else { return nil }
    }

    /// Does `first`, and all that is added meanwhile. Throws one of the `Unproven` of these, or returns what all of them
    /// have found.
    func run(
        _ first: @escaping @Sendable () throws(Unproven) -> StatusWalk.Findings
    ) throws(Unproven) -> StatusWalk.Findings {
        add(first)
        queue.run(workers: count)
        if let failure { throw failure }
        return found
    }

    /// Leaves a part to whoever has time for it.
    func add(_ part: @escaping @Sendable () throws(Unproven) -> StatusWalk.Findings) {
        queue.add { [self] in
            // One failure is enough.
            guard lock.sync(execute: { failure == nil }) else { return }
            do throws(Unproven) {
                let more = try part()
                lock.sync { found.add(more) }
            } catch {
                lock.sync { failure = failure ?? error }
            }
        }
    }
}

extension StatusWalk.Findings {
    fileprivate mutating func add(_ more: Self) {
        modified += more.modified
        untracked += more.untracked
        doubtful += more.doubtful
        attributeFiles += more.attributeFiles
        lacksAttributeFile = lacksAttributeFile || more.lacksAttributeFile
    }
}

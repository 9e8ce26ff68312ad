import Dispatch
import FileTree
import SystemPackage
import Terminal
import Worktrees

/// Shows a listing as a table: where the terminal allows, from the beginning on, drawn again as it fills in; elsewhere
/// once, when it is whole.
struct ListDisplay {
    private let color: ColorChoice
    private let environment = processEnvironment()
    private let now = FileTime.now().seconds

    /// A listing that is whole within this time is drawn once.
    private static let patience = DispatchTimeInterval.milliseconds(30)
    /// The table is drawn no more often than this.
    private static let interval = DispatchTimeInterval.milliseconds(60)

    init(color: ColorChoice) { self.color = color }

    /// Does the work and shows what `finally` makes of it, which is returned; nil when the user has interrupted it.
    func show(_ work: ListingWork, finally: (Listing) -> Listing) -> Listing? {
        guard LiveLines.arePossible(for: facts) else {
            let listing = finally(work.run())
            for line in lines(listing, facts) { writeLine(line, to: .standardOutput) }
            return listing
        }
        Interruption.listen()
        let latest = Latest(work.beginning)
        let isDone = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            latest.set(work.run { latest.set($0) })
            isDone.signal()
        }
        // Only this thread draws, so that a signal never leaves a drawing half done.
        var live = LiveLines()
        var wait = Self.patience
        while isDone.wait(timeout: .now() + wait) == .timedOut {
            if Interruption.isRequested { return nil }
            let facts = facts
            draw(live.update(lines(latest.get(), facts), width: facts.width ?? 0, height: facts.height ?? 0))
            wait = Self.interval
        }
        let listing = finally(latest.get())
        let facts = facts
        draw(live.finish(lines(listing, facts), width: facts.width ?? 80, height: facts.height ?? 24))
        return listing
    }

    private var facts: TerminalFacts { .of(.standardOutput, environment) }

    private func lines(_ listing: Listing, _ facts: TerminalFacts) -> [String] {
        listing.table(now: now).lines(width: facts.lineWidth, painter: Painter(color, for: facts))
    }

    private func draw(_ text: String?) {
        if let text { write(Array(text.utf8), to: .standardOutput) }
    }
}

/// What one thread finds and another one draws.
private final class Latest: @unchecked Sendable {
    private let queue = DispatchQueue(label: "latest")
    private var listing: Listing

    init(_ listing: Listing) { self.listing = listing }

    func set(_ listing: Listing) { queue.sync { self.listing = listing } }

    func get() -> Listing { queue.sync { listing } }
}

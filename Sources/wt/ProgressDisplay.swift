import Dispatch
import SystemPackage
import Terminal
import Worktrees

/// Draws a `ProgressBar` on standard error, from whatever thread reports.
final class ProgressDisplay: @unchecked Sendable {
    private let queue = DispatchQueue(label: "progress")
    private let start = ContinuousClock.now
    private var bar: ProgressBar

    /// Draws nothing with `-q`.
    init(isQuiet: Bool) {
        bar = ProgressBar(
            for: isQuiet ? TerminalFacts(isTerminal: false) : .of(.standardError, processEnvironment()))
    }

    func show(_ progress: NewProgress) {
        switch progress {
        case .checkout(let done, let total): show("checking out", done, of: total)
        case .hook: end()
        case .seeding(let done, let total): show("seeding", done, of: total)
        }
    }

    /// Something that is being done. `total` is nil where it is not known.
    func show(_ label: String, _ done: Int, of total: Int?) {
        queue.sync {
            draw(bar.update(label, done: done, of: total, elapsed: start.duration(to: .now)))
        }
    }

    /// Files that are being deleted while the user waits.
    func showDeleted(_ count: Int) { show("files deleted", count, of: nil) }

    /// Takes the bar away.
    func end() { queue.sync { draw(bar.erase()) } }

    private func draw(_ text: String?) {
        if let text { write(Array(text.utf8), to: .standardError) }
    }
}

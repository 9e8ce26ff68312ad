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
    init(_ options: GlobalOptions) {
        let environment = processEnvironment()
        bar = ProgressBar(
            for: options.quiet
                ? TerminalFacts(isTerminal: false) : .of(.standardError, environment))
    }

    func show(_ progress: NewProgress) {
        switch progress {
        case .checkout(let done, let total): show("checking out", done, total)
        case .hook: end()
        case .seeding(let done, let total): show("seeding", done, total)
        }
    }

    func show(_ label: String, _ done: Int, _ total: Int) {
        queue.sync {
            draw(bar.update(label, done: done, of: total, elapsed: start.duration(to: .now)))
        }
    }

    /// Takes the bar away.
    func end() { queue.sync { draw(bar.erase()) } }

    private func draw(_ text: String?) {
        if let text { write(Array(text.utf8), to: .standardError) }
    }
}

import CargoCache
import FileTree
import SystemPackage

/// What one worker has open, and has learned of the file systems.
final class SeedTools {
    let transfers = TransferMemory()
    private let target: FilePath
    private var pairs: [FilePath: DirectoryPairs] = [:]

    init(target: FilePath) { self.target = target }

    func directories(of donor: CargoWorkspace) -> DirectoryPairs {
        if let known = pairs[donor.buildDirectory] { return known }
        let made = DirectoryPairs(source: donor.buildDirectory, target: target)
        pairs[donor.buildDirectory] = made
        return made
    }
}

/// Tools on their way from one worker to another: nobody has them twice.
struct HandedTools: @unchecked Sendable {
    let value: SeedTools
}

/// The units of a plan on their way, as many at a time as there are processors, each after all that it depends on. Two
/// units have no directory in common but those that serve all.
final class SeedWork: Sendable {
    typealias Take = @Sendable (SeedPlan.TakenUnit, SeedTools) -> (reason: ColdReason?, report: SeedReport)

    private struct State {
        var report: SeedReport
        /// Of each unit that has an end, how it came to it; by position.
        var taken: [SeededUnit?]
        var reasons: [ColdReason?]
        /// How many of those that a unit has to wait for have not come to their end.
        var awaited: [Int]
        var isBegun: [Bool]
        /// Bytes of units that are under way: they can all turn out to be written.
        var bytesUnderWay: Int64 = 0
        var done = 0
        var isLimited = false
        /// Tools that nobody uses at the moment.
        var tools: [HandedTools]
    }

    private let plan: SeedPlan
    private let order: TakingOrder
    private let queue = JobQueue()
    private let state: Guarded<State>
    private let take: Take
    // Called under the lock alone.
    private nonisolated(unsafe) let progress: (Int) -> Void
    private nonisolated(unsafe) let isCancelled: () -> Bool

    /// `before` is what was done already.
    init(
        _ plan: SeedPlan, _ tools: HandedTools, _ before: SeedReport, progress: @escaping (Int) -> Void,
        isCancelled: @escaping () -> Bool, take: @escaping Take
    ) {
        self.plan = plan
        let order = TakingOrder(plan.taken)
        self.order = order
        self.progress = progress
        self.isCancelled = isCancelled
        self.take = take
        let count = order.units.count
        state = Guarded(
            State(
                report: before, taken: Array(repeating: nil, count: count),
                reasons: Array(repeating: nil, count: count),
                awaited: order.awaited, isBegun: Array(repeating: false, count: count),
                tools: [tools]))
    }

    /// Takes all units, and says what came of it.
    func run() -> SeedReport {
        for position in order.units.indices where order.awaited[position] == 0 { add(position) }
        // More than these would stand in a line for `deps`.
        queue.run(workers: min(availableProcessors(), 4))
        return state.withLock { state in
            var report = state.report
            report.taken = state.taken.compactMap { $0 }
            report.cold =
                plan.cold
                + zip(order.units, state.reasons).compactMap { unit, reason in
                    reason.map { SeedPlan.ColdUnit(unit, $0) }
                }
            report.left = plan.left
            return report
        }
    }

    private func add(_ position: Int) {
        queue.add { self.work(on: position) }
    }

    private func work(on position: Int) {
        let unit = order.units[position]
        if let tools = begin(position) {
            let (reason, report) = take(unit, tools.value)
            end(position, reason, report, tools)
        }
        for next in release(position) { add(next) }
    }

    /// Nil where the unit is not even tried.
    private func begin(_ position: Int) -> HandedTools? {
        state.withLock { state -> HandedTools? in
            state.isBegun[position] = true
            if state.report.stopped == nil, isCancelled() { state.report.stopped = "interrupted" }
            if state.report.stopped != nil {
                state.reasons[position] = .stopped
                return nil
            }
            if state.reasons[position] == nil,
                let missing = order.dependencies[position].first(where: { state.reasons[$0] != nil })
            {
                state.reasons[position] = .dependency(unit: order.units[missing].unit.name)
            }
            guard state.reasons[position] == nil else { return nil }
            state.bytesUnderWay += order.units[position].bytes
            return state.tools.popLast() ?? HandedTools(value: SeedTools(target: plan.recipient.buildDirectory))
        }
    }

    private func end(_ position: Int, _ reason: ColdReason?, _ report: SeedReport, _ tools: HandedTools) {
        state.withLock { state in
            state.bytesUnderWay -= order.units[position].bytes
            state.reasons[position] = reason
            state.taken[position] = report.taken.first
            var counts = report
            counts.taken = []
            state.report.add(counts)
            if tools.value.transfers.refusesLinks, !state.isLimited {
                state.isLimited = true
                limit(&state)
            }
            state.tools.append(tools)
        }
    }

    /// Counts the unit as done. Returns the units that wait for no other one now.
    private func release(_ position: Int) -> [Int] {
        state.withLock { state in
            state.done += 1
            if state.reasons[position] != .stopped { progress(state.done) }
            var free: [Int] = []
            for follower in order.followers[position] {
                state.awaited[follower] -= 1
                if state.awaited[follower] == 0 { free.append(follower) }
            }
            return free
        }
    }

    /// The system has refused what the plan counted on: from now on files cost bytes that were to be shared. What
    /// exceeds the limit for these is given up.
    private func limit(_ state: inout State) {
        let sharing = SeedRequest.FileSystemSharing(links: false, clones: state.report.clonedBytes > 0)
        let rest = order.units.indices.filter { !state.isBegun[$0] }
        let room = plan.copyLimit - state.report.writtenBytes - state.bytesUnderWay
        let reasons = SeedPlan.reasonsToLimit(rest.map { order.units[$0] }, to: room, sharing)
        for (position, reason) in zip(rest, reasons) where reason != nil && state.reasons[position] == nil {
            state.reasons[position] = reason
        }
    }
}

extension SeedPlan.TakenUnit {
    fileprivate var bytes: Int64 { sharedBytes + privateBytes }
}

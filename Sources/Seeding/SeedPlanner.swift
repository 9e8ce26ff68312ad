import CargoCache
import Dispatch
import FileTree
import SystemPackage

extension SeedPlan {
    /// Reads the donor's build directory and decides what to take. Writes nothing; a donor without a build directory
    /// gives an empty plan.
    public init(_ request: SeedRequest) {
        let tree = BuildTree(reading: request.donor.buildDirectory)
        let graph = UnitGraph(tree.units)
        let check = UnitCheck(request: request, graph: graph)
        var reasons = concurrentMap(graph.units.indices) { check.reason(at: $0) }
        Self.spread(&reasons, graph)

        let planner = FilePlanner(request: request, graph: graph)
        var taken: [Int: TakenUnit] = [:]
        for index in graph.units.indices where reasons[index] == nil {
            switch planner.files(of: index) {
            case .success(let files): taken[index] = TakenUnit(unit: graph.units[index], files: files)
            case .failure(let failure): reasons[index] = failure.reason
            }
        }
        Self.limitCopies(&reasons, taken, graph, limit: request.copyLimit)
        Self.spread(&reasons, graph)

        self.init(
            donor: request.donor, recipient: request.recipient,
            taken: graph.units.indices.compactMap { reasons[$0] == nil ? taken[$0] : nil },
            cold: graph.units.indices.compactMap { index in
                reasons[index].map { ColdUnit(graph.units[index], $0) }
            },
            disabledChecks: request.disabledChecks)
    }

    /// A unit above a cold one is rebuilt anyway, since what is below it will be newer (`find_stale_file`, cargo's
    /// fingerprint/mod.rs): taking it would only cost bytes.
    private static func spread(_ reasons: inout [ColdReason?], _ graph: UnitGraph) {
        var waiting = reasons.indices.filter { reasons[$0] != nil }
        while let index = waiting.popLast() {
            for dependent in graph.dependents[index] where reasons[dependent] == nil {
                reasons[dependent] = .dependency(unit: graph.units[index].name)
                waiting.append(dependent)
            }
        }
    }

    /// Leaves executables cold, the largest first, until the rest is within the limit; those that something is built
    /// upon (build scripts in the unit layout) only when nothing else is left.
    private static func limitCopies(
        _ reasons: inout [ColdReason?], _ taken: [Int: TakenUnit], _ graph: UnitGraph, limit: Int64
    ) {
        var total: Int64 = 0
        var candidates: [(index: Int, bytes: Int64, isNeeded: Bool)] = []
        for (index, unit) in taken where reasons[index] == nil && unit.executableBytes > 0 {
            total += unit.executableBytes
            candidates.append((index, unit.executableBytes, !graph.dependents[index].isEmpty))
        }
        candidates.sort { a, b in
            if a.isNeeded != b.isNeeded { return !a.isNeeded }
            return (a.bytes, b.index) > (b.bytes, a.index)
        }
        for candidate in candidates where total > limit {
            reasons[candidate.index] = .copyLimit
            total -= candidate.bytes
        }
    }
}

/// `transform` of each element, computed on all cores.
func concurrentMap<Result: Sendable>(
    _ range: Range<Int>, _ transform: @Sendable (Int) -> Result
) -> [Result] {
    [Result](unsafeUninitializedCapacity: range.count) { buffer, count in
        nonisolated(unsafe) let base = buffer.baseAddress
        DispatchQueue.concurrentPerform(iterations: range.count) { offset in
            (base! + offset).initialize(to: transform(range.lowerBound + offset))
        }
        count = range.count
    }
}

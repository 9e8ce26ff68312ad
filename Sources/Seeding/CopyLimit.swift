import CargoCache

/// Keeps what is written to blocks of its own within a limit.
struct CopyLimit {
    /// For each unit of `graph`, the bytes it would take.
    let bytes: [Int64]
    let graph: UnitGraph

    /// The units to leave cold, in the order in which they are given up: the largest first, and those that something is
    /// built upon only when nothing else is left, since all above them goes too.
    func unitsBeyond(_ limit: Int64) -> [Int] {
        var total = bytes.reduce(0, +)
        guard total > limit else { return [] }
        var isGone = [Bool](repeating: false, count: bytes.count)
        var order: [Int] = []
        let candidates = bytes.indices.filter { bytes[$0] > 0 }.sorted { a, b in
            let isNeeded = (!graph.dependents[a].isEmpty, !graph.dependents[b].isEmpty)
            if isNeeded.0 != isNeeded.1 { return !isNeeded.0 }
            return (bytes[a], b) > (bytes[b], a)
        }
        for candidate in candidates where total > limit && !isGone[candidate] {
            order.append(candidate)
            let above = UnitGraph.reach(from: [candidate], along: graph.dependents)
            for index in above.indices where above[index] && !isGone[index] {
                isGone[index] = true
                total -= bytes[index]
            }
        }
        return order
    }
}

import CargoCache

/// The order in which units are taken: each after all that it depends on.
///
/// A seeding that is killed leaves a unit of which only a part is there. Cargo rebuilds it for want of its hash file, but
/// does not count it as changed for the units above it: their fingerprints hold, and its artifacts are there with the
/// right mtimes (`Fingerprint::check_filesystem`, cargo's fingerprint/mod.rs). A path package that is compiled again in
/// another worktree is another crate for rustc, with debug information or without (seen with rustc 1.95), so that what
/// was compiled against the donor's is refused (E0460) and the build fails. In this order nothing stands above such a
/// unit.
struct TakingOrder {
    /// The units, sorted.
    let units: [SeedPlan.TakenUnit]
    /// For each of them, the positions of those that it depends on, all of which are smaller than its own.
    let dependencies: [[Int]]

    init(_ taken: [SeedPlan.TakenUnit]) {
        let edges = UnitGraph(taken.map(\.unit)).dependencies
        var order: [Int] = []
        var positions = [Int?](repeating: nil, count: taken.count)
        var isBegun = [Bool](repeating: false, count: taken.count)
        for start in taken.indices {
            // A unit is met twice: once to put what it depends on above it, once when all of that is done.
            var waiting = [start]
            while let index = waiting.last {
                if !isBegun[index] {
                    isBegun[index] = true
                    waiting += edges[index].filter { !isBegun[$0] }
                    continue
                }
                waiting.removeLast()
                guard positions[index] == nil else { continue }
                positions[index] = order.count
                order.append(index)
            }
        }
        units = order.map { taken[$0] }
        dependencies = order.map { index in edges[index].compactMap { positions[$0] } }
    }
}

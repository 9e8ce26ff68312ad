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
    /// For each of them, the positions of those that have to wait for it, once for each reason.
    let followers: [[Int]]
    /// For each of them, how many others it has to wait for, in the same count.
    let awaited: [Int]

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
        var followers = [[Int]](repeating: [], count: order.count)
        var awaited = [Int](repeating: 0, count: order.count)
        func put(_ position: Int, behind other: Int) {
            // In a circle, which cargo does not make, somebody has to be first.
            guard other < position else { return }
            followers[other].append(position)
            awaited[position] += 1
        }
        for position in order.indices {
            for dependency in dependencies[position] { put(position, behind: dependency) }
        }
        // Units whose outputs have no hash in their names may write the same files; which of them gets there first is not
        // to be a matter of chance.
        let plain = order.indices.filter { taken[order[$0]].unit.hasPlainNames }
        for (before, position) in zip(plain, plain.dropFirst()) { put(position, behind: before) }
        self.followers = followers
        self.awaited = awaited
    }
}

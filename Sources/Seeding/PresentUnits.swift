import CargoCache
import FileTree
import SystemPackage

/// Units that the recipient has already: a worktree that was built before it is seeded.
struct PresentUnits {
    private let units: [FilePath: Unit]
    private let fresh: Set<FilePath>
    private let buildDirectory: FilePath

    /// Reads the recipient's build directory, where there is one.
    init(_ request: SeedRequest) {
        buildDirectory = request.recipient.buildDirectory
        let found = (request.recipientTree ?? BuildTree(reading: buildDirectory)).units
        units = Dictionary(found.map { ($0.hashFile, $0) }) { first, _ in first }
        fresh = request.freshUnits
    }

    /// Whether the recipient's own is to stay.
    func isFresh(_ unit: Unit) -> Bool { units[unit.hashFile] != nil && fresh.contains(unit.hashFile) }

    /// The recipient's own unit in the place of `unit`; nil where there is none.
    func unit(inPlaceOf unit: Unit) -> Unit? { units[unit.hashFile] }

    /// Hash files of units that are not fresh and stand above one of `taken` without being replaced themselves. Cargo makes
    /// them anew as it is. Upon a unit that has come from elsewhere they could look fresh, although rustc refuses what
    /// was compiled against another build of it (E0460).
    func unitsToForget(above taken: [SeedPlan.TakenUnit]) -> [FilePath] {
        guard !units.isEmpty else { return [] }
        let values = Set(taken.compactMap { $0.unit.fingerprint?.value })
        let replaced = Set(taken.map(\.unit.hashFile))
        let graph = UnitGraph(Array(units.values))
        let roots = graph.units.indices.filter { index in
            graph.units[index].fingerprint?.record.dependencies.contains(where: values.contains) ?? false
        }
        let isAbove = UnitGraph.reach(from: roots, along: graph.dependents)
        return graph.units.indices.filter { isAbove[$0] }.map { graph.units[$0].hashFile }.filter {
            !fresh.contains($0) && !replaced.contains($0)
        }
    }

    /// What units of a donor have to fit upon: all that stay.
    var standing: [FilePath: StandingUnit] {
        units.filter { fresh.contains($0.key) }.mapValues { StandingUnit($0, in: buildDirectory) }
    }
}

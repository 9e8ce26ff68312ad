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
        let found = BuildTree(reading: buildDirectory).units
        units = Dictionary(found.map { ($0.hashFile, $0) }) { first, _ in first }
        fresh = request.freshUnits
    }

    /// Whether the recipient's own is to stay.
    func isFresh(_ unit: Unit) -> Bool { units[unit.hashFile] != nil && fresh.contains(unit.hashFile) }

    /// The recipient's own unit in the place of `unit`; nil where there is none.
    func unit(inPlaceOf unit: Unit) -> Unit? { units[unit.hashFile] }

    /// What units of a donor have to fit upon: all that stay.
    var standing: [FilePath: StandingUnit] {
        units.filter { fresh.contains($0.key) }.mapValues { StandingUnit($0, in: buildDirectory) }
    }
}

import SystemPackage

/// The units of a build directory with the edges between them, and which of them belong to path packages. Everything
/// comes from the fingerprints: no name is compared, and cargo is not asked.
public struct UnitGraph: Sendable {
    /// Whose code a unit is.
    public enum Origin: Sendable {
        /// A registry or git package.
        case immutable
        /// A path package: a member of the workspace, or a path or `[patch]` dependency.
        case path
        /// Cannot be told: the dep-info is missing, or of a version that is not known.
        case unknown
    }

    /// The units.
    public let units: [Unit]
    /// For each unit, the indices of the units it depends on.
    public let dependencies: [[Int]]
    /// For each unit, the indices of the units that depend on it.
    public let dependents: [[Int]]
    /// Units that depend on a fingerprint that no unit has: left over from an earlier build, or below them something is
    /// being built.
    public let superseded: Set<Int>
    /// For each unit, whose code it is.
    public let origins: [Origin]
    /// For each unit, whether it is of a path package, or has one below it: such a unit is rebuilt by ordinary work.
    public let isMutable: [Bool]

    /// Builds the graph: a dependency's hash in the JSON equals the number in exactly one unit's hash file
    /// (checked on 272, 476 and 257 units without an exception). Units of all profile directories are needed at once:
    /// with `--target`, a build script's run in `<triple>/<profile>` depends on the script in `<profile>`.
    public init(_ units: [Unit]) {
        var byHash: [UInt64: [Int]] = [:]
        for (index, unit) in units.enumerated() {
            if let value = unit.fingerprint?.value { byHash[value, default: []].append(index) }
        }
        var dependencies = [[Int]](repeating: [], count: units.count)
        var dependents = dependencies
        var superseded: Set<Int> = []
        for (index, unit) in units.enumerated() {
            for hash in unit.fingerprint?.record.dependencies ?? [] {
                guard let targets = byHash[hash] else {
                    superseded.insert(index)
                    continue
                }
                dependencies[index].append(contentsOf: targets)
                for target in targets { dependents[target].append(index) }
            }
        }
        self.units = units
        self.dependencies = dependencies
        self.dependents = dependents
        self.superseded = superseded
        let origins = units.indices.map { Self.origin(of: $0, units: units, dependencies: dependencies) }
        self.origins = origins
        isMutable = Self.reach(from: units.indices.filter { origins[$0] != .immutable }, along: dependents)
    }

    /// What the sharing rule needs to know of a unit. Of the units of registry packages only those with a build script
    /// have ever heard of a path in a worktree: OUT_DIR.
    public func traits(of index: Int) -> UnitTraits {
        let hasBuildScript = dependencies[index].contains { units[$0].kind == .buildScriptRun }
        return UnitTraits(
            layout: units[index].layout, immutable: !isMutable[index],
            knowsWorktree: isMutable[index] || hasBuildScript)
    }

    /// Every unit that can be reached from `start` along `edges`, the start included.
    public static func reach(from start: [Int], along edges: [[Int]]) -> [Bool] {
        var reached = [Bool](repeating: false, count: edges.count)
        var waiting = start
        while let index = waiting.popLast() {
            guard !reached[index] else { continue }
            reached[index] = true
            waiting.append(contentsOf: edges[index])
        }
        return reached
    }

    private static func origin(of index: Int, units: [Unit], dependencies: [[Int]]) -> Origin {
        let unit = units[index]
        if unit.kind == .buildScriptRun {
            // A run has no dep-info of its own; it is whose the script is.
            let scripts = dependencies[index].filter { units[$0].kind == .buildScript }
            guard let script = scripts.first else { return .unknown }
            return origin(of: script, units: units, dependencies: dependencies)
        }
        guard let depInfo = unit.depInfo else { return .unknown }
        // Cargo keeps files of the package itself only for path packages (`translate_dep_info`).
        let isPath = depInfo.files.contains { $0.base == .packageRoot || $0.isAbsolute }
        return isPath ? .path : .immutable
    }
}

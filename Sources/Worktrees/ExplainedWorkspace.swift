import CargoCache
import FileTree
import Seeding
import SystemPackage

/// One cargo workspace of a worktree, and all units of its build directory.
public struct ExplainedWorkspace: Sendable {
    /// The workspace's root, absolute.
    public let root: FilePath
    /// The same, relative to the worktree's root.
    public let directory: FilePath
    /// Where cargo builds it.
    public let buildDirectory: FilePath
    /// The compiler that cargo would use; nil where it does not say.
    public let compiler: String?
    /// The units, in no particular order.
    public private(set) var units: [ExplainedUnit]

    /// Identities of the units that are here.
    private let present: Set<String>

    init(_ workspace: CargoWorkspace, environment: [String: String]) {
        let root = workspace.root
        let buildDirectory = workspace.buildDirectory
        self.root = root
        directory = workspace.directory
        self.buildDirectory = buildDirectory
        let compiler = CompilerVersion.current(inWorkspaceAt: root, environment: environment)
        self.compiler = compiler
        let unreachable = workspace.unreachableUnits(compiler: compiler)
        let tree = BuildTree(reading: buildDirectory)
        let forecast = FreshnessForecast(of: tree, workspace: root, environment: environment, compiler: compiler)
        let target = root.appending("target")
        let places = buildDirectory.starts(with: target) ? [target] : [buildDirectory, target]
        let shared = (try? filesLinkedOutside(of: places)) ?? []
        let known = forecast.graph.units
        present = Set(known.map { Self.identity($0.hash, $0.stem) })
        units = known.indices.map { index in
            let unit = known[index]
            let files = (unit.artifacts + unit.fingerprintFiles).compactMap { file in
                FileStatus.ifPresent(buildDirectory.appending(file.path.components))
            }
            let reason = forecast.reasons[index]
            let leftReason = unreachable[unit.hashFile]
            let isShared = files.contains { $0.links > 1 && shared.contains(FileIdentity($0)) }
            return ExplainedUnit(
                package: unit.package, version: forecast.versions[index], stem: unit.stem, profile: unit.profile,
                action: leftReason != nil ? .left : reason != nil ? .cold : isShared ? .linked : .copied,
                reason: leftReason?.description ?? reason?.description,
                isCertain: reason?.isCertain ?? true,
                identity: Self.identity(unit.hash, unit.stem),
                cause: forecast.causes[index].map { Self.identity(known[$0].hash, known[$0].stem) },
                bytes: files.reduce(0) { $0 + ($1.kind == .directory ? 0 : $1.size) })
        }
        units += forecast.missing.map { missing in
            ExplainedUnit(
                missing: "\(missing.crate) lib-\(missing.crate)", identity: missing.crate, profile: missing.profile,
                version: nil,
                reason: "its fingerprint is missing", cause: nil)
        }
    }

    /// Adds what the donor of a plan has and this workspace lacks. What is left over there is nothing to be made here.
    mutating func addMissingUnits(of plan: SeedPlan) {
        for taken in plan.taken where !present.contains(Self.identity(taken.unit.hash, taken.unit.stem)) {
            let unit = taken.unit
            add(
                unit.name, unit.profile, Self.identity(unit.hash, unit.stem), taken.version,
                "never built here; \(taken.donor.worktree) has it", cause: nil)
        }
        let cold = plan.cold.filter { $0.reason != .superseded && $0.reason != .unfinished }
        // The reason names the unit below by its name alone: that of the same profile is meant.
        let byName = Dictionary(cold.map { ("\($0.profile) \($0.name)", $0) }) { first, _ in first }
        for unit in cold where !present.contains(unit.identity) {
            add(
                unit.name, unit.profile, unit.identity, unit.version,
                "never built here, and not seeded: \(unit.reason)",
                cause: unit.cause(byName)?.identity)
        }
    }

    fileprivate static func identity(_ hash: String, _ stem: String) -> String { "\(hash) \(stem)" }

    private mutating func add(
        _ name: String, _ profile: FilePath, _ identity: String, _ version: String?, _ reason: String, cause: String?
    ) {
        units.append(
            ExplainedUnit(
                missing: name, identity: identity, profile: profile, version: version, reason: reason, cause: cause))
    }
}

extension SeedPlan.ColdUnit {
    fileprivate var identity: String {
        ExplainedWorkspace.identity(hash, stem)
    }

    /// The unit at the end of a chain of dependencies; nil where the reason is the unit's own.
    fileprivate func cause(_ units: [String: SeedPlan.ColdUnit]) -> SeedPlan.ColdUnit? {
        var cause: SeedPlan.ColdUnit?
        var seen: Set<String> = []
        var unit = self
        while case .dependency(let name) = unit.reason, seen.insert(name).inserted,
            let next = units["\(profile) \(name)"]
        {
            cause = next
            unit = next
        }
        return cause
    }
}

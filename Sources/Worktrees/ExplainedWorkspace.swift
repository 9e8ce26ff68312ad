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

    private let lockfile: Lockfile?
    /// Hash and stem of the units that are here.
    private let present: Set<String>

    init(root: FilePath, directory: FilePath, buildDirectory: FilePath, environment: [String: String]) {
        self.root = root
        self.directory = directory
        self.buildDirectory = buildDirectory
        compiler = CompilerVersion.current(inWorkspaceAt: root, environment: environment)
        lockfile = Lockfile(ofWorkspaceAt: root)
        let tree = BuildTree(reading: buildDirectory)
        let forecast = FreshnessForecast(of: tree, workspace: root, environment: environment, compiler: compiler)
        let target = root.appending("target")
        let places = buildDirectory.starts(with: target) ? [target] : [buildDirectory, target]
        let shared = (try? filesLinkedOutside(of: places)) ?? []
        let known = forecast.graph.units
        present = Set(known.map { "\($0.hash) \($0.stem)" })
        units = known.indices.map { index in
            let unit = known[index]
            let files = (unit.artifacts + unit.fingerprintFiles).compactMap { file in
                FileStatus.ifPresent(buildDirectory.appending(file.path.components))
            }
            let reason = forecast.reasons[index]
            let isShared = files.contains { $0.links > 1 && shared.contains(FileIdentity($0)) }
            return ExplainedUnit(
                package: unit.package, version: forecast.versions[index], stem: unit.stem, profile: unit.profile,
                action: reason != nil ? .cold : isShared ? .linked : .copied, reason: reason?.description,
                isCertain: reason?.isCertain ?? true, cause: forecast.causes[index].map { known[$0].name },
                bytes: files.reduce(0) { $0 + ($1.kind == .directory ? 0 : $1.size) })
        }
        units += forecast.missing.map { missing in
            ExplainedUnit(
                missing: "\(missing.crate) lib-\(missing.crate)", profile: missing.profile, version: nil,
                reason: "its fingerprint is missing", cause: nil)
        }
    }

    /// Adds what the donor of a plan has and this workspace lacks.
    mutating func addMissingUnits(of plan: SeedPlan) {
        for taken in plan.taken where !isPresent(taken.unit.hash, taken.unit.stem) {
            add(taken.unit.name, taken.unit.profile, "never built here; \(plan.donor.worktree) has it", cause: nil)
        }
        let reasons = Dictionary(plan.cold.map { ($0.name, $0.reason) }) { first, _ in first }
        for cold in plan.cold where !isPresent(cold.hash, String(cold.name.drop { $0 != " " }.dropFirst())) {
            add(
                cold.name, cold.profile, "never built here, and not seeded: \(cold.reason)",
                cause: cold.reason.root(reasons))
        }
    }

    private func isPresent(_ hash: String, _ stem: String) -> Bool { present.contains("\(hash) \(stem)") }

    private mutating func add(_ name: String, _ profile: FilePath, _ reason: String, cause: String?) {
        let package = String(name.prefix { $0 != " " })
        let versions = Set((lockfile?.packages(named: package) ?? []).map(\.version))
        units.append(
            ExplainedUnit(
                missing: name, profile: profile, version: versions.count == 1 ? versions.first : nil, reason: reason,
                cause: cause))
    }
}

extension ColdReason {
    /// The unit at the end of a chain of dependencies, by name; nil where the reason is the unit's own.
    fileprivate func root(_ reasons: [String: ColdReason]) -> String? {
        guard case .dependency(var unit) = self else { return nil }
        var seen: Set<String> = [unit]
        while case .dependency(let next)? = reasons[unit], seen.insert(next).inserted { unit = next }
        return unit
    }
}

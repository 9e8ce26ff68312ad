import FileTree
import SystemPackage

/// Which units of a build directory a build can still reach. Cargo never deletes a unit: after an update of a
/// dependency, of the compiler or of a setting the new ones stand beside the old ones for ever.
public struct Generations: Sendable {
    /// Why no build reaches a unit any more.
    public enum Verdict: Hashable, Sendable {
        /// The lock file does not have this version of the package.
        case notLocked(version: String)
        /// Another compiler made it; the line that it calls itself.
        case otherCompiler(String)
        /// A newer unit of the same target has taken its place.
        case replaced
        /// It depends on a unit that is not reached.
        case dependency(String)
    }

    /// For each unit of the graph a verdict; nil where a build may reach it.
    public private(set) var verdicts: [Verdict?]

    private let graph: UnitGraph
    private let sources: [PackageSource?]

    /// Judges all units of `graph`. `sources`: for each unit where its package's sources lie, nil where that is not
    /// known. `lock`: the packages that builds can use; nil when nothing is known of them. `compiler`: the line of the
    /// compiler that will be used, and a function that tells which one made a unit (nil: unknown); asked only where the
    /// units are of several compilers. `isOutdated`: whether a source file of a path package's unit is newer than the
    /// unit.
    public init(
        _ graph: UnitGraph, sources: [PackageSource?], lock: LockFile?,
        currentCompiler: () -> String?, compiler: (Int) -> String?, isOutdated: (Int) -> Bool
    ) {
        self.graph = graph
        self.sources = sources
        verdicts = Array(repeating: nil, count: graph.units.count)
        if let lock { leaveUnlocked(lock) }
        leaveOtherCompilers(currentCompiler, compiler)
        leaveOtherFlags()
        spread()
        leaveOutdated(isOutdated)
        spread()
        leaveOrphans()
    }

    private mutating func leaveUnlocked(_ lock: LockFile) {
        for index in graph.units.indices {
            guard let source = sources[index], !source.isLocked(for: graph.units[index].package, in: lock) else {
                continue
            }
            verdicts[index] = .notLocked(version: source.text)
        }
    }

    /// Only when one of the compilers is the one that will be used: what `rustc` says can be overruled by settings.
    private mutating func leaveOtherCompilers(_ current: () -> String?, _ compiler: (Int) -> String?) {
        var byCompiler: [UInt64: [Int]] = [:]
        for (index, unit) in graph.units.enumerated() {
            if let record = unit.fingerprint?.record { byCompiler[record.compiler, default: []].append(index) }
        }
        guard byCompiler.count > 1, let current = current() else { return }
        var others: [(units: [Int], name: String)] = []
        var isKnown = false
        for units in byCompiler.values {
            guard let name = units.firstResult(compiler) else { continue }
            if name == current { isKnown = true } else { others.append((units, name)) }
        }
        guard isKnown else { return }
        for other in others {
            for index in other.units where verdicts[index] == nil { verdicts[index] = .otherCompiler(other.name) }
        }
    }

    /// One target of one package in one profile directory, whatever its version, features, dependencies or flags.
    private struct Role: Hashable {
        let profile: FilePath
        let package: String
        let stem: String
        let target: UInt64
        let path: UInt64
    }

    private func role(of index: Int) -> Role? {
        let unit = graph.units[index]
        guard let record = unit.fingerprint?.record, let target = target(of: index) else { return nil }
        return Role(
            profile: unit.profile, package: unit.package, stem: unit.stem, target: target.target,
            path: unit.kind == .buildScriptRun ? target.path : record.path)
    }

    /// A run has no target of its own; it is the script's.
    private func target(of index: Int) -> FingerprintRecord? {
        guard graph.units[index].kind == .buildScriptRun else { return graph.units[index].fingerprint?.record }
        let script = graph.dependencies[index].first { graph.units[$0].kind == .buildScript }
        return script.flatMap { graph.units[$0].fingerprint?.record }
    }

    private func newest(among indices: [Int]) -> [Role: FileTime] {
        var result: [Role: FileTime] = [:]
        for index in indices where verdicts[index] == nil {
            guard let role = role(of: index), let time = graph.units[index].fingerprint?.time else { continue }
            result[role] = max(result[role] ?? time, time)
        }
        return result
    }

    /// In one profile directory everything is built with the same rustflags: those of the newest unit count.
    private mutating func leaveOtherFlags() {
        var newest: [Role: (time: FileTime, flags: [UInt8])] = [:]
        for index in graph.units.indices where verdicts[index] == nil {
            guard let role = role(of: index), let state = graph.units[index].fingerprint else { continue }
            if let known = newest[role], known.time >= state.time { continue }
            newest[role] = (state.time, state.record.rustflags)
        }
        for index in graph.units.indices where verdicts[index] == nil {
            guard let role = role(of: index), let flags = graph.units[index].fingerprint?.record.rustflags,
                let latest = newest[role]?.flags, latest != flags
            else { continue }
            verdicts[index] = .replaced
        }
    }

    /// A member's unit that was not built again after its sources changed, while another of the same target was. Two
    /// that are both up to date may serve two commands (`cargo build` and `cargo build -p`), and both stay.
    private mutating func leaveOutdated(_ isOutdated: (Int) -> Bool) {
        let members = graph.units.indices.filter { graph.origins[$0] == .path }
        let newest = newest(among: members)
        for index in members where verdicts[index] == nil {
            guard let role = role(of: index), let time = graph.units[index].fingerprint?.time,
                let latest = newest[role], time < latest, graph.superseded.contains(index) || isOutdated(index)
            else { continue }
            verdicts[index] = .replaced
        }
    }

    /// A unit of a registry package that only units depend on which no build reaches. One that nothing depends on may be
    /// waiting for a member that does not compile yet.
    private mutating func leaveOrphans() {
        func isOrphan(_ index: Int) -> Bool {
            verdicts[index] == nil && graph.origins[index] == .immutable && !graph.dependents[index].isEmpty
                && graph.dependents[index].allSatisfy { verdicts[$0] != nil }
        }
        var waiting = graph.units.indices.filter(isOrphan)
        while let index = waiting.popLast() {
            guard isOrphan(index) else { continue }
            verdicts[index] = .replaced
            waiting += graph.dependencies[index].filter(isOrphan)
        }
    }

    private mutating func spread() {
        var waiting = verdicts.indices.filter { verdicts[$0] != nil }
        while let index = waiting.popLast() {
            for dependent in graph.dependents[index] where verdicts[dependent] == nil {
                verdicts[dependent] = .dependency(graph.units[index].name)
                waiting.append(dependent)
            }
        }
    }
}

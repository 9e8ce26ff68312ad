import FileTree
import SystemPackage

/// What the next cargo build would do with each unit of a build directory, told from files alone: cargo's own rule
/// (`Fingerprint::check_filesystem`, `core/compiler/fingerprint/mod.rs`), with the settings, features and toolchain that
/// the units were made with. Where that cannot be told a unit is not called fresh.
public struct FreshnessForecast: Sendable {
    /// The units and their edges.
    public let graph: UnitGraph
    /// For each unit, why it is not fresh; nil for a fresh one.
    public let reasons: [StaleReason?]
    /// For each unit that inherits its reason, the unit that has one of its own.
    public let causes: [Int?]
    /// Units of which nothing is left but what was made with them.
    public let missing: [MissingUnit]
    /// For each unit, its package's version, where that is known.
    public let versions: [String?]

    /// Looks at every unit of `tree`. `workspace` is the workspace's root, absolute; `environment` what cargo would be
    /// started with; `compiler` what `CompilerVersion.current` says, or nil to take it to be the same as before.
    public init(of tree: BuildTree, workspace: FilePath, environment: [String: String], compiler: String? = nil) {
        self.init(of: BuildGraph(tree), workspace: workspace, environment: environment, compiler: compiler)
    }

    /// The same for a graph that exists already.
    public init(
        of build: BuildGraph, workspace: FilePath, environment: [String: String], compiler: String? = nil
    ) {
        let graph = build.graph
        let buildDirectory = build.root
        let check = FreshnessCheck(
            buildDirectory: buildDirectory, workspace: workspace, environment: environment)
        let units = graph.units
        let written = build.depInfo
        let hasCode = UnitGraph.reach(
            from: units.indices.filter { units[$0].hasCode }, along: graph.compiledDependencies)
        let outputs = units.indices.concurrentMap { index in
            UnitOutputs(
                of: units[index], in: buildDirectory, depInfo: written[index], hasCode: hasCode[index],
                metadataIsNeeded: graph.dependents[index].contains { units[$0].isPlainLibrary })
        }
        let lock = LockFile(ofWorkspaceAt: workspace)
        let origins = graph.origins
        let sources = units.indices.map { index in
            written[index]?.info.crateRoot.flatMap {
                PackageSource(package: units[index].package, crateRoot: $0)
            }
        }
        versions = units.indices.map { index in
            sources[index]?.text ?? lock?.version(of: units[index].package, isPath: origins[index] == .path)
        }
        let compilers = compiler.map { CompilerCheck($0, graph, in: buildDirectory) }
        var reasons = units.indices.map { index -> StaleReason? in
            let unit = units[index]
            let isPath = origins[index] != .immutable
            guard unit.fingerprint != nil else { return .unfinished }
            if graph.superseded.contains(index) { return .dependencyReplaced }
            if let path = outputs[index].missing { return .outputMissing(path: path.string) }
            guard outputs[index].isKnown else { return .outputsUnknown }
            if let source = sources[index], let lock, origins[index] == .immutable,
                !source.isLocked(for: unit.package, in: lock)
            {
                return .versionReplaced(version: source.text)
            }
            if let reason = compilers?.reason(unit, at: index) { return reason }
            let own =
                unit.kind == .buildScriptRun
                ? check.runReason(
                    unit, isPath: isPath,
                    package: graph.packageSources(ofRunAt: index).lazy
                        .compactMap {
                            written[$0]?.info.packageRoot(inWorkspaceAt: workspace, agreeingWith: units[$0].depInfo)
                        }.first)
                : check.reason(unit, isPath: isPath, written: written[index])
            if let own, own.isCertain { return own }
            return Self.newerDependency(of: index, graph, outputs) ?? own
        }
        causes = Self.spread(&reasons, graph)
        missing = MissingUnit.list(graph, in: buildDirectory)
        self.graph = graph
        self.reasons = reasons
    }

    /// A dependency that was made after this unit. Between two libraries the metadata counts, since rustc begins with
    /// one as soon as it has the metadata of the other.
    private static func newerDependency(of index: Int, _ graph: UnitGraph, _ outputs: [UnitOutputs]) -> StaleReason? {
        guard let newest = outputs[index].newest else { return nil }
        for dependency in graph.dependencies[index] {
            let theirs = outputs[dependency]
            let time = outputs[index].isPlainLibrary && theirs.isPlainLibrary ? theirs.metadata : theirs.newest
            if let time, time > newest { return .dependencyNewer(unit: graph.units[dependency].name) }
        }
        return nil
    }

    /// Whatever is above a unit that is made again is made again, too. What is certain goes first.
    private static func spread(_ reasons: inout [StaleReason?], _ graph: UnitGraph) -> [Int?] {
        var causes = [Int?](repeating: nil, count: reasons.count)
        for isCertain in [true, false] {
            var waiting = reasons.indices.filter { reasons[$0]?.isCertain == isCertain }
            while let index = waiting.popLast() {
                for dependent in graph.dependents[index] {
                    let isOpen = reasons[dependent].map { isCertain && !$0.isCertain } ?? true
                    guard isOpen else { continue }
                    let name = graph.units[index].name
                    reasons[dependent] = isCertain ? .dependency(unit: name) : .dependencyUncertain(unit: name)
                    causes[dependent] = causes[index] ?? index
                    waiting.append(dependent)
                }
            }
        }
        return causes
    }
}

extension UnitGraph {
    /// Edges between compiled units; what a build script's run depends on needs no more than to exist.
    fileprivate var compiledDependencies: [[Int]] {
        units.indices.map { index in
            units[index].kind == .buildScriptRun
                ? [] : dependencies[index].filter { units[$0].kind != .buildScriptRun }
        }
    }

    /// Units of the run's own package: their dep-info tells where it is.
    fileprivate func packageSources(ofRunAt index: Int) -> [Int] {
        dependencies[index].filter { units[$0].kind == .buildScript }
            + dependents[index].filter {
                units[$0].kind != .buildScriptRun && units[$0].package == units[index].package
            }
    }
}

extension Unit {
    /// Compiled to code, and not only checked.
    fileprivate var hasCode: Bool {
        artifacts.contains { artifact in
            switch artifact.kind {
            case .rlib, .sharedLibrary, .buildScriptExecutable, .executable, .plainNamed: true
            default: false
            }
        }
    }

    fileprivate var isPlainLibrary: Bool { kind == .library && artifacts.contains { $0.kind == .rlib } }
}

import CargoCache
import FileTree
import SystemPackage

/// One donor's build directory, read once for everything that is decided about it.
struct DonorSurvey: Sendable {
    typealias DepInfo = BuildGraph.DepInfo

    /// The workspace.
    let donor: CargoWorkspace
    /// Its units.
    let graph: UnitGraph
    /// For each unit rustc's dep-info; nil where there is none, or it cannot be read.
    let depInfo: [DepInfo?]
    /// For each unit where its package's sources lie; nil for path packages, and where it is not known.
    let sources: [PackageSource?]
    /// For each unit why no build reaches it; nil where one may.
    let verdicts: [Generations.Verdict?]

    /// Reads the build directory. One that is not there has no units.
    /// `known` is what somebody has read there already.
    init(of donor: CargoWorkspace, _ known: BuildGraph? = nil, lock: LockFile?, compiler: () -> String?) {
        let build = known ?? BuildGraph(BuildTree(reading: donor.buildDirectory))
        let (graph, depInfo) = (build.graph, build.depInfo)
        let sources = graph.units.indices.map { index in
            Self.source(of: index, graph: graph, depInfo: depInfo)
        }
        self.donor = donor
        self.graph = graph
        self.depInfo = depInfo
        self.sources = sources
        verdicts =
            Generations(
                graph, sources: sources, lock: lock, currentCompiler: compiler,
                compiler: { CompilerVersion.recorded(of: graph.units[$0], in: donor.buildDirectory) },
                isOutdated: { Self.isOutdated(graph.units[$0], depInfo[$0], in: donor) }
            ).verdicts
    }

    /// A run is of the same package as its script.
    private static func source(of index: Int, graph: UnitGraph, depInfo: [DepInfo?]) -> PackageSource? {
        let unit = graph.units[index]
        guard graph.origins[index] == .immutable else { return nil }
        if unit.kind == .buildScriptRun {
            let script = graph.dependencies[index].first { graph.units[$0].kind == .buildScript }
            return script.flatMap { source(of: $0, graph: graph, depInfo: depInfo) }
        }
        return depInfo[index]?.info.crateRoot.flatMap { PackageSource(package: unit.package, crateRoot: $0) }
    }

    /// Whether a source file inside the workspace is newer than the unit (`find_stale_file`, fingerprint/mod.rs).
    private static func isOutdated(_ unit: Unit, _ depInfo: DepInfo?, in donor: CargoWorkspace) -> Bool {
        guard let depInfo, let time = unit.depInfoTime else { return false }
        return depInfo.info.sources.contains { source in
            guard source.first != UInt8(ascii: "/") else { return false }
            guard let status = FileStatus.ifPresent(donor.root.appending(FilePath(bytes: source).components)) else {
                return true
            }
            return status.mtime > time
        }
    }
}

extension CargoWorkspace {
    /// Units of the build directory that no build can reach any more, by their hash files relative to it, each with the
    /// reason. `compiler`: the line that the compiler in use calls itself; nil where it cannot be told.
    public func unreachableUnits(compiler: String?) -> [FilePath: ColdReason] {
        let survey = DonorSurvey(of: self, lock: lockFile(), compiler: { compiler })
        var found: [FilePath: ColdReason] = [:]
        for (unit, verdict) in zip(survey.graph.units, survey.verdicts) {
            if let verdict { found[unit.hashFile] = ColdReason(verdict) }
        }
        return found
    }

    /// The packages that builds can use, of all workspaces that build in the build directory; those of `other`, a
    /// workspace in another worktree, where there is no lock file here (yet). Nil where neither has one.
    func lockFile(or other: CargoWorkspace? = nil) -> LockFile? {
        let roots = [worktree, other?.worktree].compactMap { $0 }
        return ([directory] + (other ?? self).otherDirectories).reduce(nil) { sum, directory in
            let file = roots.firstResult { LockFile(ofWorkspaceAt: $0.appending(directory.components)) }
            return sum.map { sum in file.map(sum.merging) ?? sum } ?? file
        }
    }
}

import CargoCache
import FileTree
import SystemPackage

/// Decides about one unit at a time, without regard to its dependencies: may it be taken, and if not, why not?
struct UnitCheck {
    private(set) var request: SeedRequest
    private let survey: DonorSurvey
    let graph: UnitGraph
    private(set) var roots: WorktreeRoots
    private let donorRoot: [UInt8]
    /// The donor's build directory relative to its worktree; nil where it lies outside.
    let buildDirectory: [UInt8]?
    /// Build directories that are roots of their own: what lies below is no source file.
    private(set) var buildRoots: [[UInt8]]
    private let runInputs: RunInputs
    private let macroReaders: [MacroReaders.Reader?]
    private let texts: UnitTexts

    /// `request` is to name the donor that was surveyed. `forMembers`: whether units of path packages will be asked about.
    init(request: SeedRequest, survey: DonorSurvey, forMembers: Bool = true) {
        self.request = request
        self.survey = survey
        graph = survey.graph
        let build = request.donor.buildDirectory.bytes
        buildRoots = [request.donor.buildDirectory, realPath(request.donor.buildDirectory)].compactMap { $0?.bytes }
        donorRoot = request.donor.worktree.bytes
        let isInside = build.isPath(under: donorRoot) && build.count > donorRoot.count
        buildDirectory = isInside ? Array(build.dropFirst(donorRoot.count + 1)) : nil
        roots = WorktreeRoots(
            request.worktreeRoots + [request.donor.worktree, request.donor.buildDirectory]
                + [realPath(request.donor.worktree), realPath(request.donor.buildDirectory)].compactMap { $0 })
        runInputs = RunInputs(request: request, survey: survey)
        texts = UnitTexts(request: request, survey: survey)
        macroReaders =
            forMembers
            ? MacroReaders.macros(graph, buildDirectory: request.donor.buildDirectory)
            : Array(repeating: nil, count: graph.units.count)
    }

    /// The reason to leave the unit cold, or nil.
    func reason(at index: Int) -> ColdReason? {
        let unit = graph.units[index]
        guard let fingerprint = unit.fingerprint else { return .unfinished }
        if let verdict = survey.verdicts[index] { return ColdReason(verdict) }
        if request.onlyDependencies, graph.origins[index] == .path { return .notADependency }
        if graph.superseded.contains(index) { return .superseded }
        if graph.isMutable[index], request.outdatedUnits.contains(unit.hashFile) { return .outdated }
        if graph.origins[index] == .unknown { return .unknownSources }
        if roots.occur(in: fingerprint.record.rustflags) { return .pathInRustflags }
        if let reason = unusualFile(unit) { return reason }
        if graph.isMutable[index], !request.disabledChecks.contains(.builtMeanwhile), isTooNew(unit) {
            return .builtMeanwhile
        }
        return unit.kind == .buildScriptRun ? runReason(unit, at: index) : compileReason(unit, at: index)
    }

    // MARK: Compiled units

    private func compileReason(_ unit: Unit, at index: Int) -> ColdReason? {
        let isPath = graph.origins[index] == .path
        let knowsWorktree = graph.traits(of: index).knowsWorktree
        guard let read = survey.depInfo[index] else { return knowsWorktree ? .unknownSources : nil }
        let depInfo = read.info
        var check = self.checking(origin: depInfo.buildDirectory(ofDepInfoAt: read.file.path.bytes))
        if isPath {
            guard let request = request.moved(toWorkspaceOf: unit, depInfo) else { return .unknownWorkspace }
            check.request = request
        }
        if let reason = check.sourceReason(unit, at: index, depInfo, isPath: isPath) { return reason }
        if let reason = check.depInfoReason(unit) { return reason }
        guard knowsWorktree, !request.disabledChecks.contains(.bakedPaths) else { return nil }
        if let reason = check.bakedReason(unit, at: index, depInfo) { return reason }
        guard let macro = macroReaders[index] else { return nil }
        let isHarmless = macro.sight == .files && MacroInputs(request: check.request).areUnchanged(for: unit, depInfo)
        return isHarmless ? nil : .macroReadsWorktree(macro: macro.name)
    }

    /// The same check for a unit that was compiled with the build directory at `origin`: in a worktree that has been
    /// moved or removed since, and that the donor's files still come from.
    private func checking(origin: [UInt8]?) -> UnitCheck {
        guard let origin, origin != request.donor.buildDirectory.bytes else { return self }
        var check = self
        let worktree = buildDirectory.flatMap { origin.dropping(suffix: [slash] + $0) }
        check.roots = roots.adding([origin] + (worktree.map { [$0] } ?? []))
        check.buildRoots.append(origin)
        return check
    }

    /// Absolute entries of cargo's own dep-info are what it will watch: those below the donor's root are rewritten
    /// (`depInfo(rewritten:)`), which is only right when the file is the same here; below another root they stay cold.
    private func depInfoReason(_ unit: Unit) -> ColdReason? {
        for file in unit.depInfo?.files ?? [] where file.isAbsolute {
            guard let root = roots.root(containing: file.path) else { continue }
            guard root == donorRoot, case .worktree(let path) = place(of: file.path) else {
                return .bakedPath(file: "dep-\(unit.stem)", place: "dep-info")
            }
            if !request.sources.isIdentical(path) { return .sourceDiffers(path: path.string) }
        }
        return nil
    }

    private func bakedReason(_ unit: Unit, at index: Int, _ depInfo: CompilerDepInfo) -> ColdReason? {
        let search = BakedPaths(
            roots: roots, workspaceDirectory: request.donor.directory, sources: depInfo.sources)
        let environment = EnvironmentCheck(request: request, texts: texts, roots: roots, buildRoots: buildRoots)
        var hasLocation = false
        for file in unit.artifacts where file.isSearched {
            guard let finding = self.finding(search, file) else { continue }
            if !finding.isLocation { return finding.reason }
            if !hasLocation, environment.isLocationUsed(at: index, depInfo) { return finding.reason }
            hasLocation = true
        }
        // The length of a path, say, is in the unit, and the path is not.
        let isGenerated = !hasLocation && depInfo.sources.contains(where: environment.isInBuildDirectory)
        if isGenerated, environment.isLocationUsed(at: index, depInfo) {
            return .bakedPath(file: unit.stem, place: "by way of file!()")
        }
        return environment.reason(at: index, depInfo)
    }

    /// What was found in a file, and whether it is no more than the place of code that was included from OUT_DIR.
    private typealias FileFinding = (reason: ColdReason, isLocation: Bool)

    private func finding(_ search: BakedPaths, _ file: UnitFile) -> FileFinding? {
        let name = file.name.string
        do throws(FileError) {
            switch try search.finding(in: absolute(file)) {
            case nil: return nil
            case .location(let place): return (.bakedPath(file: name, place: place), true)
            case .baked(let place): return (.bakedPath(file: name, place: place), false)
            case .unsearchable(let place): return (.unsearchable(file: name, place: place), false)
            }
        } catch {
            return (.unreadable(path: file.path.string), false)
        }
    }

    // MARK: Runs of build scripts

    private func runReason(_ unit: Unit, at index: Int) -> ColdReason? {
        guard let outputFile = unit.artifacts.first(where: { $0.kind == .buildScriptOutput }),
            let rootFile = unit.artifacts.first(where: { $0.kind == .rootOutput }),
            let (output, status) = try? readFileAndStatus(absolute(outputFile)),
            let (outDirectory, rootStatus) = try? readFileAndStatus(absolute(rootFile)),
            status.mtime <= rootStatus.mtime
        else { return .unfinished }
        let inputs = runInputs.reason(at: index, BuildScriptOutput(output), status.mtime...rootStatus.mtime)
        if let inputs { return inputs }
        guard !request.disabledChecks.contains(.bakedPaths) else { return nil }
        let ownPath = unit.outDirectory.bytes
        return checking(origin: outDirectory.dropping(suffix: [slash] + ownPath))
            .runReason(unit, at: index, output, outputFile, outDirectory)
    }

    private func runReason(
        _ unit: Unit, at index: Int, _ output: [UInt8], _ outputFile: UnitFile, _ outDirectory: [UInt8]
    ) -> ColdReason? {
        // Cargo puts the new OUT_DIR in place of the old one, which root-output names (`prev_build_output`). Of the
        // rest only instructions count; other lines are a log.
        let rest = output.replacing(outDirectory, with: [])
        let roots = self.roots.withEscapedForms
        let isPath = graph.origins[index] == .path
        let isBaked = BuildScriptOutput(rest).instructions.contains { line in
            roots.occur(in: line) || isPath && self.roots.areReachedBySymlink(in: line)
        }
        if isBaked { return .bakedPath(file: outputFile.name.string, place: "instructions") }
        let search = BakedPaths(roots: roots, workspaceDirectory: request.donor.directory, sources: [])
        for file in unit.artifacts where file.kind == .outDirectory && file.node == .file {
            if let reason = finding(search, file)?.reason { return reason }
        }
        return nil
    }

    // MARK: Any unit

    private func isTooNew(_ unit: Unit) -> Bool {
        let output = unit.artifacts.first { $0.kind == .buildScriptOutput }
        let times = [unit.depInfoTime, output.flatMap { FileStatus.ifPresent(absolute($0))?.mtime }].compactMap { $0 }
        return times.contains { $0 >= request.sources.since }
    }

    private func unusualFile(_ unit: Unit) -> ColdReason? {
        for file in unit.artifacts + unit.fingerprintFiles {
            switch file.node {
            case .file: continue
            case .directory where file.kind == .outDirectory: continue
            case .symlink where file.kind == .outDirectory:
                guard let target = try? symlinkTarget(absolute(file)), !roots.occur(in: target) else {
                    return .unusualFile(path: file.path.string)
                }
            default: return .unusualFile(path: file.path.string)
            }
        }
        return nil
    }

    private func absolute(_ file: UnitFile) -> FilePath {
        request.donor.buildDirectory.pushing(file.path)
    }
}

private let slash = UInt8(ascii: "/")

extension UnitFile {
    /// Split debug information names the working directory by its nature; the rest is code, data or metadata.
    fileprivate var isSearched: Bool {
        switch kind {
        case .rlib, .rmeta, .sharedLibrary, .buildScriptExecutable, .executable, .plainNamed: true
        case .other: name.extension != "dwo" && name.extension != "dwp"
        default: false
        }
    }
}

import CargoCache
import FileTree
import SystemPackage

/// Sources of a donor's units, read where a path may have come into a unit through them.
final class UnitTexts: Sendable {
    let request: SeedRequest
    let survey: DonorSurvey
    /// What units that many others depend on have in their macros.
    private let uses = Guarded<[Question: EnvironmentUse]>([:])
    private let locations = Guarded<[Int: Bool]>([:])

    private struct Question: Hashable {
        let unit: Int
        /// Whether the unit's code makes code, as a proc macro's does and what is below it.
        let isMacroCode: Bool
        let name: [UInt8]
    }

    /// `request` is to name the donor that was surveyed.
    init(request: SeedRequest, survey: DonorSurvey) {
        self.request = request
        self.survey = survey
    }

    /// The text of a source file of rustc's dep-info, whatever its name; nil where it cannot be read. What was compiled
    /// in a worktree that has been moved or removed since is read in the donor.
    func text(of source: [UInt8], _ check: EnvironmentCheck) -> [UInt8]? {
        let donor = check.request.donor
        guard source.first == UInt8(ascii: "/") else {
            return try? readFile(donor.root.appending(FilePath(bytes: source).components))
        }
        guard let root = check.roots.root(containing: source) else { return try? readFile(FilePath(bytes: source)) }
        let place = check.buildRoots.contains(root) ? donor.buildDirectory : donor.worktree
        return try? readFile(place.appending(FilePath(bytes: source.dropFirst(root.count + 1)).components))
    }

    // MARK: Macros of path packages

    /// What the macros that the unit at `index` can use do with the variable `name`.
    func useInMacros(of name: [UInt8], forUnitAt index: Int, _ check: EnvironmentCheck) -> EnvironmentUse {
        var use = EnvironmentUse()
        for (unit, isMacroCode) in pathPackages(below: index) where !use.isOther {
            let question = Question(unit: unit, isMacroCode: isMacroCode, name: name)
            if let known = uses.withLock({ $0[question] }) {
                use.formUnion(known)
                continue
            }
            var own = EnvironmentUse()
            let isRead = forEachText(ofUnitAt: unit, check) { text in
                if isMacroCode || LocationUse.hasMacros(text) { own.formUnion(EnvironmentUse(of: name, in: text)) }
                return !own.isOther
            }
            if !isRead { own.isOther = true }
            uses.withLock { [own] in $0[question] = own }
            use.formUnion(own)
        }
        return use
    }

    /// Whether a macro or a function that the unit at `index` can use has its user's place as a value.
    func isLocationUsedInMacros(forUnitAt index: Int, _ check: EnvironmentCheck) -> Bool {
        pathPackages(below: index).contains { unit, _ in
            if let known = locations.withLock({ $0[unit] }) { return known }
            var isUsed = false
            let isRead = forEachText(ofUnitAt: unit, check) { text in
                isUsed =
                    LocationUse.callsCaller(text) || LocationUse.hasMacros(text) && LocationUse.hasFileMacro(text)
                return !isUsed
            }
            let answer = isUsed || !isRead
            locations.withLock { $0[unit] = answer }
            return answer
        }
    }

    /// Libraries and proc macros of path packages that the unit at `index` can use, over any chain of libraries.
    private func pathPackages(below index: Int) -> [(unit: Int, isMacroCode: Bool)] {
        let graph = survey.graph
        var found: [Int: Bool] = [:]
        var waiting = graph.dependencies[index].map { ($0, false) }
        while let (unit, isAboveMacro) = waiting.popLast() {
            guard graph.units[unit].kind == .library, graph.isMutable[unit] else { continue }
            let isMacroCode = isAboveMacro || graph.units[unit].isProcMacro
            if let before = found[unit], before || !isMacroCode { continue }
            found[unit] = isMacroCode
            waiting += graph.dependencies[unit].map { ($0, isMacroCode) }
        }
        return found.lazy.filter { graph.origins[$0.key] == .path }.map { ($0.key, $0.value) }
    }

    /// Calls `body` with the text of each source of a path package's unit, until it returns false. False where one cannot
    /// be read.
    private func forEachText(
        ofUnitAt index: Int, _ check: EnvironmentCheck, _ body: ([UInt8]) -> Bool
    ) -> Bool {
        guard let depInfo = survey.depInfo[index]?.info,
            let request = request.moved(toWorkspaceOf: survey.graph.units[index], depInfo)
        else { return false }
        let place = EnvironmentCheck(
            request: request, texts: self, roots: check.roots, buildRoots: check.buildRoots)
        for source in depInfo.sources {
            guard let text = text(of: source, place) else { return false }
            guard body(text) else { break }
        }
        return true
    }

    // MARK: Macros of other packages

    /// Whether a registry or git package that the unit at `index` depends on has a macro that includes a file by the
    /// variable, and none that does anything else with it. Asked only where the unit's own sources do not say what
    /// the variable was for.
    func isIncludedByDependency(_ name: [UInt8], ofUnitAt index: Int) -> Bool {
        let graph = survey.graph
        var use = EnvironmentUse()
        for unit in graph.dependencies[index] where graph.units[unit].kind == .library {
            guard graph.origins[unit] == .immutable, let depInfo = survey.depInfo[unit]?.info else { continue }
            for source in depInfo.sources where source.suffix(3).elementsEqual(".rs".utf8) {
                guard let text = try? readFile(FilePath(bytes: source)), text.contains(text: name),
                    LocationUse.hasMacros(text)
                else { continue }
                use.formUnion(EnvironmentUse(of: name, in: text))
            }
        }
        return use.isInclusion && !use.isOther
    }
}

import CargoCache
import FileTree
import SystemPackage

extension SeedPlan {
    /// Reads the donors' build directories and decides what to take. Writes nothing; donors without a build directory
    /// give an empty plan.
    public init(_ request: SeedRequest) {
        let lock = request.recipient.lockFile(or: request.donor)
        let survey = DonorSurvey(of: request.donor, request.donorGraph, lock: lock, compiler: request.compiler)
        let graph = survey.graph
        let present = PresentUnits(request)
        let isPresent = graph.units.map(present.isFresh)
        let check = UnitCheck(request: request, survey: survey)
        var reasons = graph.units.indices.concurrentMap { isPresent[$0] ? nil : check.reason(at: $0) }
        graph.spread(&reasons, except: isPresent)
        let planner = FilePlanner(request: request, survey: survey)
        let wanted = graph.units.indices.filter { reasons[$0] == nil && !isPresent[$0] }
        var chosen = Choice(planner, indices: wanted, lock, &reasons)
        var standing = present.standing
        for (index, unit) in chosen.units {
            for dependency in graph.dependencies[index] where isPresent[dependency] {
                let other = graph.units[dependency]
                let there = standing[other.hashFile]
                if there?.isSame(as: other, in: request.donor.buildDirectory, for: unit) != true {
                    reasons[index] = .otherHere(unit: other.name)
                }
            }
        }
        graph.spread(&reasons, except: isPresent)
        chosen.units.removeAll { reasons[$0.index] != nil }

        var taken = chosen.units.map(\.taken)
        for unit in taken { standing[unit.unit.hashFile] = StandingUnit(unit) }
        for other in request.others {
            let survey = DonorSurvey(of: other, lock: lock, compiler: request.compiler)
            let more = Supplement(of: standing, from: survey, request: request, lock: lock).units
            for unit in more { standing[unit.unit.hashFile] = StandingUnit(unit) }
            taken += more
        }
        for index in taken.indices { taken[index].replaced = present.unit(inPlaceOf: taken[index].unit) }
        let cold = graph.units.indices.compactMap { index -> ColdUnit? in
            guard let reason = reasons[index], standing[graph.units[index].hashFile] == nil else { return nil }
            return planner.coldUnit(at: index, lock, reason)
        }
        let kept = Self.limited(taken, to: request.copyLimit, request.sharing)
        self.init(
            donor: request.donor, recipient: request.recipient, taken: kept.taken,
            cold: cold.filter { !$0.reason.isUnreachable } + kept.cold, left: cold.filter(\.reason.isUnreachable),
            forgotten: present.unitsToForget(above: kept.taken), copyLimit: request.copyLimit,
            isStamped: request.sources.stamp != nil,
            disabledChecks: request.disabledChecks)
    }

    /// The units that stay within the limit for bytes of their own, and the others. Where copies share their blocks
    /// nothing counts, where links are impossible everything does.
    static func limited(
        _ taken: [TakenUnit], to limit: Int64, _ sharing: SeedRequest.FileSystemSharing
    ) -> (taken: [TakenUnit], cold: [ColdUnit]) {
        let reasons = reasonsToLimit(taken, to: limit, sharing)
        return (
            taken.indices.compactMap { reasons[$0] == nil ? taken[$0] : nil },
            taken.indices.compactMap { index in reasons[index].map { ColdUnit(taken[index], $0) } }
        )
    }

    /// For each unit, why it is beyond the limit; nil where it is not.
    static func reasonsToLimit(
        _ taken: [TakenUnit], to limit: Int64, _ sharing: SeedRequest.FileSystemSharing
    ) -> [ColdReason?] {
        var reasons = [ColdReason?](repeating: nil, count: taken.count)
        guard !sharing.clones else { return reasons }
        let graph = UnitGraph(taken.map(\.unit))
        let bytes = taken.map { sharing.links ? $0.privateBytes : $0.privateBytes + $0.sharedBytes }
        for index in CopyLimit(bytes: bytes, graph: graph).unitsBeyond(limit) { reasons[index] = .copyLimit }
        graph.spread(&reasons)
        return reasons
    }

    /// Units of one donor with their files.
    struct Choice {
        /// The units, and their indices in the donor's graph.
        var units: [(index: Int, taken: TakenUnit)] = []

        /// Plans the files of the units at `indices`; gives a reason to those that cannot be taken after all.
        init(_ planner: FilePlanner, indices: [Int], _ lock: LockFile?, _ reasons: inout [ColdReason?]) {
            for (index, files) in zip(indices, indices.concurrentMap { planner.files(of: $0) }) {
                switch files {
                case .success(let files):
                    let version = planner.version(at: index, lock)
                    let unit = planner.survey.graph.units[index]
                    units.append(
                        (index, TakenUnit(unit: unit, version: version, donor: planner.survey.donor, files: files)))
                case .failure(let failure): reasons[index] = failure.reason
                }
            }
        }
    }
}

extension FilePlanner {
    /// The version of the unit's package: from where its sources lie, else from the lock file.
    func version(at index: Int, _ lock: LockFile?) -> String? {
        if let source = survey.sources[index] { return source.text }
        return lock?.version(
            of: survey.graph.units[index].package, isPath: survey.graph.origins[index] == .path)
    }

    func coldUnit(at index: Int, _ lock: LockFile?, _ reason: ColdReason) -> SeedPlan.ColdUnit {
        let unit = survey.graph.units[index]
        let bytes = (unit.artifacts + unit.fingerprintFiles).reduce(Int64(0)) { sum, file in
            let status = FileStatus.ifPresent(survey.donor.buildDirectory.pushing(file.path))
            return sum + (status?.kind == .file ? status?.size ?? 0 : 0)
        }
        return SeedPlan.ColdUnit(unit, version: version(at: index, lock), reason, bytes: bytes)
    }
}

extension UnitGraph {
    /// A unit above a cold one is rebuilt anyway, since what is below it will be newer (`find_stale_file`, cargo's
    /// fingerprint/mod.rs): taking it would only cost bytes.
    func spread(_ reasons: inout [ColdReason?], except isStanding: [Bool]? = nil) {
        var waiting = reasons.indices.filter { reasons[$0] != nil }
        while let index = waiting.popLast() {
            for dependent in dependents[index]
            where reasons[dependent] == nil && isStanding?[dependent] != true {
                reasons[dependent] = .dependency(unit: units[index].name)
                waiting.append(dependent)
            }
        }
    }
}

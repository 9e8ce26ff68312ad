import CargoCache
import FileTree
import SystemPackage

/// What another donor adds to the units that are taken: those of registry and git packages that are missing, with
/// everything below them. What is there already is not taken twice, but has to be the very thing that the new unit was
/// compiled against.
struct Supplement {
    /// The units to take besides.
    let units: [SeedPlan.TakenUnit]

    /// Reads nothing of the donor but what `survey` has not.
    init(
        of standing: [FilePath: StandingUnit], from survey: DonorSurvey, request: SeedRequest, lock: LockFile?
    ) {
        let graph = survey.graph
        let layouts = Set(standing.values.map(\.unit.layout))
        let candidates = graph.units.indices.filter { index in
            graph.origins[index] == .immutable && !graph.isMutable[index] && survey.verdicts[index] == nil
                && standing[graph.units[index].hashFile] == nil
                && (layouts.isEmpty || layouts.contains(graph.units[index].layout))
        }
        guard !candidates.isEmpty else {
            units = []
            return
        }
        var request = request
        request.donor = survey.donor
        let check = UnitCheck(request: request, survey: survey, forMembers: false)
        var reasons = [ColdReason?](repeating: nil, count: graph.units.count)
        for (index, reason) in zip(candidates, candidates.concurrentMap { check.reason(at: $0) }) {
            reasons[index] = reason
        }
        let planner = FilePlanner(request: request, survey: survey)
        var choice = SeedPlan.Choice(planner, indices: candidates.filter { reasons[$0] == nil }, lock, &reasons)
        let isCandidate = Set(candidates)
        for (index, unit) in choice.units {
            for dependency in graph.dependencies[index] where !isCandidate.contains(dependency) {
                let other = graph.units[dependency]
                let there = standing[other.hashFile]
                if there?.isSame(as: other, in: survey.donor.buildDirectory, for: unit) != true {
                    reasons[index] = .dependency(unit: other.name)
                }
            }
        }
        graph.spread(&reasons)
        choice.units.removeAll { reasons[$0.index] != nil }
        units = choice.units.map(\.taken)
    }
}

import SystemPackage
import Terminal
import Worktrees

/// What `wt explain` prints: a summary for each profile, then a line for each unit that is cold for a reason of its own.
struct ExplainReport {
    private let explanation: Explanation

    init(_ explanation: Explanation) { self.explanation = explanation }

    /// With `verbose` also the units that are cold because of another one.
    func lines(verbose: Bool) -> [String] {
        let workspaces = explanation.workspaces
        guard !workspaces.isEmpty else { return ["cargo has built nothing in \(explanation.worktree.path)"] }
        return workspaces.flatMap { workspace -> [String] in
            let title = workspaces.count > 1 ? ["\(workspace.root):"] : []
            return title + lines(of: workspace, verbose: verbose)
        }
    }

    private func lines(of workspace: ExplainedWorkspace, verbose: Bool) -> [String] {
        let profiles = Set(workspace.units.map(\.profile)).sorted { $0.string < $1.string }
        let summaries = profiles.map { profile in
            summary(of: profile, workspace.units.filter { $0.profile == profile })
        }
        return summaries
            + profiles.flatMap { profile in
                coldLines(workspace.units.filter { $0.profile == profile && $0.action == .cold }, verbose: verbose)
            }
    }

    private func summary(of profile: FilePath, _ units: [ExplainedUnit]) -> String {
        let fresh = units.filter { $0.action == .linked || $0.action == .copied }
        let linked = fresh.count { $0.action == .linked }
        let cold = units.count { $0.action == .cold }
        let left = units.count - fresh.count - cold
        let unsure = units.count { $0.action == .cold && !$0.isCertain }
        let doubt = unsure > 0 ? " (\(unsure) of them perhaps)" : ""
        return "\(profile): \(Plural(fresh.count, "unit")) fresh (\(linked) linked, \(fresh.count - linked) copied), "
            + "\(cold) will be compiled or run\(doubt)" + (left > 0 ? ", \(left) left over" : "")
    }

    private func coldLines(_ cold: [ExplainedUnit], verbose: Bool) -> [String] {
        let above = Dictionary(grouping: cold.filter { $0.cause != nil }) { $0.cause ?? "" }
        let causes = Set(cold.filter { $0.cause == nil }.map(\.identity))
        // A unit whose cause lies in another profile (a build script's, with --target) stands for itself.
        let own = cold.filter { unit in unit.cause.map { !causes.contains($0) } ?? true }
        let alike = Dictionary(grouping: own) { $0.reason ?? "" }
        let groups = alike.values.sorted { ($0[0].name, $0[0].identity) < ($1[0].name, $1[0].identity) }
        return groups.flatMap { group -> [String] in
            let units = group.sorted { ($0.name, $0.identity) < ($1.name, $1.identity) }
            if units.count > Self.mostAlike, !verbose {
                let count = units.reduce(0) { $0 + (above[$1.identity]?.count ?? 0) }
                return [
                    "\(mark(units[0]))\(units[0].profile) \(Plural(units.count, "unit")): \(units[0].reason ?? "")"
                        + more(count)
                ]
            }
            return units.flatMap { unit -> [String] in
                let below = unit.cause == nil ? above[unit.identity] ?? [] : []
                let line = "\(mark(unit))\(title(unit)): \(unit.reason ?? "")\(more(below.count))"
                guard verbose else { return [line] }
                return [line]
                    + below.sorted { ($0.name, $0.identity) < ($1.name, $1.identity) }
                    .map { "    \(title($0)): \($0.reason ?? "")" }
            }
        }
    }

    /// Up to so many units with the same reason have a line each; one line stands for more.
    private static let mostAlike = 5

    private func more(_ count: Int) -> String { count == 0 ? "" : " (and \(Plural(count, "unit")) above)" }

    private func mark(_ unit: ExplainedUnit) -> String { unit.isCertain ? "  " : "? " }

    private func title(_ unit: ExplainedUnit) -> String {
        let version = unit.version.map { " \($0)" } ?? ""
        return "\(unit.profile) \(unit.package)\(version) \(unit.stem)"
    }
}

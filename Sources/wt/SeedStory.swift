import Seeding
import SystemPackage
import Terminal
import Worktrees

extension Story {
    /// What a seeding did: one line, one more for what no build uses any more and for each kind of unit that no seeding
    /// can take; with `-v` every unit that stays cold.
    func tell(_ report: SeedReport, from donors: [FilePath], in duration: Duration) {
        let sources = donors.map(\.string).joined(separator: " and ")
        say("seeded from \(sources): \(report.units); \(report.bytes), in \(Elapsed(duration))")
        if let line = leftBehind(report.left) { say(line) }
        for limit in KnownLimits.lines(of: report.cold) { say("note: \(limit)") }
        for unit in report.cold + report.left { detail(UnitJSON(unit).line) }
        if let stopped = report.stopped {
            warn("seeding stopped: \(stopped); the worktree is complete, only less warm")
        } else if let refused = report.refused {
            warn("\(Plural(refused.count, "unit")) could not be taken: \(refused.message)")
        }
    }
}

/// For example `left behind: 310 units, 1.2 GiB, that no build uses any more`; nil where there are none.
func leftBehind(_ units: [SeedPlan.ColdUnit]) -> String? {
    guard !units.isEmpty else { return nil }
    let bytes = units.reduce(Int64(0)) { $0 + $1.bytes }
    return "left behind: \(Plural(units.count, "unit")), \(ByteCount(bytes)), that no build uses any more"
}

extension SeedJSON {
    /// What `--dry-run` prints of a seeding; with `verbose` one line more for each unit.
    func previewLines(of plans: [SeedPlan], verbose: Bool) -> [String] {
        var lines: [String] = []
        if let skipped {
            lines.append("would not seed: \(skipped)")
        } else {
            let counts = unitCounts(linked: unitsLinked, copied: unitsCopied, cold: unitsCold)
            lines.append(
                "would seed from \(donors.joined(separator: " and ")): \(counts); \(ByteCount(bytesShared)) shared, "
                    + "\(ByteCount(bytesWritten)) written")
        }
        if let line = leftBehind(plans.flatMap(\.left)) { lines.append(line) }
        return lines + (verbose ? units.map(\.line) : [])
    }
}

extension SeedReport {
    /// For example `213 units linked, 40 copied, 20 left cold`.
    var units: String { unitCounts(linked: linkedUnits, copied: copiedUnits, cold: cold.count) }

    /// For example `580 MiB shared, 12 MiB written`.
    var bytes: String {
        let cloned = clonedBytes > 0 ? ", \(ByteCount(clonedBytes)) cloned" : ""
        return "\(ByteCount(sharedBytes)) shared, \(ByteCount(writtenBytes)) written\(cloned)"
    }
}

func unitCounts(linked: Int, copied: Int, cold: Int) -> String {
    "\(Plural(linked, "unit")) linked, \(copied) copied, \(cold) cold"
}

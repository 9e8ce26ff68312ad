import CargoCache
import FileTree
import SystemPackage

/// Carries out a plan, one unit after the other. The hash file comes last: without it cargo rebuilds the unit, so an
/// interruption at any point leaves a build directory that is correct and only less warm.
public struct Seeder {
    private let plan: SeedPlan
    private let source: FilePath
    private let target: FilePath

    /// Prepares the execution of `plan`; nothing is touched yet.
    public init(_ plan: SeedPlan) {
        self.plan = plan
        source = plan.donor.buildDirectory
        target = plan.recipient.buildDirectory
    }

    /// Takes every unit of the plan. A unit that cannot be taken is removed again and reported as cold; a full disk
    /// and `isCancelled` end the seeding between two units. `progress` gets the number of units done. Never throws:
    /// whatever happens, what is left is a build directory that cargo can use.
    public func run(
        progress: (Int) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) -> SeedReport {
        var report = SeedReport()
        report.cold = plan.cold
        guard !plan.taken.isEmpty else { return report }
        let directories = DirectoryPairs(source: source, target: target)
        let transfers = TransferMemory()
        do throws(FileError) {
            try takeCommonFiles(directories, transfers, &report)
        } catch {
            report.stopped = error.description
        }
        for (done, taken) in plan.taken.enumerated() {
            if report.stopped == nil, isCancelled() { report.stopped = "interrupted" }
            guard report.stopped == nil else {
                report.cold.append(SeedPlan.ColdUnit(taken.unit, .stopped))
                continue
            }
            take(taken, UnitTransaction(taken, directories, transfers), &report)
            progress(done + 1)
        }
        return report
    }

    /// `CACHEDIR.TAG` keeps backups away; `.rustc_info.json` saves cargo the first questions to rustc.
    private func takeCommonFiles(
        _ directories: DirectoryPairs, _ transfers: TransferMemory, _ report: inout SeedReport
    ) throws(FileError) {
        try makeDirectories(target)
        let pair = try directories.pair("")
        for name in ["CACHEDIR.TAG", ".rustc_info.json"] as [FilePath.Component] {
            guard FileStatus.ifPresent(source.appending(name))?.kind == .file,
                FileStatus.ifPresent(target.appending(name)) == nil
            else { continue }
            report.count(
                try name.withName { name throws(FileError) in
                    try transfers.take(
                        name, from: pair.source, to: pair.target, between: pair.devices, mayLink: false)
                })
        }
    }

    private func take(_ taken: SeedPlan.TakenUnit, _ transaction: UnitTransaction, _ report: inout SeedReport) {
        var transaction = transaction
        do throws(FileError) {
            try transaction.takeFiles()
            let hashFile = source.appending(taken.unit.hashFile.components)
            guard let fingerprint = taken.unit.fingerprint,
                plan.disabledChecks.contains(.readAgain) || fingerprint.isCurrent(at: hashFile)
            else {
                transaction.undo()
                report.cold.append(SeedPlan.ColdUnit(taken.unit, .movedMeanwhile))
                return
            }
            try transaction.finish(fingerprint)
            report.add(transaction.counts)
            if transaction.counts.linkedFiles > 0 { report.linkedUnits += 1 } else { report.copiedUnits += 1 }
        } catch {
            transaction.undo()
            let isGone = error.code == .noSuchFileOrDirectory
            report.cold.append(
                SeedPlan.ColdUnit(taken.unit, isGone ? .movedMeanwhile : .failed(message: error.description)))
            if error.code == .noSpace || error.code == .diskQuotaExceeded { report.stopped = error.description }
        }
    }
}

extension SeedReport {
    mutating func count(_ taken: (how: Transfer, size: Int64)) {
        switch taken.how {
        case .link:
            linkedFiles += 1
            sharedBytes += taken.size
        case .clone:
            copiedFiles += 1
            clonedBytes += taken.size
        case .copy:
            copiedFiles += 1
            writtenBytes += taken.size
        }
    }

    /// Adds files and bytes, not units.
    mutating func add(_ other: SeedReport) {
        self = self + other
    }
}

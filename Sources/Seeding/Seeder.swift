import CargoCache
import FileTree
import SystemPackage

/// Carries out a plan, one unit after the other. The hash file comes last: without it cargo rebuilds the unit, so an
/// interruption at any point leaves a build directory that is correct and only less warm.
public struct Seeder {
    private let plan: SeedPlan
    private let target: FilePath

    /// Prepares the execution of `plan`; nothing is touched yet.
    public init(_ plan: SeedPlan) {
        self.plan = plan
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
        report.left = plan.left
        guard let first = plan.taken.first else { return report }
        let transfers = TransferMemory()
        var directories = DirectoryPairs(source: first.donor.buildDirectory, target: target)
        do throws(FileError) {
            try takeCommonFiles(directories, transfers, &report)
        } catch  where error.code == .noSuchFileOrDirectory {
            // The donor has been cleaned since the plan was made, which each unit will say.
        } catch {
            report.stopped = error.description
        }
        var waiting = plan.taken[...]
        var isLimited = false
        while let taken = waiting.popFirst() {
            if report.stopped == nil, isCancelled() { report.stopped = "interrupted" }
            guard report.stopped == nil else {
                report.cold.append(SeedPlan.ColdUnit(taken, .stopped))
                continue
            }
            // The plan has one donor after the other.
            if directories.source != taken.donor.buildDirectory {
                directories = DirectoryPairs(source: taken.donor.buildDirectory, target: target)
            }
            take(taken, transaction(taken, directories, transfers), &report)
            if transfers.refusesLinks, !isLimited {
                isLimited = true
                limit(&waiting, &report)
            }
            progress(plan.taken.count - waiting.count)
        }
        return report
    }

    private func transaction(
        _ taken: SeedPlan.TakenUnit, _ directories: DirectoryPairs, _ transfers: TransferMemory
    ) -> UnitTransaction {
        UnitTransaction(taken, directories, transfers, isStamped: plan.isStamped)
    }

    /// The system has refused what the plan counted on: from now on files cost bytes that were to be shared.
    private func limit(_ waiting: inout ArraySlice<SeedPlan.TakenUnit>, _ report: inout SeedReport) {
        let sharing = SeedRequest.FileSystemSharing(links: false, clones: report.clonedBytes > 0)
        let rest = SeedPlan.limited(Array(waiting), to: plan.copyLimit - report.writtenBytes, sharing)
        waiting = rest.taken[...]
        report.cold += rest.cold
    }

    /// `CACHEDIR.TAG` keeps backups away; `.rustc_info.json` saves cargo the first questions to rustc.
    private func takeCommonFiles(
        _ directories: DirectoryPairs, _ transfers: TransferMemory, _ report: inout SeedReport
    ) throws(FileError) {
        try makeDirectories(target)
        let pair = try directories.pair("")
        for name in ["CACHEDIR.TAG", ".rustc_info.json"] as [FilePath.Component] {
            guard FileStatus.ifPresent(directories.source.appending(name))?.kind == .file,
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
            let hashFile = taken.donor.buildDirectory.appending(taken.unit.hashFile.components)
            guard let fingerprint = taken.unit.fingerprint,
                plan.disabledChecks.contains(.readAgain) || fingerprint.isCurrent(at: hashFile)
            else {
                transaction.undo()
                report.cold.append(SeedPlan.ColdUnit(taken, .movedMeanwhile))
                return
            }
            try transaction.finish(fingerprint)
            report.add(transaction.counts)
            let isLinked = transaction.counts.linkedFiles > 0
            if isLinked { report.linkedUnits += 1 } else { report.copiedUnits += 1 }
            report.taken.append(
                SeededUnit(
                    profile: taken.unit.profile, package: taken.unit.package, version: taken.version,
                    stem: taken.unit.stem, isLinked: isLinked, bytes: taken.sharedBytes + taken.privateBytes))
        } catch {
            transaction.undo()
            let isGone = error.code == .noSuchFileOrDirectory
            report.cold.append(
                SeedPlan.ColdUnit(taken, isGone ? .movedMeanwhile : .failed(message: error.description)))
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

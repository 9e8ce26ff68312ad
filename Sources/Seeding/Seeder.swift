import CargoCache
import FileTree
import SystemPackage

/// Carries out a plan, one unit after the other, each after those that it depends on. The hash file comes last: without
/// it cargo rebuilds the unit, so an interruption at any point leaves a build directory that is correct and only less
/// warm.
public struct Seeder {
    private let plan: SeedPlan
    private let target: FilePath

    /// Prepares the execution of `plan`; nothing is touched yet.
    public init(_ plan: SeedPlan) {
        self.plan = plan
        target = plan.recipient.buildDirectory
    }

    /// Takes every unit of the plan. A unit that cannot be taken is removed again and reported as cold, and so are those
    /// above it, which cargo would rebuild or rustc could not use; a full disk and `isCancelled` end the seeding between
    /// two units. `progress` gets the number of units done. Never throws: whatever happens, what is left is a build
    /// directory that cargo can use.
    public func run(
        progress: (Int) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) -> SeedReport {
        var report = SeedReport()
        report.cold = plan.cold
        report.left = plan.left
        guard let first = plan.taken.first else { return report }
        let transfers = TransferMemory()
        var pairs: [FilePath: DirectoryPairs] = [:]
        func directories(of donor: CargoWorkspace) -> DirectoryPairs {
            if let known = pairs[donor.buildDirectory] { return known }
            let made = DirectoryPairs(source: donor.buildDirectory, target: target)
            pairs[donor.buildDirectory] = made
            return made
        }
        do throws(FileError) {
            try takeCommonFiles(directories(of: first.donor), transfers, &report)
        } catch  where error.code == .noSuchFileOrDirectory {
            // The donor has been cleaned since the plan was made, which each unit will say.
        } catch {
            report.stopped = error.description
        }
        for hashFile in plan.forgotten where report.stopped == nil {
            do throws(FileError) {
                try removeTree(target.appending(hashFile.components))
            } catch {
                report.stopped = error.description
            }
        }
        let order = TakingOrder(plan.taken)
        var dropped: [Int: ColdReason] = [:]
        var isLimited = false
        for (position, taken) in order.units.enumerated() {
            if report.stopped == nil, isCancelled() { report.stopped = "interrupted" }
            guard report.stopped == nil else {
                report.cold.append(SeedPlan.ColdUnit(taken, .stopped))
                continue
            }
            var reason = dropped[position]
            if reason == nil, let missing = order.dependencies[position].first(where: { dropped[$0] != nil }) {
                reason = .dependency(unit: order.units[missing].unit.name)
            }
            if reason == nil {
                let directories = directories(of: taken.donor)
                reason = take(taken, transaction(taken, directories, transfers), &report)
            }
            if let reason {
                report.cold.append(SeedPlan.ColdUnit(taken, reason))
                dropped[position] = reason
            }
            if transfers.refusesLinks, !isLimited {
                isLimited = true
                limit(order.units, after: position, &dropped, report)
            }
            progress(position + 1)
        }
        return report
    }

    private func transaction(
        _ taken: SeedPlan.TakenUnit, _ directories: DirectoryPairs, _ transfers: TransferMemory
    ) -> UnitTransaction {
        UnitTransaction(taken, directories, transfers, isStamped: plan.isStamped)
    }

    /// The system has refused what the plan counted on: from now on files cost bytes that were to be shared. What
    /// exceeds the limit for these is given up.
    private func limit(
        _ units: [SeedPlan.TakenUnit], after position: Int, _ dropped: inout [Int: ColdReason], _ report: SeedReport
    ) {
        let sharing = SeedRequest.FileSystemSharing(links: false, clones: report.clonedBytes > 0)
        let rest = units[(position + 1)...]
        let reasons = SeedPlan.reasonsToLimit(Array(rest), to: plan.copyLimit - report.writtenBytes, sharing)
        for (index, reason) in zip(rest.indices, reasons) where reason != nil && dropped[index] == nil {
            dropped[index] = reason
        }
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

    /// Returns why the unit was not taken after all, or nil.
    private func take(
        _ taken: SeedPlan.TakenUnit, _ transaction: UnitTransaction, _ report: inout SeedReport
    ) -> ColdReason? {
        var transaction = transaction
        do throws(FileError) {
            try transaction.takeFiles()
            let hashFile = taken.donor.buildDirectory.appending(taken.unit.hashFile.components)
            guard let fingerprint = taken.unit.fingerprint,
                plan.disabledChecks.contains(.readAgain) || fingerprint.isCurrent(at: hashFile)
            else {
                transaction.undo()
                return .movedMeanwhile
            }
            try transaction.finish(fingerprint)
            report.add(transaction.counts)
            let isLinked = transaction.counts.linkedFiles > 0
            if isLinked { report.linkedUnits += 1 } else { report.copiedUnits += 1 }
            report.taken.append(
                SeededUnit(
                    profile: taken.unit.profile, package: taken.unit.package, version: taken.version,
                    stem: taken.unit.stem, donor: taken.donor.worktree, isLinked: isLinked,
                    bytes: taken.sharedBytes + taken.privateBytes))
            return nil
        } catch {
            transaction.undo()
            if error.code == .noSpace || error.code == .diskQuotaExceeded { report.stopped = error.description }
            return error.code == .noSuchFileOrDirectory ? .movedMeanwhile : .failed(message: error.description)
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

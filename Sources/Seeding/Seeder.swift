import CargoCache
import FileTree
import SystemPackage

/// Carries out a plan: several units at a time, each after those that it depends on. The hash file comes last: without it
/// cargo rebuilds the unit, so an interruption at any point leaves a build directory that is correct and only less warm.
public struct Seeder: Sendable {
    private let plan: SeedPlan
    private let target: FilePath

    private let held: [FileLock]

    /// Prepares the execution of `plan`; nothing is touched yet. `holding`: locks of cargo's that the caller has in the
    /// recipient.
    public init(_ plan: SeedPlan, holding locks: [FileLock] = []) {
        self.plan = plan
        held = locks
        target = plan.recipient.buildDirectory
    }

    /// Takes every unit of the plan. A unit that cannot be taken is removed again and reported as cold, and so are those
    /// above it, which cargo would rebuild or rustc could not use; a full disk and `isCancelled` end the seeding between
    /// two units. Cargo waits meanwhile in the recipient; a profile directory in which it is at work stays as it is.
    /// `progress` gets the number of units done; neither is called by two at a time. Never throws: whatever happens, what is
    /// left is a build directory that cargo can use.
    public func run(
        progress: (Int) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) -> SeedReport {
        guard let first = plan.taken.first else {
            var report = SeedReport()
            report.cold = plan.cold
            report.left = plan.left
            return report
        }
        let tools = SeedTools(target: target)
        var before = SeedReport()
        do throws(FileError) {
            try takeCommonFiles(tools.directories(of: first.donor), tools.transfers, &before)
        } catch  where error.code == .noSuchFileOrDirectory {
            // The donor has been cleaned since the plan was made, which each unit will say.
        } catch {
            before.stopped = error.description
        }
        let locks = RecipientLocks(
            Set(plan.taken.map(\.unit.profile)), in: target, donors: Set(plan.taken.map(\.donor.buildDirectory)),
            held: held)
        for hashFile in plan.forgotten where before.stopped == nil {
            guard !locks.busy.contains(where: hashFile.starts(with:)) else { continue }
            do throws(FileError) {
                try removeTree(target.appending(hashFile.components))
            } catch {
                before.stopped = error.description
            }
        }
        defer { locks.release() }
        let busy = locks.busy
        return withoutActuallyEscaping(progress) { progress in
            withoutActuallyEscaping(isCancelled) { isCancelled in
                let work = SeedWork(
                    plan, HandedTools(value: tools), before, progress: progress, isCancelled: isCancelled
                ) { unit, tools in
                    guard !busy.contains(unit.unit.profile) else { return (Self.isBusy, SeedReport()) }
                    return take(unit, tools)
                }
                return work.run()
            }
        }
    }

    private static let isBusy = ColdReason.failed(message: "cargo is building there, or its lock cannot be taken")

    /// `CACHEDIR.TAG` keeps backups away; `.rustc_info.json` saves cargo the first questions to rustc.
    private func takeCommonFiles(
        _ directories: DirectoryPairs, _ transfers: TransferMemory, _ report: inout SeedReport
    ) throws(FileError) {
        try makeDirectories(target)
        // Cargo makes it when it compiles a test for it (`CARGO_TARGET_TMPDIR`), and not again for tests that are there.
        if FileStatus.ifPresent(plan.taken[0].donor.buildDirectory.appending("tmp"))?.kind == .directory {
            try makeDirectories(target.appending("tmp"))
        }
        let pair = try directories.pair("")
        for name in ["CACHEDIR.TAG", ".rustc_info.json"] as [FilePath.Component] {
            guard FileStatus.ifPresent(directories.source.appending(name))?.kind == .file,
                FileStatus.ifPresent(target.appending(name)) == nil
            else { continue }
            report.count(
                try name.withName { name throws(FileError) in
                    try transfers.take(
                        name, from: pair.source().directory, to: pair.target.directory, between: pair.devices(),
                        mayLink: false)
                })
        }
    }

    /// Returns why the unit was not taken after all, or nil, and what was done, with the reason to stop if there is one.
    private func take(_ taken: SeedPlan.TakenUnit, _ tools: SeedTools) -> (reason: ColdReason?, report: SeedReport) {
        var report = SeedReport()
        var transaction = UnitTransaction(
            taken, tools.directories(of: taken.donor), tools.transfers, isStamped: plan.isStamped)
        do throws(FileError) {
            try transaction.takeFiles()
            let hashFile = taken.donor.buildDirectory.pushing(taken.unit.hashFile)
            guard let fingerprint = taken.unit.fingerprint,
                plan.disabledChecks.contains(.readAgain) || fingerprint.isCurrent(at: hashFile)
            else {
                transaction.undo()
                return (.movedMeanwhile, report)
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
            return (nil, report)
        } catch {
            transaction.undo()
            if error.code == .noSpace || error.code == .diskQuotaExceeded { report.stopped = error.description }
            let isGone = error.code == .noSuchFileOrDirectory
            return (isGone ? .movedMeanwhile : .failed(message: error.description), report)
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

import FileTree
import Git
import Seeding
import SystemPackage

extension NewPlan {
    /// What seeding would do, for `--dry-run`. Sources count as identical where the donor's stat data proves it.
    /// `included` are the files that would be copied besides.
    public func preview(
        in repository: borrowing Repository, with included: IncludePlan? = nil
    ) -> (plans: [SeedPlan], notes: [String]) {
        guard let donors else { return ([], []) }
        var identical = IdenticalFiles()
        if let tree, let index = donorIndex(in: repository) {
            identical = SourceComparison(tree, with: index, of: donors.primary.worktree.path).proven
        }
        if let included { identical.add(Included(asIf: included), donor: donors.primary.worktree.path) }
        identical.removeSymlinksToOthers(donor: donors.primary.worktree.path, recipient: nil)
        return warmUp(donors, identical, since: .now()).plans()
    }

    /// Makes the worktree and seeds it. Throws `Failure` when it cannot be made or is interrupted before it stands;
    /// everything is undone then. What goes wrong with the seeding is in the result.
    public func run(
        in repository: borrowing Repository, progress: @escaping @Sendable (NewProgress) -> Void = { _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(Failure) -> NewResult {
        var plan = self
        return try plan.make(in: repository, progress: progress, isCancelled: isCancelled)
    }

    private mutating func make(
        in repository: borrowing Repository, progress: @escaping @Sendable (NewProgress) -> Void,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws(Failure) -> NewResult {
        let clock = ContinuousClock()
        let start = clock.now
        let since = FileTime.now()
        let root: FilePath
        var identical: IdenticalFiles
        var notes: [String] = []
        var said: [UInt8] = []
        if isCancelled() { throw Failure(GitError(.cancelled, "cancelled")) }
        let record = try begin(in: repository)
        do throws(Failure) {
            if isNative {
                (root, identical) = try makeNatively(in: repository, record, progress, isCancelled)
            } else {
                let made = try makeWithGit(in: repository, record, isCancelled: isCancelled)
                (root, identical, notes, said) = (made.root, made.identical, made.notes, made.said)
            }
        } catch {
            // Ctrl-C in a terminal ends git as well, which is then what failed.
            throw isCancelled() && error.kind == .failed
                ? Failure(.interrupted, Failure(GitError(.cancelled, "")).message, hints: error.hints) : error
        }
        // A hook or a seeding that is killed leaves a worktree that is complete.
        record.close()
        if isNative { notes = runPostCheckout(in: repository, at: root, &identical, progress: progress) }
        // Before the seeding: a proc macro or a build script can have read such a file, and only the donor's own units go
        // with the donor's own files.
        let (included, more) = include(in: root, isCancelled)
        if let included { identical.add(included, donor: donor?.worktree.path) }
        notes += more
        let middle = clock.now
        var report = SeedReport()
        if let donors {
            var same = identical
            same.removeSymlinksToOthers(donor: donors.primary.worktree.path, recipient: root)
            let answer = warmUp(donors, same, since: since, at: root).run(
                progress: { progress(.seeding(done: $0, total: $1)) }, isCancelled: isCancelled)
            report = answer.report
            notes += answer.notes
            if answer.looksOld { makeNew(identical.all(), in: root) }
        }
        let hints = runPostNew(in: repository, at: root, &notes, progress: progress, isCancelled: isCancelled)
        return NewResult(
            path: root, choice: choice, commit: commit, obstacles: obstacles, conversions: conversions,
            donors: donors?.givers(report) ?? [],
            unseededReason: unseededReason, seed: report, included: included, notes: notes, hints: hints, said: said,
            subject: hookSubject(root, repository.location),
            durations: (middle - start, clock.now - middle))
    }

    private func warmUp(
        _ donors: Donors, _ identical: IdenticalFiles, since: FileTime, at root: FilePath? = nil
    ) -> WarmUp {
        WarmUp(
            donors: donors, recipient: root ?? path, worktrees: worktrees,
            sources: SourceState(
                since: since, isComplete: identical.isComplete, isIdentical: identical.contains),
            directories: identical.directories, manifests: tree?.paths(ofEntriesNamed: "Cargo.toml") ?? [],
            settings: settings, environment: environment)
    }

    /// Takes the donor's times off these files, as if git had just checked them out.
    private func makeNew(_ files: [FilePath], in root: FilePath) {
        let now = FileTime.now()
        for file in files { try? setModificationTime(of: root.appending(file.components), to: now) }
        try? GitCommand(at: root, environment: environment).refreshIndex()
    }

    // MARK: Natively

    private func makeNatively(
        in repository: borrowing Repository, _ record: MakingRecord,
        _ progress: @escaping @Sendable (NewProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(Failure) -> (root: FilePath, identical: IdenticalFiles) {
        guard let tree else {
            record.close()
            throw Failure(.failed, "the tree of \(commit.short) was not read")
        }
        let task = "cannot create the worktree"
        try makeBranch(in: repository, record, isCancelled)
        if let branch = choice.branch, let now = repository.localBranch(branch), now != commit {
            // Named again a moment later, the start point meant something else.
            if choice.isNew { _ = try? repository.deleteBranch(branch, expecting: now) }
            record.close()
            throw Failure(.failed, "\(task): '\(branch)' is at \(now.short) now, not at \(commit.short)")
        }
        let registration: WorktreeRegistration
        do throws(GitError) {
            registration = try WorktreeRegistration(
                at: path, target: choice.branch.map { .branch($0) } ?? .detached, commit: commit, in: repository,
                checksOut: conversions.positions.isEmpty, lockReason: lockReason, record: record)
        } catch {
            throw undone(Failure(error, doing: task), nil, record, in: repository)
        }
        do throws(GitError) {
            let identical = try checkOut(tree, registration, in: repository, progress, isCancelled)
            try registration.finish()
            return (registration.worktree, identical)
        } catch {
            throw undone(Failure(error, doing: task), registration, record, in: repository)
        }
    }

    /// Writes the files, in the same pass with the mtimes of those that the donor has too, and then the index.
    private func checkOut(
        _ tree: TreeListing, _ registration: WorktreeRegistration, in repository: borrowing Repository,
        _ progress: @escaping @Sendable (NewProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
    ) throws(GitError) -> IdenticalFiles {
        var checkout = try Checkout(of: tree, in: repository)
        let index = sourceIndex(in: repository)
        if let (worktree, index) = index {
            checkout.source = Checkout.Source(
                root: worktree.path, candidates: index.holdsEntries(of: tree), givesTimes: donor != nil)
        }
        checkout.progress = { progress(.checkout(done: $0, total: $1)) }
        checkout.isCancelled = isCancelled
        let left = Set(conversions.positions)
        if !left.isEmpty { checkout.isLeftOut = { left.contains($0) } }
        var written = try checkout.run(into: registration.worktree)
        if !left.isEmpty {
            let index = registration.directory.path.appending("index.wt")
            try IndexWriter.write(tree, statuses: written.map(\.status), to: index)
            try registration.resetWithGit(index: index, environment: environment, isCancelled: isCancelled)
            if isCancelled() { throw GitError(.cancelled, "cancelled") }
            checkout.settle(conversions.positions, of: &written, in: registration.worktree)
            try registration.remove(index)
        }
        // For files that git has written, too, since their times may have been changed: it would put every such file
        // through its filter again.
        try IndexWriter.write(
            tree, statuses: written.map(\.status), to: registration.directory.path.appending("index"))
        guard donor != nil, let count = index?.index.count else { return IdenticalFiles() }
        return IdenticalFiles(tree, written, donorCount: count)
    }

    /// The worktree whose files are looked at for the bytes of the new one's: the primary donor, or else one that has
    /// the same commit, or the first that there is.
    private func sourceIndex(in repository: borrowing Repository) -> (WorktreeRecord, index: IndexFile)? {
        let others = worktrees.filter { !$0.isBare }
        guard
            let worktree = donor?.worktree ?? others.first(where: { $0.head.commit == commit }) ?? others.first,
            let index = try? repository.index(of: worktree)
        else { return nil }
        return (worktree, index)
    }
}

extension RemoteBranch {
    /// As users and reflogs name it, for example `origin/main`.
    var shortName: String {
        let prefix = "refs/remotes/"
        guard referenceName.utf8.starts(with: prefix.utf8) else { return referenceName }
        return String(decoding: referenceName.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}

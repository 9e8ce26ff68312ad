import FileTree
import Git
import SystemPackage

/// Chooses the donors of a worktree among the repository's others.
struct DonorChoice {
    /// The commit that the recipient has.
    let commit: ObjectID
    /// Its files; nil where they could not be listed.
    let tree: TreeListing?
    /// Its `Cargo.toml` files.
    let manifests: [FilePath]
    let search: WorktreeSearch
    /// A worktree that cannot be a donor, being the recipient.
    var recipient: WorktreeRecord?
    let environment: [String: String]

    private struct Candidate {
        let donor: Donor
        let units: Set<FilePath>
        /// The units that are likely to be fresh here.
        let worth: Double
        let differing: Int
    }

    /// Ranks the donors by how many units they have, times the share of the commit's packages whose files are all the
    /// same there. The best one is the primary donor; the others follow as far as they have units that those before them
    /// lack. `names` leaves no others to choose from. Returns nil and a reason for people when there is none. Throws
    /// `Failure` when a donor that was asked for does not exist, or when cargo cannot say where it builds.
    func donors(
        named names: [String], in repository: borrowing Repository
    ) throws(Failure) -> (donors: Donors?, reason: String?) {
        guard !manifests.isEmpty else { return (nil, "no Cargo.toml in this commit") }
        var worktrees: [WorktreeRecord] = []
        for name in names { worktrees.append(try search.worktree(named: name)) }
        if names.isEmpty { worktrees = search.worktrees.filter { !$0.isBare && $0.pruneReason == nil } }
        let current = search.current
        // Where all else is the same: the worktree that the user stands in, then the main one.
        worktrees =
            worktrees.filter { $0 != recipient && $0 == current }
            + worktrees.filter { $0 != recipient && $0 != current }

        var candidates: [Candidate] = []
        var known: [Donor] = []
        var failure: Failure?
        // Cargo may have to be asked about each of them.
        let (manifests, environment) = (manifests, environment)
        let found = worktrees.concurrentMap { worktree in
            Result { () throws(Failure) in try Donor(worktree, manifests: manifests, environment: environment) }
        }
        for donor in found {
            do throws(Failure) {
                let donor = try donor.get()
                known.append(donor)
                if !donor.workspaces.isEmpty { candidates.append(candidate(donor, in: repository)) }
            } catch {
                failure = failure ?? error
            }
        }
        // One worktree with a broken manifest is no reason to do without the others.
        if let failure, candidates.isEmpty || !names.isEmpty { throw failure }
        guard !candidates.isEmpty else {
            return (
                nil,
                names.isEmpty
                    ? "cargo has built nothing in any worktree"
                    : "cargo has built nothing in \(worktrees.map(\.path.string).joined(separator: ", "))"
            )
        }
        let ranked = candidates.enumerated().sorted { a, b in
            if a.element.worth != b.element.worth { return a.element.worth > b.element.worth }
            return (a.element.differing, a.offset) < (b.element.differing, b.offset)
        }.map(\.element)
        var units = ranked[0].units
        var others: [Donor] = []
        for candidate in ranked.dropFirst() where !candidate.units.isSubset(of: units) {
            units.formUnion(candidate.units)
            others.append(candidate.donor)
        }
        return (Donors(primary: ranked[0].donor, others: others, known: known), nil)
    }

    private func candidate(_ donor: Donor, in repository: borrowing Repository) -> Candidate {
        let units = donor.unitNames()
        let differing = differingFiles(donor, in: repository)
        let packages = Set(manifests.map { $0.removingLastComponent() })
        var changed: Set<FilePath> = []
        for file in differing ?? [] {
            var directory = file.removingLastComponent()
            while !packages.contains(directory), !directory.isEmpty { directory.removeLastComponent() }
            changed.insert(directory)
        }
        // Without a listing nothing is known but the commit.
        let share =
            differing == nil
            ? (donor.worktree.head.commit == commit ? 1 : 0.5)
            : Double(packages.subtracting(changed).count) / Double(packages.count)
        // A donor without a package in common still has its dependencies to give.
        return Candidate(
            donor: donor, units: units, worth: Double(units.count) * max(share, 0.01),
            differing: differing?.count ?? 0)
    }

    /// Files of the commit that the donor has not got, or has another version of, by its index; nil where that cannot be
    /// read.
    private func differingFiles(_ donor: Donor, in repository: borrowing Repository) -> [FilePath]? {
        guard let tree, let index = try? repository.index(of: donor.worktree) else { return nil }
        let equals = index.positions(ofEqualEntriesIn: tree)
        return tree.indices.filter { equals[$0] == nil }.map { tree[$0].path }
    }
}

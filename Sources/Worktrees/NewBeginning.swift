import FileTree
import Git
import SystemPackage

extension NewPlan {
    /// Writes the record of the worktree that is about to be made, by which the next command can clear up should this
    /// one be killed, and which keeps others from the branch and the path meanwhile. What may have changed since the
    /// plan was made is looked at again: when another worktree has got the path by now, the next candidate is taken.
    /// Throws `Failure`; nothing is left then.
    mutating func begin(in repository: borrowing Repository) throws(Failure) -> MakingRecord {
        let location = repository.location
        var tried: [FilePath] = []
        while true {
            let making = Making(
                at: path, commit: commit, branch: choice.branch, makesBranch: choice.isNew, byGit: !isNative)
            tried.append(path)
            let beginning = try begin(making, in: location, repository)
            switch beginning {
            case .record(let record): return record
            case .refused(.failure(let failure)): throw Failure(.failed, failure.message, hints: failure.hints)
            case .refused(.success(let next)):
                // Each candidate comes up once, since those before it stay taken.
                guard !tried.contains(next) else { throw Failure(.failed, "\(next) is taken and free in turns") }
                path = next
            }
        }
    }

    /// Another path, or what is against every one.
    private typealias Refusal = Result<FilePath, Failure>

    private mutating func begin(
        _ making: Making, in location: RepositoryLocation, _ repository: borrowing Repository
    ) throws(Failure) -> MakingRecords.Beginning<Refusal> {
        var now = worktrees
        let (choice, commit, candidates, path) = (choice, commit, candidates, path)
        let mode = SharedMode(repository.configuration)
        let beginning: MakingRecords.Beginning<Refusal> = try git("cannot begin a worktree") { () throws(GitError) in
            try MakingRecords.begin(making, in: location, mode: mode) { others throws(GitError) in
                now = try location.worktrees()
                let local = choice.branch.flatMap { repository.localBranch($0) }
                do throws(Failure) {
                    try Self.refuse(choice, whileOthersMake: others)
                    try BranchChoice.refuseChanged(choice, at: commit, now: local, now)
                    let next = try WorktreePath.resolve(candidates, worktrees: now, made: others).first!
                    return next == path ? nil : .success(next)
                } catch {
                    return .failure(error)
                }
            }
        }
        worktrees = now
        return beginning
    }

    /// Throws `Failure` when somebody is making a worktree for the same branch at this moment.
    static func refuse(_ choice: BranchChoice, whileOthersMake made: [Making]) throws(Failure) {
        guard let branch = choice.branch, let other = made.first(where: { isSameName($0.branch, branch) }) else {
            return
        }
        throw Failure(
            .refused, "cannot create '\(branch)': another wt new is making its worktree at \(other.path)",
            hints: ["wt list, once it is done"])
    }
}

/// Whether two names are the same bytes, which is what git compares: for Swift two ways to write an `é` are equal.
func isSameName(_ a: String?, _ b: String) -> Bool { a?.utf8.elementsEqual(b.utf8) == true }

extension RepositoryLocation {
    /// What other processes are making at this moment.
    func worktreesInTheMaking() throws(GitError) -> [Making] {
        guard let records = try MakingRecords.existing(in: self) else { return [] }
        return records.entries().filter(\.isLive).compactMap(\.making)
    }
}

import FileTree
import Git
import Seeding
import SystemPackage

/// Which files of a commit stand in the donor's working tree just as they will stand in the new worktree: same path,
/// same blob, same mode.
struct SourceComparison {
    /// For each entry, the donor's mtime where stat data proves the file to be what was checked out there.
    private(set) var times: [FileTime?]
    /// Entries with the same blob whose stat data proves nothing: touched, or written in the index's own second.
    private(set) var doubtful: [Int] = []

    private let paths: [FilePath?]
    private let symlinks: [FilePath]
    private let donor: FilePath
    /// Files that the donor tracks.
    private let donorCount: Int

    /// Compares a tree with the donor's index and files. Entries without an equal in the donor get no time.
    init(_ tree: TreeListing, with index: IndexFile, of donor: FilePath) {
        let positions = index.positions(ofEqualEntriesIn: tree)
        let pairs = zip(tree.indices, positions).lazy.map { ($0, $1.map { index[$0] }) }
        self.init(Array(pairs.map(\.1)), index, donor)
    }

    /// The same for a worktree that git has checked out, from its index.
    init(_ checkedOut: IndexFile, with index: IndexFile, of donor: FilePath) {
        var entries: [FilePath: IndexEntry] = [:]
        for entry in index where entry.stage == 0 { entries[entry.path] = entry }
        self.init(
            checkedOut.map { ours in
                guard let theirs = entries[ours.path], theirs.id == ours.id, theirs.mode == ours.mode else {
                    return nil
                }
                return theirs
            }, index, donor)
    }

    private init(_ equals: [IndexEntry?], _ index: IndexFile, _ donor: FilePath) {
        self.donor = donor
        donorCount = index.count
        times = [FileTime?](repeating: nil, count: equals.count)
        paths = equals.map { entry in
            guard let entry, entry.mode != .submodule, !entry.isSkipped, !entry.isIntentToAdd else { return nil }
            return entry.path
        }
        symlinks = equals.compactMap { $0?.mode == .symlink ? $0?.path : nil }
        for (position, entry) in equals.enumerated() {
            guard let entry, let path = paths[position],
                let status = FileStatus.ifPresent(donor.appending(path.components))
            else { continue }
            if entry.matches(status), !index.isRacy(entry) {
                times[position] = status.mtime
            } else if status.kind == .file {
                doubtful.append(position)
            }
        }
    }

    /// Compares every entry byte by byte with the file in `recipient`, where it has been checked out by now. Stat data
    /// proves that the donor's file is what git once checked out there; it does not prove which bytes these were: line
    /// ends, filters and other attributes, then and now, give one blob several forms. Whatever differs loses its time.
    mutating func settle(in recipient: FilePath) {
        let given = times
        let (paths, donor) = (self.paths, self.donor)
        let candidates = paths.indices.filter { paths[$0] != nil && given[$0] != nil } + doubtful
        let settled = candidates.concurrentMap { position -> FileTime? in
            guard let path = paths[position] else { return nil }
            let theirs = donor.appending(path.components)
            let ours = recipient.appending(path.components)
            let time = statusIfEqual(theirs, ours)?.mtime
            // A time that stat data proved must be the one that was compared.
            return given[position] == nil || given[position] == time ? time : nil
        }
        for (position, time) in zip(candidates, settled) {
            times[position] = time
            guard let path = paths[position], let old = given[position], time == nil else { continue }
            // The checkout may have given it the donor's time already; a file that differs must look new.
            let file = recipient.appending(path.components)
            if FileStatus.ifPresent(file)?.mtime == old { try? setModificationTime(of: file, to: .now()) }
        }
        doubtful = []
    }

    /// For a worktree that has been there for a while, with the index `ours`: the files that are clean, not newer than
    /// `stamp`, and the same in the donor byte by byte. Touches nothing.
    func standing(_ ours: IndexFile, in recipient: FilePath, until stamp: FileTime) -> IdenticalFiles {
        let (paths, times, donor) = (self.paths, self.times, self.donor)
        let found = paths.indices.concurrentMap { position -> FilePath? in
            guard let path = paths[position] else { return nil }
            let file = recipient.appending(path.components)
            guard let status = FileStatus.ifPresent(file), status.mtime <= stamp else { return nil }
            // With equal bytes, one proof is enough for both.
            let entry = ours[position]
            let isProven = times[position] != nil || entry.matches(status) && !ours.isRacy(entry)
            return isProven && statusIfEqual(donor.appending(path.components), file) != nil ? path : nil
        }
        return all(Set(found.compactMap { $0 }))
    }

    /// Gives every proven file in `recipient` the donor's mtime. Returns those for which that worked.
    func applyTimes(in recipient: FilePath) -> IdenticalFiles {
        var identical: Set<FilePath> = []
        for (position, path) in paths.enumerated() {
            guard let path, let time = times[position] else { continue }
            let file = recipient.appending(path.components)
            if FileStatus.ifPresent(file)?.mtime == time || (try? setModificationTime(of: file, to: time)) != nil {
                identical.insert(path)
            }
        }
        return all(identical)
    }

    /// Files that stat data proves to be identical, for a plan that is only printed.
    var proven: IdenticalFiles {
        all(Set(zip(paths, times).compactMap { path, time in time == nil ? nil : path }))
    }

    private func all(_ found: Set<FilePath>) -> IdenticalFiles {
        IdenticalFiles(
            found, symlinks: symlinks, isComplete: found.count == paths.count && donorCount == paths.count)
    }
}

import CargoCache
import FileTree
import SystemPackage

/// What relinking did.
public struct DedupeReport: Sendable {
    /// For each place, how many of its names are links to another file now.
    public internal(set) var relinked: [Int]
    /// Bytes of files whose last link went away.
    public internal(set) var freedBytes: Int64 = 0
    /// Profile directories in which cargo was at work: nothing was touched there. By place, relative to it.
    public internal(set) var busy: Set<BusyProfile> = []
    /// How many files had changed meanwhile and were left alone.
    public internal(set) var changed = 0
    /// Operations that the system refused.
    public internal(set) var failures: [FileError] = []

    /// A profile directory in which cargo was at work.
    public struct BusyProfile: Hashable, Sendable {
        /// The position of the build directory.
        public let place: Int
        /// Relative to the build directory.
        public let profile: FilePath
    }
}

/// Makes links of duplicates. Cargo is kept out of the profile directories that are written to, one after the other;
/// nobody is waited for. No byte and no mtime of anything changes, directories included: only inodes do.
public struct Deduplicator {
    private let duplicates: Duplicates
    private var report: DedupeReport
    /// What is known of a file that stays: each link changes its ctime.
    private var kept: [FileIdentity: FileStatus] = [:]

    /// Prepares to carry out what was found.
    public init(_ duplicates: Duplicates) {
        self.duplicates = duplicates
        report = DedupeReport(relinked: Array(repeating: 0, count: duplicates.places.count))
    }

    /// Relinks, until `isCancelled` says so.
    public mutating func run(isCancelled: () -> Bool = { false }) -> DedupeReport {
        struct Key: Hashable {
            let place: Int
            let profile: FilePath

            init(_ name: ArtifactName) {
                place = name.place
                profile = name.profile
            }
        }
        struct Work {
            var items: [(duplicate: Duplicate, position: Int)] = []
            var leftovers: [ArtifactName] = []
        }
        var work: [Key: Work] = [:]
        for duplicate in duplicates.found {
            for (position, name) in duplicate.names.enumerated() {
                work[Key(name), default: Work()].items.append((duplicate, position))
            }
        }
        for name in duplicates.leftovers { work[Key(name), default: Work()].leftovers.append(name) }
        // What of a replaced file is known after the first of its names has gone.
        var replaced: [FileIdentity: FileStatus] = [:]
        for (key, work) in work.sorted(by: {
            ($0.key.place, $0.key.profile.string) < ($1.key.place, $1.key.profile.string)
        })
        where !isCancelled() {
            let root = duplicates.places[key.place]
            let names = work.items.map { $0.duplicate.names[$0.position] } + work.leftovers
            let times = DirectoryTimes(Set(names.map { $0.path.removingLastComponent() } + [key.profile]), in: root)
            guard let lock = ProfileLock(root, profile: key.profile) else {
                report.busy.insert(DedupeReport.BusyProfile(place: key.place, profile: key.profile))
                continue
            }
            for name in work.leftovers { try? removeTree(duplicates.absolute(name)) }
            for (duplicate, position) in work.items {
                let identity = FileIdentity(duplicate.replaced)
                relink(duplicate, position, &replaced[identity, default: duplicate.replaced])
            }
            times.restore()
            if lock.release() { times.restore() }
        }
        return report
    }

    private mutating func relink(_ duplicate: Duplicate, _ position: Int, _ replaced: inout FileStatus) {
        let name = duplicate.names[position]
        let victim = duplicates.absolute(name)
        let keeper = duplicates.absolute(duplicate.keeper)
        let identity = FileIdentity(duplicate.kept)
        let root = duplicates.places[name.place]
        guard let now = FileStatus.ifPresent(victim), now.isSame(as: replaced),
            let other = FileStatus.ifPresent(keeper), other.isSame(as: kept[identity] ?? duplicate.kept),
            duplicate.units[position].map({ unit in
                unit.fingerprint?.isCurrent(at: root.appending(unit.hashFile.components)) == true
            }) ?? true
        else {
            report.changed += 1
            return
        }
        let temporary = victim.removingLastComponent().appending(
            "\(ArtifactScan.temporaryPrefix)\(UInt64.random(in: 0 ... .max))")
        do throws(FileError) {
            try FileTree.relink(victim, to: keeper, that: identity, by: temporary)
            report.relinked[name.place] += 1
            if now.links == 1 { report.freedBytes += now.allocated }
        } catch {
            report.failures.append(error)
        }
        if let status = FileStatus.ifPresent(keeper), FileIdentity(status) == identity { kept[identity] = status }
        // The ctime of what is left of it is new, too.
        for rest in duplicate.names {
            if let status = FileStatus.ifPresent(duplicates.absolute(rest)),
                FileIdentity(status) == FileIdentity(replaced)
            {
                replaced = status
                break
            }
        }
    }
}

extension FileStatus {
    /// Whether it is the same file, and nobody has touched it since `earlier`, its attributes and links included.
    fileprivate func isSame(as earlier: FileStatus) -> Bool {
        FileIdentity(self) == FileIdentity(earlier) && size == earlier.size && mtime == earlier.mtime
            && ctime == earlier.ctime && mode == earlier.mode
    }
}

import CargoCache
import FileTree
import SystemPackage

/// Cargo's locks on the recipient's profile directories, held until they are released: a build that begins during the seeding
/// waits. It would otherwise make units of which other files are the donor's by now, and with equal hashes cargo would take
/// the mixture for finished.
struct RecipientLocks {
    private var locks: [ProfileLock] = []
    /// Profile directories, relative to the build directory, that cargo has locked itself, or that cannot be locked.
    private(set) var busy: Set<FilePath> = []

    /// Takes the locks in directories that are made where they are missing; also the one that only newer versions of cargo
    /// have, where a donor has it: the recipient's cargo will look for it. `held`: locks that the caller has already. Does
    /// not wait.
    init(
        _ profiles: Set<FilePath>, in recipient: FilePath, donors: Set<FilePath>, held: [FileLock]
    ) {
        for profile in profiles {
            let isOfNewCargo = donors.contains { ProfileLock.isOfNewCargo($0, profile: profile) }
            guard (try? makeDirectories(recipient.pushing(profile))) != nil,
                let lock = ProfileLock(recipient, profile: profile, besides: held, isOfNewCargo: isOfNewCargo)
            else {
                busy.insert(profile)
                continue
            }
            locks.append(lock)
        }
    }

    /// Lets go of them, and removes the files that were made for them.
    func release() {
        for lock in locks { lock.release() }
    }
}

import FileTree
import SystemPackage

/// Cargo's locks on the recipient's profile directories, held until they are released: a build that begins during the seeding
/// waits. It would otherwise make units of which other files are the donor's by now, and with equal hashes cargo would take
/// the mixture for finished.
struct RecipientLocks {
    private var locks: [FileLock] = []
    /// Those whose files were not there before.
    private var made: [FileLock] = []
    /// Profile directories, relative to the build directory, that cargo has locked itself, or that cannot be locked.
    private(set) var busy: Set<FilePath> = []

    /// Takes the locks that every cargo knows (`Layout::new`, layout.rs: `.cargo-lock`; from cargo 1.96 on
    /// `.cargo-build-lock`, where the recipient or its donor has one), in directories that are made where they are missing.
    /// `held`: locks that the caller has already. Does not wait.
    init(
        _ profiles: Set<FilePath>, in recipient: FilePath, donors: Set<FilePath>, held: [FileLock]
    ) {
        let known = held.compactMap { FileStatus.ifPresent($0.path) }
        for profile in profiles {
            let directory = recipient.pushing(profile)
            guard (try? makeDirectories(directory)) != nil else {
                busy.insert(profile)
                continue
            }
            for name in [".cargo-lock", ".cargo-build-lock"] as [FilePath.Component] {
                let path = directory.appending(name)
                let status = FileStatus.ifPresent(path)
                let isKnown = known.contains { $0.device == status?.device && $0.inode == status?.inode }
                let isOfDonor = donors.contains { FileStatus.ifPresent($0.pushing(profile).appending(name)) != nil }
                guard !isKnown, name == ".cargo-lock" || status != nil || isOfDonor else { continue }
                guard let lock = FileLock(path) else {
                    busy.insert(profile)
                    continue
                }
                if status == nil { made.append(lock) } else { locks.append(lock) }
            }
        }
    }

    /// Lets go of them, and removes the files that were made for them, unless a cargo waits there by now.
    func release() {
        withExtendedLifetime(locks) {
            for lock in made { _ = lock.removeFile() }
        }
    }
}

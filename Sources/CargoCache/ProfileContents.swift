import FileTree
import SystemPackage

/// What stands in one profile directory: cargo's directories, the artifacts that it has put beside them, and the rest.
struct ProfileContents {
    /// What cargo has made, the fingerprints first. The locks are not among it.
    private(set) var made: [FilePath.Component] = []
    /// What cargo has not made.
    private(set) var foreign: [FilePath.Component] = []
    /// Whether one of cargo's directories has been put elsewhere, with a symlink in its place. Then nothing may go:
    /// removing the others could leave a fingerprint that vouches for what is gone.
    let isElsewhere: Bool

    /// The files that cargo locks, the last one for final artifacts (from cargo 1.96 on).
    static let locks = (ProfileLock.names + [".cargo-artifact-lock"]).compactMap { FilePath.Component($0) }
    /// Without a fingerprint cargo looks at nothing else. In the unit layout it goes with `build`, whole.
    private static let directories: [FilePath.Component] = [
        ".fingerprint", "build", "deps", "examples", "incremental",
    ]

    init(of directory: FilePath) {
        let inside = entries(of: directory)
        isElsewhere = inside.contains { Self.directories.contains($0.name) && $0.kind != .directory }
        let artifacts = FinalArtifacts(in: directory, inside)
        for name in Self.directories where inside.contains(where: { $0.name == name && $0.kind == .directory }) {
            made.append(name)
        }
        for entry in inside where !made.contains(entry.name) {
            if entry.kind == .file, Self.locks.contains(entry.name) { continue }
            // A lock on its way out (`FileLock.removeFile`), left by somebody who was killed.
            let isRemovedLock = Self.locks.contains { "\($0).removed" == entry.name.string }
            if entry.kind == .file, isRemovedLock || artifacts.contains(entry.name) {
                made.append(entry.name)
            } else {
                foreign.append(entry.name)
            }
        }
    }
}

extension BuildTree {
    /// Whether cargo, or a seeding, has made the profile directory: it has a lock, or a fingerprint. A directory called
    /// `build` is in other trees, too.
    public static func isMadeProfile(_ directory: FilePath) -> Bool {
        let isLockable = ProfileContents.locks.contains {
            FileStatus.ifPresent(directory.appending($0))?.kind == .file
        }
        if isLockable { return true }
        let fingerprints = subdirectories(of: directory.appending(".fingerprint"))
        if fingerprints.contains(where: { UnitName.split(directory: $0.string) != nil }) { return true }
        let packages = directory.appending("build")
        return subdirectories(of: packages).contains { package in
            subdirectories(of: packages.appending(package)).contains { hash in
                let unit = packages.appending(package).appending(hash)
                return UnitName.isHash(hash.string)
                    && FileStatus.ifPresent(unit.appending("fingerprint"))?.kind == .directory
            }
        }
    }
}

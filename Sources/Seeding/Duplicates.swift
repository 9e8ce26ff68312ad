import CargoCache
import FileTree
import SystemPackage

/// One name of an artifact in a build directory.
public struct ArtifactName: Hashable, Sendable {
    /// The position of its build directory among those that were compared.
    public let place: Int
    /// The profile directory whose locks it takes to replace it, relative to the build directory.
    public let profile: FilePath
    /// Relative to the build directory.
    public let path: FilePath
}

/// A file that stands in for another one with the same bytes.
public struct Duplicate: Sendable {
    /// A name of the file that stays.
    public let keeper: ArtifactName
    /// All names of the file that goes.
    public let names: [ArtifactName]
    /// What is on disk once less.
    public let bytes: Int64

    let kept: FileStatus
    let replaced: FileStatus
    /// The unit of each name of the file that goes, to see whether cargo has touched it; nil for a final artifact.
    let units: [Unit?]
}

/// Immutable artifacts that several build directories have, each a file of its own: of the same unit, with the same
/// bytes, the same mtime to the nanosecond, and the same owner and mode. Nothing is written to find them.
public struct Duplicates: Sendable {
    /// The build directories, without symlinks.
    public let places: [FilePath]
    /// What could be one file, in no particular order.
    public let found: [Duplicate]
    /// Links that an earlier run was killed over. They share their file, so that nothing is lost with them.
    let leftovers: [ArtifactName]

    /// Compares build directories of the same workspace, or of several. `directories`: for each place what its units have
    /// in common with those of other places: the workspace's directory in its worktree, and the name of a nested one.
    public init(_ places: [(buildDirectory: FilePath, group: FilePath)], rule: SharingRule = .current) {
        self.places = places.map(\.buildDirectory)
        let scans = places.indices.map { ArtifactScan(of: places[$0].buildDirectory, at: $0, rule: rule) }
        leftovers = scans.flatMap(\.leftovers)
        var names: [FileIdentity: [(name: ArtifactName, unit: Unit?)]] = [:]
        var roles: [Role: [FileIdentity: (name: ArtifactName, status: FileStatus)]] = [:]
        for (scan, place) in zip(scans, places) {
            for file in scan.files {
                let identity = FileIdentity(file.status)
                names[identity, default: []].append((file.name, file.unit))
                guard let unit = file.unit else { continue }
                let role = Role(
                    group: place.group, hashFile: unit.hashFile, path: file.name.path, traits: Traits(file.status))
                if roles[role]?[identity] == nil { roles[role, default: [:]][identity] = (file.name, file.status) }
            }
        }
        var found: [Duplicate] = []
        var gone: Set<FileIdentity> = []
        for files in roles.values where files.count > 1 {
            let order = files.sorted {
                ($0.value.status.links, $1.value.name.place) > ($1.value.status.links, $0.value.name.place)
            }
            let keeper = order[0]
            for (identity, file) in order.dropFirst() where !gone.contains(identity) && !gone.contains(keeper.key) {
                let known = names[identity] ?? []
                // A link that is nobody's here would keep the blocks all the same.
                guard known.count == Int(file.status.links),
                    (try? haveSameBytes(Self.absolute(keeper.value.name, places), Self.absolute(file.name, places)))
                        == true
                else { continue }
                gone.insert(identity)
                found.append(
                    Duplicate(
                        keeper: keeper.value.name, names: known.map(\.name), bytes: file.status.allocated,
                        kept: keeper.value.status, replaced: file.status, units: known.map(\.unit)))
            }
        }
        // A file that stands in for others must not go itself.
        let kept = Set(found.map { FileIdentity($0.kept) })
        self.found = found.filter { !kept.contains(FileIdentity($0.replaced)) }
    }

    /// Bytes that would be on disk once less.
    public var bytes: Int64 { found.reduce(0) { $0 + $1.bytes } }

    func absolute(_ name: ArtifactName) -> FilePath { places[name.place].appending(name.path.components) }

    private static func absolute(
        _ name: ArtifactName, _ places: [(buildDirectory: FilePath, group: FilePath)]
    ) -> FilePath {
        places[name.place].buildDirectory.appending(name.path.components)
    }

    /// What two files must have in common before their bytes are looked at.
    private struct Role: Hashable {
        let group: FilePath
        let hashFile: FilePath
        let path: FilePath
        let traits: Traits
    }

    private struct Traits: Hashable {
        let device: UInt64
        let size: Int64
        let mtime: FileTime
        let mode: UInt32
        let uid: UInt32
        let gid: UInt32

        init(_ status: FileStatus) {
            device = status.device
            size = status.size
            mtime = status.mtime
            mode = status.mode
            uid = status.uid
            gid = status.gid
        }
    }
}

import CargoCache
import FileTree
import SystemPackage

/// The artifacts of one build directory that the sharing rule lets be links, with all names that cargo gives them.
struct ArtifactScan {
    struct File {
        let name: ArtifactName
        /// The unit whose output it is; nil for a final artifact, which is another name of an output.
        let unit: Unit?
        let status: FileStatus
    }

    private(set) var files: [File] = []
    /// What a `wt dedupe` that was killed has left: one more name of a file, each.
    private(set) var leftovers: [ArtifactName] = []

    init(of buildDirectory: FilePath, at place: Int, rule: SharingRule) {
        let graph = UnitGraph(BuildTree(reading: buildDirectory).units)
        var known: Set<FilePath> = []
        var linked: Set<FileIdentity> = []
        var profiles: [FilePath: FilePath] = [:]
        var beside: Set<FilePath> = []
        for (index, unit) in graph.units.enumerated() where unit.fingerprint != nil {
            let traits = graph.traits(of: index)
            for file in unit.artifacts where file.node == .file && rule.sharing(of: file.kind, in: traits) == .link {
                guard known.insert(file.path).inserted,
                    let status = FileStatus.ifPresent(buildDirectory.appending(file.path.components)),
                    status.kind == .file, status.size > 0
                else { continue }
                files.append(
                    File(
                        name: ArtifactName(place: place, profile: unit.profile, path: file.path), unit: unit,
                        status: status))
                profiles[unit.profile] = unit.profile
                profiles[file.directory] = unit.profile
                guard status.links > 1 else { continue }
                linked.insert(FileIdentity(status))
                beside.insert(unit.profile)
                beside.insert(file.directory)
            }
        }
        // Cargo uplifts outputs into the profile directory, and a build script to a plainer name beside it; both are links
        // that it replaces (`link_or_copy`, cargo-util `paths.rs`).
        for (directory, profile) in profiles {
            guard let entries = try? Directory(buildDirectory.appending(directory.components)).entries() else {
                continue
            }
            for entry in entries where entry.kind == .file {
                let path = directory.appending(entry.name)
                if entry.name.string.hasPrefix(Self.temporaryPrefix) {
                    leftovers.append(ArtifactName(place: place, profile: profile, path: path))
                    continue
                }
                guard beside.contains(directory),
                    let status = FileStatus.ifPresent(buildDirectory.appending(path.components)), status.links > 1,
                    linked.contains(FileIdentity(status)), known.insert(path).inserted
                else { continue }
                files.append(
                    File(
                        name: ArtifactName(place: place, profile: profile, path: path), unit: nil, status: status))
            }
        }
    }

    /// How the names begin that links have before they replace a file.
    static let temporaryPrefix = ".wt-dedupe-"
}

import CargoCache
import FileTree
import SystemPackage

/// A unit that is in the recipient, or will be by then, whoever it is from: what another donor's unit has to fit upon.
struct StandingUnit {
    let unit: Unit
    /// Where its files are now.
    let buildDirectory: FilePath
    /// The mtime of its newest output; nil without outputs.
    let newestOutput: FileTime?

    /// One that is to be taken.
    init(_ taken: SeedPlan.TakenUnit) {
        unit = taken.unit
        buildDirectory = taken.donor.buildDirectory
        newestOutput = taken.newestOutput
    }

    /// One that is there.
    init(_ unit: Unit, in buildDirectory: FilePath) {
        self.unit = unit
        self.buildDirectory = buildDirectory
        newestOutput = unit.artifacts.lazy.filter(\.isOutput).compactMap {
            FileStatus.ifPresent(buildDirectory.appending($0.path.components))?.mtime
        }.max()
    }

    /// Whether this unit can stand in for `other`, with which `dependent` was compiled: the same fingerprint, outputs
    /// that are not newer than the dependent's (cargo would rebuild it, `find_stale_file`), and the same artifacts, byte
    /// by byte: rustc refuses a dependency that is not the one it was compiled against.
    func isSame(as other: Unit, in theirDirectory: FilePath, for dependent: SeedPlan.TakenUnit) -> Bool {
        guard let value = unit.fingerprint?.value, value == other.fingerprint?.value, unit.kind != .buildScriptRun,
            let newestOutput, let limit = dependent.newestOutput, newestOutput <= limit
        else { return false }
        let outputs = other.artifacts.filter(\.isOutput)
        // The metadata has a hash of all that it stands for; where there is any, it is enough.
        let metadata = outputs.filter { $0.kind == .rmeta }
        let compared = metadata.isEmpty ? outputs : metadata
        return !compared.isEmpty
            && compared.allSatisfy { file in
                Self.haveSameBytes(
                    theirDirectory.appending(file.path.components), buildDirectory.appending(file.path.components))
            }
    }

    private static func haveSameBytes(_ a: FilePath, _ b: FilePath) -> Bool {
        guard let first = FileStatus.ifPresent(a), let second = FileStatus.ifPresent(b) else { return false }
        if first.inode == second.inode, first.device == second.device { return true }
        guard first.size == second.size, let bytes = try? readFile(a) else { return false }
        return (try? readFile(b)) == bytes
    }
}

extension SeedPlan.TakenUnit {
    fileprivate var newestOutput: FileTime? { files.lazy.filter { $0.file.isOutput }.map(\.mtime).max() }
}

extension UnitFile {
    /// What cargo looks at when it compares a unit with what depends on it.
    fileprivate var isOutput: Bool {
        switch kind {
        case .rlib, .rmeta, .sharedLibrary, .buildScriptExecutable, .executable, .plainNamed, .buildScriptOutput: true
        default: false
        }
    }
}

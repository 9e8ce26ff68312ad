import CargoCache
import SystemPackage

/// Why a unit is not taken.
public enum ColdReason: Hashable, Sendable, CustomStringConvertible {
    /// Cargo has not finished it, or is at it right now.
    case unfinished
    /// It depends on a unit that is not there as it was: changed since, or being built.
    case superseded
    /// A newer unit of the same target has taken its place.
    case replaced
    /// The lock file does not have this version of its package.
    case notLocked(version: String)
    /// Another compiler made it, this one.
    case otherCompiler(String)
    /// It depends on a unit that no build can reach any more.
    case unreachableDependency(unit: String)
    /// Its dep-info is missing or of an unknown version, so that nothing is known of its sources.
    case unknownSources
    /// A worktree's path is compiled in, at this place.
    case bakedPath(file: String, place: String)
    /// The compiler read this environment variable, whose value is a path in a worktree.
    case environment(variable: String)
    /// The file could not be searched for paths of a worktree.
    case unsearchable(file: String, place: String)
    /// Cargo hashes a path into it that differs in every worktree.
    case pathInRustflags
    /// The package lies in the repository but not in the workspace, so that its hash contains its absolute path.
    case outsideWorkspace
    /// The sources are a directory source inside the repository (`cargo vendor`).
    case vendored
    /// It belongs to none of the known workspaces that build in the same directory, so that it cannot be told what its
    /// sources' paths are relative to.
    case unknownWorkspace
    /// A source file differs from the donor's, or is not tracked by git.
    case sourceDiffers(path: String)
    /// It can use a proc macro that reads files or paths by itself, which no dep-info names.
    case macroReadsWorktree(macro: String)
    /// A build script's run made this file, which is not in OUT_DIR, or is suspected to have made it.
    case writtenOutside(path: String)
    /// A build script watches this file, which is nowhere: cargo runs it again in any case.
    case inputMissing(path: String)
    /// A build script watches a file beyond the worktree's root, by a relative path that leads elsewhere here.
    case beyondWorktree(path: String)
    /// Cargo would make it anew in the donor, too.
    case outdated
    /// It is of a path package, and only registry and git packages' units are wanted.
    case notADependency
    /// It was compiled after the recipient's sources were written.
    case builtMeanwhile
    /// A file that is neither a regular file nor a symlink, or a symlink into a worktree.
    case unusualFile(path: String)
    /// An artifact could not be read.
    case unreadable(path: String)
    /// Its executables would exceed the limit for private copies.
    case copyLimit
    /// A build script's run without instructions what to watch: cargo has recorded the mtime of the package's newest file
    /// in the donor, which is another one in a worktree that was there before.
    case timeRecorded
    /// It depends on a unit that this worktree has another build of.
    case otherHere(unit: String)
    /// It depends on a unit that is left cold.
    case dependency(unit: String)
    /// Cargo touched it while it was being taken.
    case movedMeanwhile
    /// The system refused a file operation.
    case failed(message: String)
    /// Seeding was stopped before this unit.
    case stopped

    /// Half a sentence, to stand after the unit's name.
    public var description: String {
        switch self {
        case .unfinished: "not finished in the donor"
        case .superseded: "a unit that it depends on has changed or is not finished in the donor"
        case .replaced: "left over from an earlier build"
        case .notLocked(let version): "Cargo.lock does not have version \(version)"
        case .otherCompiler(let name): "compiled by another compiler, \(name)"
        case .unreachableDependency(let unit): "depends on \(unit), which no build uses any more"
        case .unknownSources: "its dep-info is missing or of an unknown version"
        case .bakedPath(let file, let place): "a worktree's path is compiled in (\(file), \(place))"
        case .environment(let variable): "\(variable), a path in the worktree, was read by the compiler"
        case .unsearchable(let file, let place): "cannot be searched for paths of a worktree (\(file), \(place))"
        case .pathInRustflags: "rustflags contain a worktree's path"
        case .outsideWorkspace: "path dependency outside the workspace root: its hash differs in every worktree"
        case .vendored: "vendored inside the repository: cargo rebuilds it wherever the path changes"
        case .unknownWorkspace: "of another workspace that builds in the same directory"
        case .sourceDiffers(let path): "\(path) differs"
        case .macroReadsWorktree(let macro): "can use \(macro), a proc macro that reads files or paths by itself"
        case .writtenOutside(let path): "wrote \(path), which is outside OUT_DIR"
        case .inputMissing(let path): "watches \(path), which is missing"
        case .beyondWorktree(let path): "\(path), beyond the worktree's root, is another file here"
        case .outdated: "out of date in the donor"
        case .notADependency: "of a package of the repository's own, and only dependencies were asked for"
        case .builtMeanwhile: "compiled while this worktree was being made"
        case .unusualFile(let path): "\(path) is not an ordinary file"
        case .unreadable(let path): "\(path) cannot be read"
        case .copyLimit: "its executable would exceed the limit for private copies"
        case .timeRecorded: "cargo has recorded its package's newest mtime, which is another one here"
        case .otherHere(let unit): "was compiled against another build of \(unit)"
        case .dependency(let unit): "depends on \(unit)"
        case .movedMeanwhile: "rebuilt in the donor meanwhile"
        case .failed(let message): message
        case .stopped: "seeding was stopped"
        }
    }

    /// Whether no build can reach the unit: it is not cold, it is dead.
    public var isUnreachable: Bool {
        switch self {
        case .replaced, .notLocked, .otherCompiler, .unreachableDependency: true
        default: false
        }
    }

    init(_ verdict: Generations.Verdict) {
        switch verdict {
        case .notLocked(let version): self = .notLocked(version: version)
        case .otherCompiler(let name): self = .otherCompiler(name)
        case .replaced: self = .replaced
        case .dependency(let unit): self = .unreachableDependency(unit: unit)
        }
    }
}

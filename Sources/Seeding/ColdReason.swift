import SystemPackage

/// Why a unit is not taken.
public enum ColdReason: Hashable, Sendable, CustomStringConvertible {
    /// Cargo has not finished it, or is at it right now.
    case unfinished
    /// It depends on a unit that is not there any more: left over from an earlier build.
    case superseded
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
    /// A build script watches a file beyond the worktree's root, by a relative path that leads elsewhere here.
    case beyondWorktree(path: String)
    /// It was compiled after the recipient's sources were written.
    case builtMeanwhile
    /// A file that is neither a regular file nor a symlink, or a symlink into a worktree.
    case unusualFile(path: String)
    /// An artifact could not be read.
    case unreadable(path: String)
    /// Its executables would exceed the limit for private copies.
    case copyLimit
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
        case .superseded: "left over from an earlier build"
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
        case .beyondWorktree(let path): "\(path), beyond the worktree's root, is another file here"
        case .builtMeanwhile: "compiled while this worktree was being made"
        case .unusualFile(let path): "\(path) is not an ordinary file"
        case .unreadable(let path): "\(path) cannot be read"
        case .copyLimit: "its executable would exceed the limit for private copies"
        case .dependency(let unit): "depends on \(unit)"
        case .movedMeanwhile: "rebuilt in the donor meanwhile"
        case .failed(let message): message
        case .stopped: "seeding was stopped"
        }
    }
}

import CargoCache
import FileTree
import Git
import SystemPackage

/// Why a build directory is left as it is.
public enum CleanRefusal: Hashable, Sendable, CustomStringConvertible {
    /// It, or a directory above it in the worktree, is a symlink.
    case symlink
    /// It lies outside the worktree.
    case outside
    /// Another worktree builds there too.
    case shared(with: FilePath)
    /// git tracks files in it, this one for example.
    case tracked(FilePath)
    /// It cannot be told whether git tracks files in it.
    case unknownToGit(String)
    /// Another worktree lies in it.
    case worktreeInside(FilePath)
    /// The repository lies in it.
    case repositoryInside(FilePath)
    /// Something is mounted in it.
    case mountInside(FilePath)
    /// Nothing shows that cargo made it.
    case notCargo
    /// Cargo holds a lock in it.
    case busy
    /// Cargo's locks cannot be taken.
    case unlockable
    /// Cargo cannot say what is built in it.
    case unknownWorkspaces(String)
    /// It is not what it was when the plan was made.
    case changed

    /// Half a sentence, to stand after the path.
    public var description: String {
        switch self {
        case .symlink: "a symlink leads there"
        case .outside: "it lies outside the worktree"
        case .shared(let other): "\(other) builds in it, too"
        case .tracked(let path): "git tracks files in it: \(path)"
        case .unknownToGit(let reason): "it cannot be told whether git tracks files in it: \(reason)"
        case .worktreeInside(let path): "another worktree is in it: \(path)"
        case .repositoryInside(let path): "the repository is in it: \(path)"
        case .mountInside(let path): "something is mounted in it, at \(path)"
        case .notCargo: "nothing in it shows that cargo made it"
        case .busy: "cargo is building in it"
        case .unlockable: "cargo's locks in it cannot be taken"
        case .unknownWorkspaces(let reason): "cargo cannot say what is built in it: \(reason)"
        case .changed: "it has changed meanwhile"
        }
    }
}

/// The reasons not to clean a build directory; nothing forces past them.
struct CleanCheck {
    let worktree: WorktreeRecord
    /// All there are.
    var worktrees: [WorktreeRecord]
    let location: RepositoryLocation
    /// The build directories of the other worktrees, without symlinks.
    let usedByOthers: [FilePath: FilePath]
    let environment: [String: String]

    /// Why `directory` has to be left; nil when it may be cleaned. Cargo's locks come later.
    func refusal(of directory: FilePath) -> CleanRefusal? {
        guard let root = realPath(worktree.path), let relative = directory.relative(to: worktree.path),
            !relative.isEmpty
        else { return .outside }
        // Without symlinks it is where its name says, in the worktree.
        guard let real = realPath(directory), real == root.appending(relative.components) else { return .symlink }
        if let other = usedByOthers.first(where: { $0.key.starts(with: real) || real.starts(with: $0.key) }) {
            return .shared(with: other.value)
        }
        for other in worktrees where other != worktree {
            if let path = realPath(other.path), path.starts(with: real) { return .worktreeInside(other.path) }
        }
        if let common = realPath(location.commonDirectory), common.starts(with: real) {
            return .repositoryInside(location.commonDirectory)
        }
        if let mount = mountPoints(in: real).first { return .mountInside(mount) }
        return tracked(relative)
    }

    private func tracked(_ relative: FilePath) -> CleanRefusal? {
        let command = GitCommand(worktree: worktree.path, environment: environment)
        do throws(GitError) {
            let listed = try command.trackedFiles(below: relative)
            return listed.first.map { .tracked($0) }
        } catch {
            return .unknownToGit(error.message)
        }
    }
}

extension FilePath {
    /// What is left of it below `root`, lexically; nil where it does not lie there.
    func relative(to root: FilePath) -> FilePath? {
        var path = lexicallyNormalized()
        return path.removePrefix(root.lexicallyNormalized()) ? path : nil
    }
}

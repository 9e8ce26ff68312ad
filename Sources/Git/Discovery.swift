import CLibGit2
import FileTree
import SystemPackage

/// What was found at a place: the repository's directories, and libgit2's handle when it could open it.
struct Discovered {
    var gitDirectory: FilePath
    var commonDirectory: FilePath
    var workingTree: FilePath?
    /// Owned by whoever receives this.
    var handle: OpaquePointer?
    /// Why there is no handle.
    var refusal: Obstacle?
}

/// How far up a repository is looked for.
enum Reach {
    /// `start` and the directories above it.
    case upwards
    /// `start` itself: the root of a worktree, or a git directory.
    case exactly
}

/// Finds the repository at `start`. libgit2 is asked first; whenever it refuses, or the environment holds something
/// that it does not know, git has the last word, so that the answer is always the one that git gives. So it has about a
/// repository that no `.git` leads to.
func discover(
    _ start: FilePath, _ reach: Reach, environment: [String: String], allowingNative: Bool
) throws(GitError) -> Discovered {
    var refusal: Obstacle? = allowingNative ? nil : Obstacle(.requested, "the git executable was asked for")
    if let variable = foreignVariables.first(where: { environment[$0] != nil }) {
        refusal = Obstacle(.environment(variable), "the environment variable \(variable) is set")
    }
    if refusal == nil {
        do throws(GitError) {
            let found = try discoverNatively(start, reach)
            if EmbeddedRepository.isNamed(found.gitDirectory, from: start) { return found }
            if isFoundByGit(found, start, reach, environment: environment) { return found }
            git_repository_free(found.handle)
            refusal = Obstacle(.refusedByLibgit2, "git finds another repository than libgit2")
        } catch {
            refusal = Obstacle(.refusedByLibgit2, "libgit2 does not open it (\(error.message))")
        }
    }
    var found = try discoverWithGit(start, reach, environment: environment)
    found.refusal = refusal
    return found
}

/// Variables that change which repository, objects, references or configuration git uses, and that libgit2 does not
/// read. `GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM` and `GIT_CONFIG_NOSYSTEM` are not among them, since
/// `NativeConfiguration` honours them; nor is `GIT_INDEX_FILE`, since no command of wt has a use for it.
let foreignVariables = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_NAMESPACE",
    "GIT_REPLACE_REF_BASE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_ATTR_SOURCE", "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
]

private func discoverNatively(_ start: FilePath, _ reach: Reach) throws(GitError) -> Discovered {
    Libgit2.start()
    var handle: OpaquePointer?
    let flags = reach == .exactly ? UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue) : 0
    try Libgit2.call("open \(start)") {
        start.withPlatformString { git_repository_open_ext(&handle, $0, flags, nil) }
    }
    func directory(_ path: UnsafePointer<CChar>?) -> FilePath? {
        path.flatMap { realPath(FilePath(platformString: $0)) }
    }
    guard let gitDirectory = directory(git_repository_path(handle)),
        let commonDirectory = directory(git_repository_commondir(handle))
    else {
        git_repository_free(handle)
        throw GitError(.other, "the git directory of \(start) has gone")
    }
    return Discovered(
        gitDirectory: gitDirectory, commonDirectory: commonDirectory,
        workingTree: directory(git_repository_workdir(handle)), handle: handle, refusal: nil)
}

/// Whether git finds the same. False as well where it refuses to: for the reason it is asked once more.
private func isFoundByGit(
    _ found: Discovered, _ start: FilePath, _ reach: Reach, environment: [String: String]
) -> Bool {
    (try? revParsePath("--git-dir", command(start, reach, environment))) == found.gitDirectory
}

private func command(_ start: FilePath, _ reach: Reach, _ environment: [String: String]) -> GitCommand {
    switch reach {
    case .upwards: GitCommand(start: start, environment: environment)
    case .exactly: GitCommand(at: start, environment: environment)
    }
}

private func discoverWithGit(
    _ start: FilePath, _ reach: Reach, environment: [String: String]
) throws(GitError) -> Discovered {
    let git = command(start, reach, environment)
    let gitDirectory = try revParsePath("--git-dir", git)
    let commonDirectory = try revParsePath("--git-common-dir", git)
    let isBare = try run(git, ["rev-parse", "--is-bare-repository"]).text.hasPrefix("true")
    var workingTree: FilePath?
    if !isBare {
        let top = try git.run(["rev-parse", "--show-toplevel"], accepting: [0, 128])
        workingTree =
            top.status == 0
            ? FilePath(bytes: top.output.dropLast()) : workingTreeSeenFromInside(gitDirectory, commonDirectory)
    }
    return Discovered(
        gitDirectory: gitDirectory, commonDirectory: commonDirectory, workingTree: workingTree, handle: nil,
        refusal: nil)
}

/// One path a call: file names may hold line ends, so two could not be told apart.
private func revParsePath(_ option: String, _ git: GitCommand) throws(GitError) -> FilePath {
    let path = FilePath(bytes: try run(git, ["rev-parse", "--path-format=absolute", option]).output.dropLast())
    return realPath(path) ?? path
}

/// `git rev-parse --show-toplevel` fails inside the git directory; there, the links of the directory itself tell.
private func workingTreeSeenFromInside(_ gitDirectory: FilePath, _ commonDirectory: FilePath) -> FilePath? {
    if gitDirectory != commonDirectory {
        return AdministrativeDirectory(path: gitDirectory).worktreePath.flatMap(realPath)
    }
    return gitDirectory.lastComponent == ".git" ? gitDirectory.removingLastComponent() : nil
}

/// Runs a command of discovery and names the two refusals that users meet.
private func run(_ git: GitCommand, _ arguments: [String]) throws(GitError) -> (text: String, output: [UInt8]) {
    do throws(GitError) {
        let outcome = try git.run(arguments)
        return (outcome.text, outcome.output)
    } catch {
        // The words are those of setup.c; the call runs with LC_ALL=C.
        if error.message.hasPrefix("not a git repository") { throw GitError(.notARepository, error.message) }
        if error.message.contains("dubious ownership") { throw GitError(.ownership, error.message) }
        if let name = error.message.dropped(prefix: "unknown repository extension found:") {
            let feature = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            throw GitError(.unsupported(feature: feature), error.message)
        }
        if let versions = error.message.dropped(prefix: "Expected git repo version ") {
            throw GitError(.unsupported(feature: "repository format \(versions)"), error.message)
        }
        throw error
    }
}

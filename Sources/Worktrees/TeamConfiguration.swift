import FileTree
import Git
import SystemPackage

/// A `.wtconfig`: settings that a team has committed at the root of the worktree, in the syntax of git's configuration.
/// Whoever could commit may have written it. So it sets wt's keys and nothing else, includes no other file, is no symlink,
/// and its commands run only when the user has approved of their text (`Trust`).
public struct TeamConfiguration: Sendable {
    /// The name, at the root of a worktree.
    public static let name = ".wtconfig"
    /// No such file is longer; 64 KiB.
    static let longest = 64 * 1024

    let configuration: Configuration

    /// Reads the file of the worktree at `root` as it is on disk; nil when there is none. Throws `Failure` for one that
    /// is no ordinary file, too long, or not what git would read.
    public init?(in root: FilePath) throws(Failure) {
        let path = root.appending(Self.name)
        let bytes: [UInt8]?
        do throws(FileError) {
            guard let status = try FileStatus.ofExisting(path) else { return nil }
            bytes = status.kind == .file ? try readFile(path, upTo: Self.longest, following: false) : nil
        } catch {
            throw Failure(.failed, "cannot read \(path): \(error)")
        }
        guard let bytes else { throw Self.refusal(path.string, "it is not an ordinary file") }
        try self.init(bytes, named: path.string)
    }

    /// Reads the file that `commit` has; nil when it has none. `tree` is its listing, where that was read already.
    /// Throws as the other does.
    public init?(
        of commit: ObjectID, tree: TreeListing? = nil, in repository: borrowing Repository
    ) throws(Failure) {
        let name = "\(Self.name) of \(commit.short)"
        let found = try git("cannot read \(name)") { () throws(GitError) in
            try repository.committedFile(Self.name, in: commit, tree: tree, limit: Self.longest)
        }
        switch found {
        case .absent: return nil
        case .unusual: throw Self.refusal(name, "it is not an ordinary file")
        case .tooLong: throw Self.refusal(name, "it is longer than \(Self.longest) bytes")
        case .file(let bytes): try self.init(bytes, named: name)
        }
    }

    init(_ bytes: [UInt8], named name: String) throws(Failure) {
        guard bytes.count <= Self.longest else {
            throw Self.refusal(name, "it is longer than \(Self.longest) bytes")
        }
        do throws(ConfigurationText.SyntaxError) {
            configuration = Configuration(try ConfigurationText(bytes)) { "\(name), line \($0)" }
        } catch {
            throw Failure(.usage, "cannot read \(name), line \(error.line): \(error.reason)")
        }
    }

    private static func refusal(_ name: String, _ reason: String) -> Failure {
        Failure(.usage, "cannot read \(name): \(reason)")
    }

    /// Its commands for one event, in order. Throws `Failure` where the file has a key that does not exist.
    func commands(_ event: HookEvent) throws(Failure) -> [HookCommand] {
        let source = Setting.Source(configuration: configuration, isFromRepository: true)
        try source.refuseUnknownKeys()
        return configuration.hasKey(event.key) ? try source.commands(event) : []
    }

    /// All its commands. Throws as `commands` does.
    public func allCommands() throws(Failure) -> [HookCommand] {
        var all: [HookCommand] = []
        for event in HookEvent.allCases { all += try commands(event) }
        return all
    }
}

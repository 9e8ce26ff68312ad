import ArgumentParser
import FileTree
import Git
import SystemPackage
import Terminal
import Worktrees

extension ColorChoice: ExpressibleByArgument {}

/// Options that every command has.
struct GlobalOptions: ParsableArguments {
    @Option(name: .customShort("C"), help: ArgumentHelp("Run as if started in this directory.", valueName: "dir"))
    var directory: String?

    @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say more: every unit left cold and why, and why git did a step.")
    var verbose = false

    @Option(help: ArgumentHelp("When to colour.", valueName: "auto|always|never"))
    var color = ColorChoice.auto
}

/// What a command works with: the repository, the settings, and where to write.
struct Session: ~Copyable {
    let repository: Repository
    let currentDirectory: FilePath
    let story: Story

    /// Opens the repository around the current directory. Throws `Failure`.
    init(_ options: GlobalOptions, _ story: Story) throws(Failure) {
        guard let here = realPath(".") else { throw Failure(.failed, "the current directory is gone") }
        let directory = options.directory.map { here.pushing(FilePath($0)).lexicallyNormalized() } ?? here
        repository = try Self.open(directory)
        currentDirectory = directory
        self.story = story
    }

    /// The same user at the same place, with the repository as seen from `directory`. Throws `Failure`.
    init(_ other: borrowing Session, at directory: FilePath) throws(Failure) {
        repository = try Self.open(directory)
        currentDirectory = other.currentDirectory
        story = other.story
    }

    /// The settings, for the commands that go by them. Throws `Failure` when one makes no sense.
    var settings: Settings {
        get throws(Failure) {
            let disregarded = repository.configuration.disregardedKeys.sorted()
            if let around = repository.worktreeAround, !disregarded.isEmpty {
                story.warn(
                    "\(disregarded.joined(separator: ", ")) of this repository does not count: it lies in the worktree at "
                        + "\(around), and can have been committed there")
            }
            return try Settings(for: repository)
        }
    }

    private static func open(_ directory: FilePath) throws(Failure) -> Repository {
        do throws(GitError) {
            return try Repository(discovering: directory, environment: processEnvironment())
        } catch {
            throw Failure(error)
        }
    }
}

extension GlobalOptions {
    /// Runs a command's body and turns a `Failure` into a message, hints and an exit status.
    func run(_ body: (borrowing Session) throws(Failure) -> ExitCode?) throws {
        let story = Story(self)
        let code: ExitCode?
        do throws(Failure) {
            code = try body(try Session(self, story))
        } catch {
            story.failed(error)
            throw ExitStatus.of(error)
        }
        if let code { throw code }
    }
}

extension Session {
    /// Clears up behind a `wt new` or `wt rm` that was killed. Comes first in every command that looks at all worktrees or
    /// changes one, but for `--dry-run`.
    func clearUp() {
        repository.location.removeAbandonedLocks()
        let recovery = Recovery(in: repository, currentDirectory: currentDirectory)
        for path in recovery.undone { story.say("cleared up: wt new was killed while it made \(path)") }
        for warning in recovery.warnings { story.warn(warning) }
        let trash = Trash(of: repository.location)
        guard trash.exists else { return }
        let held = trash.settleHeld()
        for path in held.putBack { story.say("put back: wt rm was killed while it removed \(path)") }
        for warning in held.warnings { story.warn(warning) }
        guard !trash.isEmpty else { return trash.removeIfEmpty() }
        if let complaint = trash.complaint { story.warn("\(trash.path) cannot be emptied: \(complaint)") }
        if !trash.isBeingEmptied { emptyTrash(waiting: false) }
    }

    /// Has what was removed deleted in the background, or here where that cannot be, or where the user wants to wait.
    /// Returns whether nothing went wrong as far as is known.
    @discardableResult
    func emptyTrash(waiting: Bool) -> Bool {
        let trash = Trash(of: repository.location)
        guard !trash.isEmpty else { return true }
        if !waiting, startEmptyingTrash() { return true }
        let display = ProgressDisplay(isQuiet: story.isQuiet)
        defer { display.end() }
        do throws(FileError) {
            try trash.empty(removed: display.showDeleted)
            return true
        } catch {
            display.end()
            story.warn("\(trash.path) cannot be emptied: \(error)")
            return false
        }
    }
}

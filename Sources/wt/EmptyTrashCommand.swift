import ArgumentParser
import ChildProcess
import FileTree
import SystemPackage
import Worktrees

/// `wt empty-trash`, which `wt rm` and `wt clean` start behind them.
struct EmptyTrashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "empty-trash", abstract: "Delete what was removed.", shouldDisplay: false)

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ChildProcess.lowerOwnPriority()
        try global.run { session throws(Failure) in
            session.emptyTrash(waiting: true)
            return nil
        }
    }
}

extension Session {
    /// Starts `wt empty-trash` on this repository and leaves it alone. Returns whether that worked.
    func startEmptyingTrash() -> Bool {
        // Not by its name: what is on `PATH` may be another version, or none.
        let program = FileStatus.ifPresent("/proc/self/exe") == nil ? CommandLine.arguments[0] : "/proc/self/exe"
        // The current directory may be what was removed.
        let isPresent = FileStatus.ifPresent(currentDirectory) != nil
        let place =
            isPresent ? currentDirectory : repository.location.mainWorktree ?? repository.location.commonDirectory
        let arguments = ["empty-trash", "-C", place.string]
        let process = ChildProcess(program, arguments, environment: processEnvironment())
        return (try? process.startDetached()) != nil
    }
}

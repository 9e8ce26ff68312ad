import ArgumentParser
import FileTree
import SystemPackage

/// `wt shell`.
struct ShellCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Print what makes a shell follow wt and complete its words.",
        discussion: """
            For a shell's start file; behind compinit, where zsh has that:
              bash  eval "$(wt shell bash)"     in ~/.bashrc
              zsh   eval "$(wt shell zsh)"      in ~/.zshrc
              fish  wt shell fish | source      in ~/.config/fish/config.fish

            Then wt switch and wt new change the shell's directory, wt rm of the worktree you are in brings it back to \
            the main one, - is the worktree you were in before, and TAB completes commands, options, branches and \
            worktrees. Standard output stays what it is: the function takes where to go from a file of its own.
            """)

    @Argument(help: ArgumentHelp("Which one.", valueName: "bash|zsh|fish"))
    var shell: Shell

    @Flag(help: "Print the completions alone, for a file in the shell's directory of completions.")
    var completions = false

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let table = CommandTable()
        guard completions else {
            let program = shell.quote(ownProgram())
            // What zsh calls its own process is in a module.
            let module = shell == .zsh ? "zmodload zsh/system\n" : ""
            let text = module + shell.function(running: program) + shell.completions(of: table, running: program)
            return write(Array(text.utf8), to: .standardOutput)
        }
        // Such a file may have come from another machine.
        let text = shell.completions(of: table, running: "command wt")
        write(Array(((shell == .zsh ? "#compdef wt\n" : "") + text).utf8), to: .standardOutput)
    }
}

/// This program by an absolute path, so that a function of its name cannot call itself: the one in `PATH`, which may be a
/// symlink that outlives an upgrade, where that is this program.
private func ownProgram() -> String {
    let own = realPath("/proc/self/exe") ?? realPath(FilePath(CommandLine.arguments[0]))
    let directories = (processEnvironment()["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    let found = directories.lazy.map { FilePath(String($0)).appending("wt") }.first { FileStatus.ifPresent($0) != nil }
    if let found, own == nil || realPath(found) == own { return found.string }
    return own?.string ?? "wt"
}

import SystemPackage
import Terminal
import Worktrees

/// What is told on standard error. Everything that is not our own text goes through `escapedForTerminal` first: a branch
/// name is data.
struct Story {
    let isVerbose: Bool
    let isQuiet: Bool
    private let painter: Painter

    init(_ options: GlobalOptions) {
        isVerbose = options.verbose && !options.quiet
        isQuiet = options.quiet
        painter = Painter(options.color, for: .of(.standardError, processEnvironment()))
    }

    /// A line of the story; not with `-q`.
    func say(_ text: String) {
        if !isQuiet { writeLine(escapedForTerminal(text), to: .standardError) }
    }

    /// A line that only `-v` asks for.
    func detail(_ text: String) {
        if isVerbose { writeLine(painter.paint(escapedForTerminal(text), .dim), to: .standardError) }
    }

    /// Something that was done, but not as asked.
    func warn(_ text: String) {
        writeLine(painter.paint("warning: ", .yellow) + escapedForTerminal(text), to: .standardError)
    }

    /// The end of a command that was refused or failed.
    func failed(_ failure: Failure) {
        writeLine(painter.paint("wt: ", [.bold, .red]) + escapedForTerminal(failure.message), to: .standardError)
        for hint in failure.hints { self.hint(hint) }
    }

    /// What the user could do about what was said before.
    func hint(_ text: String) {
        writeLine(painter.paint("hint: ", .cyan) + escapedForTerminal(text), to: .standardError)
    }
}

import SystemPackage
import Terminal
import Worktrees

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Story {
    /// Asks on the terminal whether to go on; only `y` and `yes` are a yes. Throws `Failure` where nobody can be asked,
    /// with `task` for the message. With `afterwards` only what is typed when the question stands there is an answer.
    func confirm(_ question: String, toDo task: String, afterwards: Bool = false) throws(Failure) -> Bool {
        guard Self.canAsk else {
            throw Failure(
                .refused, "cannot \(task): there is no terminal to ask on", hints: ["--yes does it without asking"])
        }
        if afterwards { tcflush(0, TCIFLUSH) }
        return ask(question)
    }

    /// Whether somebody sits at a terminal.
    static var canAsk: Bool {
        let environment = processEnvironment()
        return TerminalFacts.of(.standardInput, environment).isTerminal
            && TerminalFacts.of(.standardError, environment).isTerminal
    }

    /// Asks on the terminal, and returns whether the answer was `y` or `yes`.
    func ask(_ question: String) -> Bool {
        write(Array("\(escapedForTerminal(question)) [y/N] ".utf8), to: .standardError)
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}

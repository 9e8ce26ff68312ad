#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

openMissingStandardStreams()
// What was begun is brought to its end even if nobody reads on.
signal(SIGPIPE, SIG_IGN)
// Before anything is started that must not see what the shell has handed over.
_ = ShellHandover.current
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments == ["--version"] {
    // What scripts ask most often is not worth setting up a parser.
    writeLine("wt \(WTCommand.version)", to: .standardOutput)
} else if arguments.first == "__complete" {
    Completion.answer(arguments)
} else if var command = plainCommand(arguments) {
    do {
        try command.validate()
        try command.run()
    } catch {
        WTCommand.exit(withError: error)
    }
} else {
    WTCommand.main(globalOptionsLast(arguments))
}
exitForLostOutput()

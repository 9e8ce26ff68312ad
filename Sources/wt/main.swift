#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

openMissingStandardStreams()
// What was begun is brought to its end even if nobody reads on.
signal(SIGPIPE, SIG_IGN)
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments == ["--version"] {
    // What scripts ask most often is not worth setting up a parser.
    writeLine("wt \(WTCommand.version)", to: .standardOutput)
} else {
    WTCommand.main(globalOptionsLast(arguments))
}

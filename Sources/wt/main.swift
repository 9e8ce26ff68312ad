openMissingStandardStreams()
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments == ["--version"] {
    // What scripts ask most often is not worth setting up a parser.
    writeLine("wt \(WTCommand.version)", to: .standardOutput)
} else {
    WTCommand.main(globalOptionsLast(arguments))
}

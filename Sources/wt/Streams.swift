import SystemPackage
import Terminal

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes a line. Errors on standard error are passed over: there is nobody left to tell.
func writeLine(_ text: String, to stream: FileDescriptor) {
    write(Array("\(text)\n".utf8), to: stream)
}

/// Writes bytes as they are, for paths that are not UTF-8. What standard output does not take is noted for the end: see
/// `exitForLostOutput`.
func write(_ bytes: [UInt8], to stream: FileDescriptor) {
    do {
        _ = try stream.writeAll(bytes)
    } catch let error as Errno where stream == .standardOutput && error != .brokenPipe {
        lostOutput = error
    } catch {}
}

/// Why something of what was to be printed is lost. Whoever has closed a pipe did not want to read on.
nonisolated(unsafe) private var lostOutput: Errno?

/// Ends with a status that says that not all was printed, if so: a script would take what it has got for the whole.
func exitForLostOutput() {
    guard let lostOutput else { return }
    writeLine("wt: cannot write to standard output: \(lostOutput)", to: .standardError)
    exit(ExitStatus.warning.rawValue)
}

/// A descriptor that the caller has closed would be given to the next file that is opened, and that file would then
/// get our messages.
func openMissingStandardStreams() {
    for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) == -1 {
        _ = open("/dev/null", O_RDWR)
    }
}

extension TerminalFacts {
    /// What the process's own stream is.
    static func of(_ stream: FileDescriptor, _ environment: [String: String]) -> TerminalFacts {
        let isTerminal = isatty(stream.rawValue) == 1
        var size = winsize()
        let isKnown = isTerminal && ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return TerminalFacts(
            isTerminal: isTerminal, width: isKnown ? Int(size.ws_col) : nil,
            height: isKnown && size.ws_row > 0 ? Int(size.ws_row) : nil, environment: environment)
    }
}

/// The process's environment.
func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
        // By bytes: to take a text apart by its characters costs more than all the rest.
        if let equals = strchr(entry, Int32(UInt8(ascii: "="))) {
            let name = UnsafeRawBufferPointer(start: entry, count: equals - entry)
            result[String(decoding: name, as: UTF8.self)] = String(cString: equals + 1)
        }
        next += 1
    }
    return result
}

import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs other programs (`git`, `cargo`) with posix_spawn(3): a few milliseconds where Foundation's `Process` and
/// swift-subprocess take ten times that.
public struct ChildProcess: Sendable {
    /// The program: an absolute path, or a name to be looked up in `PATH` of `environment`.
    public var program: String
    /// The words after the program's name.
    public var arguments: [String]
    /// The directory it runs in; nil is the caller's own.
    public var directory: FilePath?
    /// The whole environment it gets.
    public var environment: [String: String]

    /// Describes a program to run; nothing is started yet.
    public init(
        _ program: String, _ arguments: [String], in directory: FilePath? = nil, environment: [String: String]
    ) {
        self.program = program
        self.arguments = arguments
        self.directory = directory
        self.environment = environment
    }

    /// What a program that ran to its end left.
    public struct Outcome: Sendable {
        /// Its exit status; 128 plus the signal's number when a signal ended it.
        public let status: Int32
        /// All it wrote to standard output.
        public let output: [UInt8]
        /// All it wrote to standard error.
        public let errors: [UInt8]

        /// Standard output as text, invalid UTF-8 repaired.
        public var text: String { String(decoding: output, as: UTF8.self) }
        /// Standard error as text, invalid UTF-8 repaired.
        public var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// Why a program could not be started.
    public struct Failure: Error, CustomStringConvertible {
        /// The program as it was named.
        public let program: String
        /// The system's reason.
        public let code: Errno
        /// One sentence without a full stop.
        public var description: String { "cannot run \(program): \(code)" }
    }

    /// Runs it with an empty standard input, and collects what it prints. A status other than 0 is no error here.
    /// Throws `Failure` when it could not be started.
    public func run() throws(Failure) -> Outcome {
        let output = try Pipe(for: program)
        let errors = try Pipe(for: program)
        let pid = try start(output: output.writing, errors: errors.writing)
        output.closeWriting()
        errors.closeWriting()
        let (text, errorText) = readBoth(output.reading, errors.reading)
        output.closeReading()
        errors.closeReading()
        return Outcome(status: wt_wait(pid), output: text, errors: errorText)
    }

    /// Runs it with the caller's own standard output and error, and returns its exit status. Throws `Failure` when it
    /// could not be started.
    public func runInherited() throws(Failure) -> Int32 {
        wt_wait(try start(output: 1, errors: 2))
    }

    private func start(output: Int32, errors: Int32) throws(Failure) -> Int32 {
        guard let path = resolvedProgram() else { throw Failure(program: program, code: .noSuchFileOrDirectory) }
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw Failure(program: program, code: Errno(rawValue: errno)) }
        defer { close(input) }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var pid: Int32 = -1
        let code = (directory ?? ".").withPlatformString {
            wt_spawn(path, &words, &settings, directory == nil ? nil : $0, input, output, errors, &pid)
        }
        guard code == 0 else { throw Failure(program: program, code: Errno(rawValue: code)) }
        return pid
    }

    /// execvp's search, done here because posix_spawnp would search the caller's `PATH`, not the child's.
    private func resolvedProgram() -> String? {
        if program.contains("/") { return program }
        let search = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return search.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

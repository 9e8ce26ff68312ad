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
    /// The program: an absolute path, or a name to be looked up in `PATH` of `environment`. Spelled as `argv[0]` too.
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
        /// The directory it was to run in, where that was not the caller's own: it may be what is missing.
        public let directory: FilePath?
        /// The system's reason.
        public let code: Errno
        /// One sentence without a full stop.
        public var description: String {
            "cannot run \(program)\(directory.map { " in \($0)" } ?? ""): \(code)"
        }
    }

    /// Runs it with an empty standard input, and collects what it prints until it ends; programs that it leaves running
    /// behind it are not waited for (on Linux from 5.3 on). A status other than 0 is no error here. Throws `Failure`
    /// when it could not be started.
    ///
    /// Once `isCancelled`, which is asked several times a second, says so, the program and those that it has started are
    /// asked to end (SIGTERM), and all of them are waited for, so that none goes on writing.
    public func run(isCancelled: (() -> Bool)? = nil) throws(Failure) -> Outcome {
        var output = try Pipe(for: self)
        var errors = try Pipe(for: self)
        let pid = try start(output: output.writing.number, errors: errors.writing.number)
        output.writing.closeEarly()
        errors.writing.closeEarly()
        let process = OwnedDescriptor(wt_open_process(pid))
        var ending = Termination(of: pid)
        let (text, errorText) = readBoth(
            output.reading.number, errors.reading.number, while: process.number,
            pause: isCancelled.map { isCancelled in
                {
                    if ending.isRequested { return }
                    if isCancelled() { ending.request() } else { ending.look() }
                }
            })
        let status = wt_wait(pid)
        if let isCancelled, ending.isRequested || isCancelled() { ending.endOthers() }
        return Outcome(status: status, output: text, errors: errorText)
    }

    /// Runs it with the caller's own standard output and error, and returns its exit status. Throws `Failure` when it
    /// could not be started.
    public func runInherited() throws(Failure) -> Int32 {
        wt_wait(try start(output: 1, errors: 2))
    }

    /// Runs it with the caller's own standard error in the place of both its outputs, as git runs hooks, and returns its
    /// exit status. Throws `Failure` when it could not be started.
    public func runOnStandardError() throws(Failure) -> Int32 {
        wt_wait(try start(output: 2, errors: 2))
    }

    /// Starts it in a session of its own with nothing to read and nobody to tell, and does not wait for it: it goes on
    /// when this process has ended. Throws `Failure` when it could not be started.
    public func startDetached() throws(Failure) {
        guard let path = resolvedProgram() else { throw failure(ENOENT) }
        let code = withArguments { words, settings in wt_spawn_detached(path, words, settings) }
        guard code == 0 else { throw failure(code) }
    }

    /// Lets everybody else go first, in the calling process: for work that nobody waits for.
    public static func lowerOwnPriority() { wt_lower_priority() }

    func withArguments(
        _ body: (
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        ) -> Int32
    ) -> Int32 {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        return body(&words, &settings)
    }

    func failure(_ code: Int32) -> Failure {
        Failure(program: program, directory: directory, code: Errno(rawValue: code))
    }

    /// Without `input` there is nothing to read.
    func start(input: Int32? = nil, output: Int32, errors: Int32) throws(Failure) -> Int32 {
        guard let path = resolvedProgram() else { throw failure(ENOENT) }
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        let null = OwnedDescriptor(descriptor)
        var pid: Int32 = -1
        let code = (directory ?? ".").withPlatformString { place in
            withArguments { words, settings in
                wt_spawn(
                    path, words, settings, directory == nil ? nil : place, input ?? null.number, output, errors,
                    &pid)
            }
        }
        guard code == 0 else { throw failure(code) }
        return pid
    }

    /// execvp's search, done here because posix_spawnp would search the caller's `PATH`, not the child's. Directories
    /// that are not absolute are passed over: they would mean one place here and another one in `directory`.
    func resolvedProgram() -> String? {
        if program.contains("/") { return program }
        let search = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return search.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(program)" }.first(
            where: isExecutableFile)
    }
}

/// access(2) alone would take a directory for a program.
private func isExecutableFile(_ path: String) -> Bool {
    var found = stat()
    return stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
}

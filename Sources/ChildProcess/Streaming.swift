import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ChildProcess {
    /// Runs it with an empty standard input and hands its standard output over piece by piece, as it comes; what it says
    /// on standard error is dropped. Once `body` returns false the program is asked to end (SIGTERM). Returns its exit
    /// status; nil when `body` has ended it. Throws `Failure` when it could not be started.
    public func run(reading body: (UnsafeRawBufferPointer) -> Bool) throws(Failure) -> Int32? {
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard null >= 0 else { throw failure(errno) }
        let errors = OwnedDescriptor(null)
        var output = try Pipe(for: self)
        let pid = try start(output: output.writing.number, errors: errors.number)
        output.writing.closeEarly()
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(output.reading.number, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return wt_wait(pid) }
            guard buffer.withUnsafeBytes({ body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }) else {
                kill(pid, SIGTERM)
                _ = wt_wait(pid)
                return nil
            }
        }
    }
}

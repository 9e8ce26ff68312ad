import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ChildProcess {
    /// Runs it with an empty standard input and the caller's own standard error in the place of both its outputs, and
    /// returns its exit status. Once `isCancelled`, which is asked several times a second, says so, the program and those
    /// that it has started are asked to end (SIGTERM), and all of them are waited for. Throws `Failure` when it could not be
    /// started.
    public func runOnStandardError(isCancelled: () -> Bool) throws(Failure) -> Int32 {
        let pid = try start(output: 2, errors: 2)
        let process = OwnedDescriptor(wt_open_process(pid))
        var ending = Termination(of: pid)
        while !ending.hasEnded(process.number, waiting: 50) {
            if ending.isRequested { continue }
            if isCancelled() { ending.request() } else { ending.look() }
        }
        let status = wt_wait(pid)
        if ending.isRequested || isCancelled() { ending.endOthers() }
        return status
    }

    /// Runs it with the caller's own input, output and errors, as a shell does: Ctrl-C and Ctrl-\ are for the program alone,
    /// and from now on nothing to the caller. Returns its exit status. Once `isCancelled`, which is asked several times a
    /// second, says so, the program is asked to end (SIGTERM). Throws `Failure` when it could not be started.
    public func runInForeground(isCancelled: () -> Bool) throws(Failure) -> Int32 {
        signal(SIGINT, SIG_IGN)
        signal(SIGQUIT, SIG_IGN)
        let pid = try start(input: 0, output: 1, errors: 2)
        let process = OwnedDescriptor(wt_open_process(pid))
        let ending = Termination(of: pid)
        var isAsked = false
        while !ending.hasEnded(process.number, waiting: 50) {
            guard !isAsked, isCancelled() else { continue }
            isAsked = true
            kill(pid, SIGTERM)
        }
        return wt_wait(pid)
    }

    /// Becomes this program (execve(2)): the terminal, its signals and the exit status are the program's own, with nobody
    /// between. Returns only by throwing `Failure`, when it cannot be.
    public func replaceCaller() throws(Failure) -> Never {
        guard let path = resolvedProgram() else { throw failure(ENOENT) }
        if let directory, directory.withPlatformString({ chdir($0) }) != 0 { throw failure(errno) }
        // Ignored signals would stay ignored.
        signal(SIGPIPE, SIG_DFL)
        let code = withArguments { words, settings in
            execve(path, words, settings)
            return errno
        }
        throw failure(code)
    }
}

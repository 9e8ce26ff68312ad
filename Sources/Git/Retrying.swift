import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension GitError {
    /// Whether git could not write the repository's configuration: "could not lock config file .git/config: File exists",
    /// in the user's language; the file is called `config` in a bare repository.
    public var concernsConfiguration: Bool { message.contains(".git/config") || message.contains("config: ") }

    /// Whether the cause may pass by itself: another process holds the lock on the configuration, for which git does not
    /// wait as it does for those of references; or git has met a registration that somebody else is writing at that
    /// moment ("failed to read .git/worktrees/x/commondir: Success").
    var mayPass: Bool { concernsConfiguration || message.contains("/commondir") }
}

/// Runs `body` again, for two seconds in all, while it fails for a reason that may pass by itself. Throws what it throws
/// at last.
public func retrying<Result>(_ body: () throws(GitError) -> Result) throws(GitError) -> Result {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(2)
    while true {
        do throws(GitError) {
            return try body()
        } catch {
            guard error.mayPass, clock.now < end else { throw error }
            // Not all at the same moment again.
            usleep(.random(in: 5_000...50_000))
        }
    }
}

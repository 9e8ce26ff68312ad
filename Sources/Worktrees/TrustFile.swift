import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Trust {
    /// In one step, so that a reader sees the old record or the new one.
    func write(_ bytes: [UInt8], to file: FilePath) throws(FileError) {
        let directory = file.removingLastComponent()
        try makeDirectories(directory.removingLastComponent())
        // Whatever the umask is, nobody else may write here.
        if try FileStatus.ofExisting(directory) == nil { try makeDirectory(directory, mode: 0o700) }
        let draft = directory.appending("\(file.lastComponent!.string).\(getpid())")
        draft.withPlatformString { _ = unlink($0) }
        let place = try Directory(directory)
        try draft.lastComponent!.withName { name throws(FileError) in try place.write(bytes, to: name, mode: 0o600) }
        let code = draft.withPlatformString { from in
            file.withPlatformString { to in rename(from, to) == 0 ? 0 : errno }
        }
        guard code == 0 else { throw FileError("write", file, Errno(rawValue: code)) }
    }

    /// Forgets all that was approved of in this repository. Returns whether there was something. Throws `Failure`.
    public func revoke() throws(Failure) -> Bool {
        guard let file, FileStatus.ifPresent(file) != nil else { return false }
        guard file.withPlatformString({ unlink($0) }) == 0 else {
            throw Failure(.failed, "cannot remove \(file): \(Errno(rawValue: errno))")
        }
        return true
    }
}

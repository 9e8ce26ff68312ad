import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Makes the name `victim` a hard link to the file at `keeper`, in one step: whoever has the old file open keeps it, and
/// no moment goes by without a file of that name. The link is made under `temporary`, a name beside `victim` (link(2)),
/// and takes its place (rename(2)) if that is `file`. Throws `FileError`, with `victim` as it was and nothing left behind;
/// ESTALE when another file is at `keeper` by now.
public func relink(
    _ victim: FilePath, to keeper: FilePath, that file: FileIdentity, by temporary: FilePath
) throws(FileError) {
    let linked = keeper.withPlatformString { from in
        temporary.withPlatformString { to in link(from, to) == 0 ? 0 : errno }
    }
    guard linked == 0 else { throw FileError("link", keeper, Errno(rawValue: linked)) }
    // Of two names of one file rename(2) leaves both, and of a failure the first.
    defer { _ = temporary.withPlatformString { unlink($0) } }
    guard let status = FileStatus.ifPresent(temporary), FileIdentity(status) == file else {
        throw FileError("link", keeper, .staleNFSFileHandle)
    }
    let renamed = temporary.withPlatformString { from in
        victim.withPlatformString { to in rename(from, to) == 0 ? 0 : errno }
    }
    guard renamed == 0 else { throw FileError("replace", victim, Errno(rawValue: renamed)) }
}

/// Whether both files have the same bytes, all of them. Throws `FileError` when the first cannot be opened; false where
/// something cannot be read to its end.
public func haveSameBytes(_ first: FilePath, _ second: FilePath) throws(FileError) -> Bool {
    try FileWindow.open(first) { window in
        let isSame = try? FileWindow.open(second) { other in
            guard window.size == other.size else { return false }
            var position = 0
            while position < window.size {
                let count = min(1 << 20, window.size - position)
                guard let mine = window.read(at: position, count: count),
                    let theirs = other.read(at: position, count: count), mine == theirs
                else { return false }
                position += count
            }
            return true
        }
        return isSame ?? false
    }
}

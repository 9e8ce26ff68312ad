import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension Directory {
    /// Opens a directory below this one, name by name: no symlink is followed on the way, and no mount is entered. Nil where
    /// that is not possible.
    public func descend(_ path: FilePath) -> Directory? {
        guard let first = path.components.first else { return descend(to: ".") }
        guard var current = descend(to: first) else { return nil }
        for name in path.components.dropFirst() {
            guard let next = current.descend(to: name) else { return nil }
            current = next
        }
        return current
    }

    /// `namelessChild`, with the name as a component of a path.
    public func descend(to name: FilePath.Component) -> Directory? {
        // The closure of `withPlatformString` could not return what must not be copied.
        namelessChild(name.bytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// Makes the child directory `name`, with the permissions that the umask leaves of `mode`. Throws `FileError`, also
    /// when something is there.
    public func makeNewChild(_ name: UnsafePointer<CChar>, mode: UInt32) throws(FileError) {
        guard mkdirat(descriptor, name, mode_t(mode & 0o777)) == 0 else { throw error("create", name) }
    }

    /// Makes the permission bits of the directory itself exactly these; set-group-id stays as it is. Throws `FileError`.
    public func setPermissions(_ mode: UInt32) throws(FileError) {
        let special = try status().mode & 0o7000
        let code = wt_set_permissions_of(descriptor, special | mode & 0o777)
        guard code == 0 else { throw FileError("set the permissions of", path, Errno(rawValue: code)) }
    }
}

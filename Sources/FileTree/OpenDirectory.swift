import SystemPackage

/// A directory that several hold open, on any thread: nothing in it changes, but that it is closed when nobody does any more.
public final class OpenDirectory: @unchecked Sendable {
    /// The directory.
    public let directory: Directory

    /// Takes it over.
    public init(_ directory: consuming Directory) { self.directory = directory }

    private init(_ name: UnsafePointer<CChar>, in above: OpenDirectory, isMade: Bool) throws(FileError) {
        directory = try isMade ? above.directory.makeChild(name) : above.directory.child(name)
    }

    /// The directory of that name in this one, made where it is missing if that is wanted. Throws `FileError`.
    public func child(_ name: FilePath.Component, isMade: Bool = false) throws(FileError) -> OpenDirectory {
        try name.withName { name throws(FileError) in try OpenDirectory(name, in: self, isMade: isMade) }
    }
}

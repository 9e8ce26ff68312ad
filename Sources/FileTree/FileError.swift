import SystemPackage

/// A file operation that the system refused: what was tried, on which path, and its errno.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operation as a verb phrase, for example `"create"` or `"read"`.
    public let operation: String
    /// The path it was tried on.
    public let path: FilePath
    /// The system's reason.
    public let code: Errno

    /// Makes an error from an errno value.
    public init(_ operation: String, _ path: FilePath, _ code: Errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// One sentence without a full stop, for example `cannot create /a/b: No space left on device`.
    public var description: String { "cannot \(operation) \(path): \(code)" }
}

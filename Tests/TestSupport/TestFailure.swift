/// Something that a fixture needs, or did, went wrong. Thrown out of a test it fails that test with this text, so
/// that a missing tool is never mistaken for a pass.
public struct TestFailure: Error, CustomStringConvertible {
    /// What went wrong, with what the failed program printed.
    public let description: String

    /// Makes a failure with its message.
    public init(_ description: String) { self.description = description }
}

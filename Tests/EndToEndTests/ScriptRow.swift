import Testing

/// A case of a test that is a shell script.
struct ScriptRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: String

    init(_ description: String, _ script: String) {
        testDescription = description
        self.script = script
    }
}

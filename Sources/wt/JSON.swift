import FoundationEssentials
import SystemPackage

/// Prints a value as JSON on standard output: sorted keys, so that two runs can be compared line by line. Every shape
/// carries a `version`, which changes when a field changes its meaning or goes away.
func printJSON(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return }
    write(Array(data) + [0x0a], to: .standardOutput)
}

extension Duration {
    /// As a number for JSON.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

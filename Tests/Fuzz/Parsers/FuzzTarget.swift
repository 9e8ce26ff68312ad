/// A parser, and what is promised of it whatever bytes it gets: no crash, and what `check` looks at.
struct FuzzedParser: Sendable {
    let name: String
    /// The target that it belongs to: parsers of what looks alike get the same bytes.
    let target: String
    /// Throws `BrokenPromise`.
    let check: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, in target: String? = nil, _ check: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.target = target ?? name
        self.check = check
    }

    static let all = cargoFiles + artifacts + indexes + gitFiles + patterns + configurations + records + lines + output
}

/// What libFuzzer is started on: one parser or several.
struct FuzzTarget: Sendable {
    /// That of its directory in Tests/Fuzz/Corpora.
    let name: String
    let parsers: [FuzzedParser]

    static let all = Dictionary(grouping: FuzzedParser.all, by: \.target).map { FuzzTarget(name: $0, parsers: $1) }
        .sorted { $0.name < $1.name }

    /// Throws `BrokenPromise`, or whatever kept a parser from being tried.
    func check(_ bytes: [UInt8]) throws {
        for parser in parsers {
            do {
                try parser.check(bytes)
            } catch {
                throw BrokenPromise(description: "\(parser.name): \(error)")
            }
        }
    }
}

/// Something that must hold for any input, and does not.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

/// Throws `BrokenPromise` with a sentence about what should have been.
func promise(_ holds: @autoclosure () throws -> Bool, _ text: @autoclosure () -> String) throws {
    guard try !holds() else { return }
    throw BrokenPromise(description: "it does not hold that " + text())
}

extension [UInt8] {
    /// The bytes before and behind the first line end; all and nothing where there is none.
    var halves: (first: [UInt8], second: [UInt8]) {
        guard let end = firstIndex(of: 0x0a) else { return (self, []) }
        return (Array(self[..<end]), Array(self[(end + 1)...]))
    }

    /// As text, where it is UTF-8 and has no NUL.
    var validText: String? { contains(0) ? nil : String(validating: self, as: UTF8.self) }
}

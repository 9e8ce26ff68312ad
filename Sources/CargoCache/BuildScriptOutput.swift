/// What a build script told cargo, from the file `output` (`stdout` in the unit layout).
public struct BuildScriptOutput: Sendable {
    /// Lines that are instructions; the others are a log.
    public let instructions: [[UInt8]]

    /// Reads the text. Cargo does not mind white space around an instruction (`BuildOutput::parse`, custom_build.rs).
    public init(_ text: [UInt8]) {
        instructions = text.split(separator: UInt8(ascii: "\n")).map { line in
            Array(line.drop(while: Self.isWhite).reversed().drop(while: Self.isWhite).reversed())
        }.filter { $0.starts(with: "cargo:".utf8) }
    }

    private static func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// Paths of `rerun-if-changed`, as printed. Where there are none, cargo watches every file of the package, or, as
    /// soon as there is a `rerun-if-env-changed`, no file at all (`build_script_local_fingerprints`, fingerprint/mod.rs).
    public var watchedPaths: [[UInt8]] { values(of: "rerun-if-changed") }

    /// Directories in which the linker looks for libraries (`rustc-link-search`, `KIND=` left out), as printed: cargo watches
    /// none of them.
    public var librarySearchPaths: [[UInt8]] {
        values(of: "rustc-link-search").map { value in
            let kinds = ["native=", "dependency=", "crate=", "framework=", "all="]
            return kinds.first { value.starts(with: $0.utf8) }.map { Array(value.dropFirst($0.utf8.count)) } ?? value
        }
    }

    private func values(of name: String) -> [[UInt8]] {
        instructions.compactMap { line in
            for key in ["cargo::\(name)=", "cargo:\(name)="] where line.starts(with: key.utf8) {
                return Array(line.dropFirst(key.utf8.count))
            }
            return nil
        }
    }
}

import ChildProcess
import FileTree
import SystemPackage

/// Which compiler made a unit, and which one would.
public enum CompilerVersion {
    /// The version of the compiler that wrote the artifact at `path`, an rmeta, an rlib or a proc macro: for example
    /// `rustc 1.95.0 (59807616e 2026-04-14)`. Crate metadata begins with `rust`, three zero bytes, a format version and
    /// a position of eight bytes; then comes this text, preceded by its length (LEB128) and followed by 0xC1. In a
    /// shared library another `rust` and the metadata's size stand before all this (`rustc_metadata`, measured with 1.95
    /// and 1.97). Nil where that is not found.
    public static func recorded(in path: FilePath) -> String? {
        let found = try? FileWindow.open(path) { window -> String? in
            var version: String?
            forEachArtifactPart(window) { part in
                if part.form == .metadata { version = text(ofMetadata: part.window) }
                return version == nil
            }
            return version
        }
        return found ?? nil
    }

    private static func text(ofMetadata window: FileWindow) -> String? {
        guard let header = window.read(at: 0, count: min(window.size, 512)) else { return nil }
        let magic = Array("rust\0\0\0".utf8)
        let start = header.dropFirst(16).starts(with: magic) ? 32 : 16
        guard header.count > start else { return nil }
        let length = Int(header[start])
        let end = start + 1 + length
        guard length < 0x80, end < header.count, header[end] == 0xc1 else { return nil }
        let text = String(decoding: header[start + 1..<end], as: UTF8.self)
        return text.hasPrefix("rustc ") ? text : nil
    }

    /// The version of the compiler that made a unit, as far as its own files tell: programs do not.
    public static func recorded(of unit: Unit, in buildDirectory: FilePath) -> String? {
        // An rmeta is quickest to read.
        let kinds: [ArtifactKind] = [.rmeta, .rlib, .sharedLibrary]
        let file = kinds.firstResult { kind in unit.artifacts.first { $0.kind == kind } }
        return file.flatMap { recorded(in: buildDirectory.appending($0.path.components)) }
    }

    /// The version of the `rustc` that cargo would run in the workspace at `root`, in the words of the first line of
    /// `rustc -vV`. A toolchain that is missing is not installed for this. Nil where it does not say.
    public static func current(inWorkspaceAt root: FilePath, environment: [String: String]) -> String? {
        var environment = environment
        environment["RUSTUP_AUTO_INSTALL"] = "0"
        let command = ChildProcess(environment["RUSTC"] ?? "rustc", ["-vV"], in: root, environment: environment)
        guard let outcome = try? command.run(), outcome.status == 0 else { return nil }
        let line = outcome.text.split(separator: "\n").first.map(String.init)
        return line?.hasPrefix("rustc ") == true ? line : nil
    }
}

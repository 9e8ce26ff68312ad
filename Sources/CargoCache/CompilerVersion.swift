import ChildProcess
import FileTree
import SystemPackage

/// The compiler that made an artifact, or would make one now: the first line of `rustc -vV`, for example
/// `rustc 1.95.0 (59807616e 2026-04-14)`.
public enum CompilerVersion {
    /// What the `.rmeta` at `path` was written by: rustc puts the line, with its length in front, behind the eight bytes
    /// `rust\0\0\0<format>` and a position (`METADATA_HEADER` and `CrateRoot`, rustc_metadata, which keep it there so
    /// that other compilers can name it). Nil where that is not found.
    public static func ofMetadata(at path: FilePath) -> String? {
        let start = try? FileWindow.open(path) { $0.read(at: 0, count: min($0.size, 256)) }
        guard let bytes = start ?? nil, bytes.starts(with: Array("rust\0\0\0".utf8)) else { return nil }
        let name = Array("rustc ".utf8)
        guard let position = (9..<24).first(where: { bytes.dropFirst($0).starts(with: name) }) else { return nil }
        let text = bytes[position...].prefix(Int(bytes[position - 1]))
        return text.count == Int(bytes[position - 1]) ? String(decoding: text, as: UTF8.self) : nil
    }

    /// What `rustc` says in `directory`, where a toolchain file or an override can choose it; nil where it cannot be
    /// started. A toolchain that is not installed is not installed for this.
    public static func current(in directory: FilePath, environment: [String: String]) -> String? {
        let quiet = environment.merging(["RUSTUP_AUTO_INSTALL": "0"]) { $1 }
        let command = ChildProcess(environment["RUSTC"] ?? "rustc", ["-vV"], in: directory, environment: quiet)
        guard let outcome = try? command.run(), outcome.status == 0 else { return nil }
        return outcome.text.split(separator: "\n").first.map(String.init)
    }
}

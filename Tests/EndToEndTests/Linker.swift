import ChildProcess
import FileTree
import Foundation
import SystemPackage
import TestSupport

/// A linker that rustc can be made to use through cc(1).
enum Linker: String {
    case mold, lld, bfd

    private var program: String { self == .mold ? "mold" : "ld.\(rawValue)" }

    /// A script for cargo to link with, made beside a worktree.
    func script(beside worktree: FilePath, environment: [String: String]) throws -> FilePath {
        let directory = worktree.removingLastComponent().appending("link-with-\(rawValue)")
        // rustc names a directory of its own for `ld.lld`; cc(1) looks into the first one it is given.
        let text = """
            #!/bin/sh
            ln -sf "$(command -v \(program))" '\(directory)/\(program)'
            exec cc '-B\(directory)' "$@" -fuse-ld=\(rawValue)

            """
        let script = directory.appending("cc")
        try makeProgram(script, text)
        return script
    }

    /// Whether the bytes of a program say that this linker made it. bfd leaves no mark; the others, which include the
    /// one that rustc uses by itself, do.
    func hasLinked(_ bytes: [UInt8], environment: [String: String]) throws -> Bool {
        if self == .bfd { return !bytes.contains(text: "Linker: LLD") && !bytes.contains(text: "mold ") }
        let version = try ChildProcess(program, ["--version"], environment: environment).run()
        // For example `mold 1.10.1 (compatible with GNU ld)`.
        guard version.status == 0, let end = version.text.firstRange(of: " (compatible") else {
            throw TestFailure("\(program) --version: \(version.text)\(version.errorText)")
        }
        return bytes.contains(text: String(version.text[..<end.lowerBound]))
    }
}

extension [UInt8] {
    fileprivate func contains(text: String) -> Bool { contains(text: Array(text.utf8)) }
}

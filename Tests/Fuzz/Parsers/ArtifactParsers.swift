import FileTree
import SystemPackage

@testable import CargoCache

extension FuzzedParser {
    /// What a compiler or an archiver writes.
    static let artifacts = [
        FuzzedParser("artifact") { bytes in
            let file = try Scratch.write(bytes, to: "file", in: Scratch.directory("artifact"))
            let root = Array("/work/tree".utf8)
            let roots = WorktreeRoots(["/work/tree"])
            let search = BakedPaths(roots: roots, workspaceDirectory: "", sources: [Array("src/lib.rs".utf8)])
            let finding = try search.finding(in: file)
            _ = ProcMacro.sight(of: file)
            if let version = CompilerVersion.recorded(in: file) {
                try promise(bytes.contains(text: Array(version.utf8)) || version.contains("\u{fffd}"), "it is in there")
            }
            try FileWindow.open(file) { window in
                var broken: (any Error)?
                forEachArtifactPart(window) { part in
                    do {
                        try promise(part.window.size <= bytes.count, "a part is smaller than the whole")
                        guard finding == nil else { return true }
                        try promise(part.form != .opaque, "nothing is proven of what cannot be searched")
                        guard part.form == .data, let contents = part.window.readAll() else { return true }
                        let sections = part.sections.isEmpty ? [contents.indices] : part.sections.map(\.bytes)
                        for section in sections {
                            try promise(!Array(contents[section]).contains(text: root), "a path in data is found")
                        }
                    } catch {
                        broken = error
                    }
                    return broken == nil
                }
                return Result { if let broken { throw broken } }
            }.get()
            let magics = ["!<arch>\n", "\u{7f}ELF", "\0asm", "!<thin>\n", "BC", "rust"].map { Array($0.utf8) }
            guard bytes.count >= 8, !magics.contains(where: bytes.starts), bytes[0] != 0xde else { return }
            try promise((finding != nil) == bytes.contains(text: root), "any other file is searched whole")
        },
        FuzzedParser("worktree-roots") { bytes in
            let (first, second) = bytes.halves
            let paths = first.split(separator: 0x3a).map { FilePath(bytes: $0) }
            let roots = WorktreeRoots(paths)
            let occurs = roots.roots.contains { second.contains(text: $0) }
            try promise(roots.occur(in: second) == occurs, "a search for what they have in common finds the same")
            if let root = roots.root(containing: second) { try promise(second.isPath(under: root), "it is under it") }
        },
    ]
}

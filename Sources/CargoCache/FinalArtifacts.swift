import FileTree
import SystemPackage

/// The files right in a profile directory that cargo has put there: programs and libraries, which are hard links to
/// those in `deps` or `build` (`link_or_copy`, cargo-util `paths.rs`), and beside each a dep-info that names it
/// (`output_depinfo`, `output_depinfo.rs`). A program that runs there can leave files of its own, and so can a user.
struct FinalArtifacts {
    private let directory: FilePath
    /// Dep-info files of cargo's, without their extension.
    private let stems: Set<String>
    /// What they name.
    private let named: Set<String>
    /// Files with another name among the intermediate artifacts.
    private let linked: Set<FilePath.Component>

    private static let extensions: Set = [
        "exe", "rlib", "rmeta", "so", "dylib", "dll", "a", "lib", "wasm", "pdb", "dwp", "exp",
    ]

    init(in directory: FilePath, _ inside: [(name: FilePath.Component, kind: FileKind)]) {
        self.directory = directory
        var stems: Set<String> = []
        var named: Set<String> = []
        for entry in inside where entry.kind == .file && entry.name.extension == "d" {
            let targets = Self.targets(of: directory.appending(entry.name))
            // The rule for `app` stands in `app.d`.
            guard targets.contains(where: { $0.stem == entry.name.stem }) else { continue }
            stems.insert(entry.name.stem)
            named.formUnion(targets.map(\.string))
        }
        self.stems = stems
        self.named = named
        var several: [FileIdentity: FilePath.Component] = [:]
        for entry in inside where entry.kind == .file && entry.name.extension != "d" {
            guard !named.contains(entry.name.string),
                let status = FileStatus.ifPresent(directory.appending(entry.name)),
                status.links > 1
            else { continue }
            several[FileIdentity(status)] = entry.name
        }
        linked = several.isEmpty ? [] : Self.linked(several, below: ["deps", "build"].map { directory.appending($0) })
    }

    func contains(_ name: FilePath.Component) -> Bool {
        if name.extension == "d" { return stems.contains(name.stem) }
        if named.contains(name.string) || linked.contains(name) { return true }
        return stems.contains(name.stem) && Self.extensions.contains(name.extension ?? "")
    }

    /// What the rules of a dep-info are for: the last components of the paths in front of `: `.
    private static func targets(of file: FilePath) -> [FilePath.Component] {
        guard let text = try? readFile(file) else { return [] }
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard
                let colon = line.indices.first(where: { line[$0...].starts(with: ": ".utf8) || line[$0...] == [0x3a] })
            else { return nil }
            return FilePath(bytes: line[..<colon]).lastComponent
        }
    }

    private static func linked(
        _ wanted: [FileIdentity: FilePath.Component], below directories: [FilePath]
    ) -> Set<FilePath.Component> {
        var found: Set<FilePath.Component> = []
        var waiting = directories
        while let directory = waiting.popLast() {
            for entry in entries(of: directory) {
                let path = directory.appending(entry.name)
                if entry.kind == .directory {
                    waiting.append(path)
                } else if let status = FileStatus.ifPresent(path), let name = wanted[FileIdentity(status)] {
                    found.insert(name)
                }
            }
        }
        return found
    }
}

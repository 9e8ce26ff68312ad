import FileTree
import SystemPackage

/// The units of a build directory with the edges between them, and with what rustc wrote of their sources: read once for
/// all that is asked about them.
public struct BuildGraph: Sendable {
    /// What rustc wrote of a unit's sources, and in which file.
    public struct DepInfo: Sendable {
        /// What it says.
        public let info: CompilerDepInfo
        /// Where it stands.
        public let file: UnitFile
    }

    /// The build directory.
    public let root: FilePath
    /// The units.
    public let graph: UnitGraph
    /// For each unit rustc's dep-info; nil where there is none, or it cannot be read.
    public let depInfo: [DepInfo?]

    /// Reads the dep-info of all units of `tree`.
    public init(_ tree: BuildTree) {
        let root = tree.root
        self.root = root
        graph = UnitGraph(tree.units)
        depInfo = tree.units.concurrentMap { unit in
            guard var file = unit.artifacts.first(where: { $0.kind == .compilerDepInfo }),
                let contents = try? FileContents(root.pushing(file.path))
            else { return nil }
            file.contents = contents
            return DepInfo(info: CompilerDepInfo(contents.bytes), file: file)
        }
    }
}

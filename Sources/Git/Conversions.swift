import CLibGit2
import FileTree
import SystemPackage

/// The files of a tree that attributes may make different from their blobs, so that git has to write them.
public struct Conversions: Sendable {
    /// Their positions in the tree, in order.
    public fileprivate(set) var positions: [Int] = []
    /// Where the attributes stand that say so.
    public fileprivate(set) var reasons: [Obstacle] = []
    /// Whether no file is left that needs none.
    fileprivate(set) var areAll = false

    /// None.
    public init() {}
}

extension Repository {
    /// Reads every attribute file that git would read for a checkout of `tree`. Throws `GitError` when one in the tree
    /// can't be read; that too is a reason for git.
    public func conversions(in tree: TreeListing) throws(GitError) -> Conversions {
        let lines = foreignConversions() + (try conversionsInside(tree))
        var result = Conversions()
        guard !lines.isEmpty else { return result }
        let patterns = Array(Set(lines.map(\.line.pattern)))
        var used: Set<NamePattern> = []
        var others = false
        for position in tree.indices where tree.modes[position] == .file || tree.modes[position] == .executable {
            let name = tree.name(ofEntry: position)
            let matching = patterns.filter { $0.mayMatch(name) }
            guard !matching.isEmpty else {
                others = true
                continue
            }
            used.formUnion(matching)
            result.positions.append(position)
        }
        for (place, line) in lines where used.contains(line.pattern) {
            let reason = Obstacle(.attribute(line.attribute), "\(place) has the attribute '\(line.attribute)'")
            if !result.reasons.contains(reason) { result.reasons.append(reason) }
        }
        result.areAll = !others && !result.positions.isEmpty
        return result
    }

    private typealias Line = (place: FilePath, line: AttributeScan.Conversion)

    /// Outside the tree: the system's, the user's, and the repository's own (attr.c, bootstrap_attr_stack).
    private func foreignConversions() -> [Line] {
        attributeFilesOutsideTree.flatMap { place -> [Line] in
            guard let bytes = try? readFile(realPath(place) ?? place) else { return [] }
            return AttributeScan.conversions(in: bytes).map { (place, $0) }
        }
    }

    /// Where git looks for attributes besides the tree.
    var attributeFilesOutsideTree: [FilePath] {
        var places: [FilePath] = [location.commonDirectory.pushing("info/attributes")]
        if let configured = configuration.path(forKey: "core.attributesFile") {
            places.append(configured.resolved(from: location.workingTree ?? location.gitDirectory))
        } else if let directory = xdgDirectory(environment) {
            places.append(directory.appending("attributes"))
        }
        if environment["GIT_ATTR_NOSYSTEM"] == nil { places.append("/etc/gitattributes") }
        return places
    }

    private func conversionsInside(_ tree: TreeListing) throws(GitError) -> [Line] {
        var found: [Line] = []
        for path in tree.paths(ofEntriesNamed: ".gitattributes") {
            guard let position = tree.position(of: path), tree.modes[position] != .submodule else { continue }
            found += AttributeScan.conversions(in: try blob(tree.ids[position])).map { (path, $0) }
        }
        return found
    }

    private func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
        var oid = id.native
        var blob: OpaquePointer?
        try Libgit2.call("read blob \(id)") { git_blob_lookup(&blob, handle, &oid) }
        defer { git_blob_free(blob) }
        let size = Int(git_blob_rawsize(blob))
        return Array(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: size))
    }
}

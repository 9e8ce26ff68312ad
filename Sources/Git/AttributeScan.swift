import CLibGit2
import FileTree
import SystemPackage

/// Looks for attributes that make the files of a checkout differ from their blobs. Reads the words of an attribute file
/// and not its patterns: a word anywhere counts, macros included, since git is right in every case and only slower.
enum AttributeScan {
    /// The first such attribute in the text of an attribute file; nil when there is none.
    static func conversion(in text: some Collection<UInt8>) -> String? {
        for line in text.split(whereSeparator: { $0 == 0x0a }) {
            let words = line.split(whereSeparator: { $0.isSpace })
            guard let first = words.first, first.first != UInt8(ascii: "#") else { continue }
            // The first word is the pattern, unless quotes let it go on over white space.
            if let found = words.map(\.text).first(where: isConversion) { return found }
        }
        return nil
    }

    /// `text` and `eol=lf` change nothing on the way out of the repository (convert.c); with `-` or `!` in front an
    /// attribute is taken away.
    private static func isConversion(_ word: String) -> Bool {
        word.hasPrefix("filter=") || word.hasPrefix("working-tree-encoding=") || word == "ident" || word == "eol=crlf"
    }
}

extension Repository {
    /// Conversions in the attribute files outside the tree: the system's, the user's, and the repository's own
    /// (attr.c, bootstrap_attr_stack).
    func attributeObstacles() -> [Obstacle] {
        var places: [FilePath] = [location.commonDirectory.pushing("info/attributes")]
        if let configured = configuration.path(forKey: "core.attributesFile") {
            places.append(configured.resolved(from: location.workingTree ?? location.gitDirectory))
        } else if let directory = xdgDirectory(environment) {
            places.append(directory.appending("attributes"))
        }
        if environment["GIT_ATTR_NOSYSTEM"] == nil { places.append("/etc/gitattributes") }
        return places.compactMap { place in
            guard let bytes = try? readFile(realPath(place) ?? place),
                let found = AttributeScan.conversion(in: bytes)
            else { return nil }
            return Obstacle(.attribute(found), "\(place) has the attribute '\(found)'")
        }
    }

    /// Conversions in the `.gitattributes` files of a tree. Throws `GitError` when one of them can't be read.
    func attributeObstacles(in tree: TreeListing) throws(GitError) -> [Obstacle] {
        var found: [Obstacle] = []
        let name = Array(".gitattributes".utf8)
        for position in tree.indices where tree.paths[position].reversed().starts(with: name.reversed()) {
            let start = tree.paths.range(position).upperBound - name.count
            let isWhole = start == tree.paths.starts[position] || tree.paths.bytes[start - 1] == UInt8(ascii: "/")
            guard isWhole, tree.modes[position] != .submodule else { continue }
            guard let word = AttributeScan.conversion(in: try blob(tree.ids[position])) else { continue }
            let path = tree.paths.path(position)
            found.append(Obstacle(.attribute(word), "\(path) has the attribute '\(word)'"))
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

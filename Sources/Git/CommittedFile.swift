import SystemPackage

extension Repository {
    /// What a commit has at the top of its tree under one name.
    public enum CommittedFile: Hashable, Sendable {
        /// Nothing.
        case absent
        /// A file with these bytes.
        case file([UInt8])
        /// A symlink, a directory or a submodule.
        case unusual
        /// A file that is longer than was asked for.
        case tooLong
    }

    /// What `commit` has under `name`, a file of at most `limit` bytes. `tree` is its listing, where that was read
    /// already. Throws `GitError` when the commit cannot be read.
    public func committedFile(
        _ name: String, in commit: ObjectID, tree: TreeListing?, limit: Int
    ) throws(GitError) -> CommittedFile {
        guard let id = try blob(name, in: commit, tree) else { return .absent }
        guard !id.isEmpty else { return .unusual }
        var bytes: [UInt8] = []
        let status = try git.run(["cat-file", "blob", id]) { part in
            bytes += part
            return bytes.count <= limit
        }
        guard bytes.count <= limit else { return .tooLong }
        guard status == 0 else { throw GitError(.notFound, "cannot read \(name) of \(commit.short)") }
        return .file(bytes)
    }

    /// The blob's id, empty for what is no ordinary file; nil when there is nothing.
    private func blob(_ name: String, in commit: ObjectID, _ tree: TreeListing?) throws(GitError) -> String? {
        if let tree, let position = tree.position(of: FilePath(name)) {
            let entry = tree[position]
            return entry.mode == .file || entry.mode == .executable ? entry.id.description : ""
        }
        // Where the listing does not have it, it can still be a directory; that is no file, and of no interest.
        if tree != nil { return nil }
        let listed = try git.run(["ls-tree", "-z", "--full-tree", commit.description, "--", name]).output
        let words = listed.text.prefix { $0 != "\t" }.split(separator: " ")
        guard words.count == 3 else { return nil }
        return words[1] == "blob" && words[0].hasPrefix("100") ? String(words[2]) : ""
    }
}

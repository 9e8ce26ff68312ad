import FileTree
import SystemPackage

extension Repository {
    /// The commit of the local branch `name`; nil when there is no such branch.
    public func localBranch(_ name: String) -> ObjectID? { references.id(of: "refs/heads/\(name)") }

    /// All local branches by their short names, sorted, with the commits they are at. Throws `GitError`.
    public func localBranches() throws(GitError) -> [(name: String, commit: ObjectID)] {
        let listing = try git.run(["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads"])
        return listing.output.split(separator: 0x0a).compactMap { line in
            let words = line.split(separator: 0x20, maxSplits: 1)
            guard words.count == 2, let commit = ObjectID(hexDigits: words[0]),
                let name = words[1].text.dropped(prefix: "refs/heads/")
            else { return nil }
            return (name, commit)
        }
    }

    /// What makes a checkout of the existing branch `name` different: as a symbolic reference to another branch it has a
    /// log of its own, in which git notes the checkout too.
    public func obstacles(ofBranch name: String) -> [Obstacle] {
        let file = location.looseFile(ofBranch: name)
        switch ReferenceFiles.looseValue(file) {
        case .id, nil: return []
        case .symbolic, .unspeakable: break
        }
        return [Obstacle(.repositoryFile("refs/heads/\(name)"), "the branch '\(name)' points to another one")]
    }

    /// Takes the configuration of a branch away. Returns whether none is left in the repository's file.
    @discardableResult
    public func removeBranchConfiguration(_ name: String) -> Bool {
        if hasNoSection(of: name) { return true }
        // 128: there is no such section, or it stands in another file than the repository's own, which is not ours.
        let removal = ["config", "--local", "--remove-section", "branch.\(name)"]
        let outcome = try? retrying { () throws(GitError) in
            try git.run(removal, for: .write, accepting: [0, 128])
        }
        return outcome != nil
    }
}

extension Repository {
    /// Whether the repository's configuration certainly has no section for a branch: no line in which one could begin has
    /// the name, in any case of its letters, or a backslash, which can stand within a name.
    private func hasNoSection(of name: String) -> Bool {
        guard let text = try? readFile(location.commonDirectory.appending("config")) else { return false }
        let wanted = name.utf8.map(\.lowered)
        return text.split(separator: 0x0a).allSatisfy { line in
            guard line.contains(UInt8(ascii: "[")) else { return true }
            return !line.contains(UInt8(ascii: "\\")) && line.map(\.lowered).firstRange(of: wanted) == nil
        }
    }
}

extension RepositoryLocation {
    /// The file of a local branch, where it has one of its own and does not stand in `packed-refs` only.
    public func looseFile(ofBranch name: String) -> FilePath {
        commonDirectory.pushing("refs/heads").pushing(FilePath(name))
    }
}

extension RepositoryLocation {
    /// The log of a local branch.
    func logFile(ofBranch name: String) -> FilePath {
        commonDirectory.pushing("logs/refs/heads").pushing(FilePath(name))
    }
}

extension ObjectID {
    /// As many zeros as the id has digits: "must not exist" for `git update-ref`.
    var nullText: String { String(repeating: "0", count: Int(byteCount) * 2) }
}

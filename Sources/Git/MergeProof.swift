import CLibGit2
import SystemPackage

extension GitCommand {
    /// Whether a merge of `commit` into `other`, with `base` as what both come from, has no conflict and leaves every file
    /// of `other` as it is: all that was changed between `base` and `commit` is there, at its own place. Merged in
    /// memory by libgit2, without looking for renames; nothing is written. False also where libgit2 cannot do that.
    func changesNothing(_ commit: ObjectID, mergedInto other: ObjectID, base: ObjectID) -> Bool {
        Libgit2.start()
        var repository: OpaquePointer?
        guard directory.withPlatformString({ git_repository_open_ext(&repository, $0, 0, nil) }) == 0 else {
            return false
        }
        defer { git_repository_free(repository) }
        let trees = [base, other, commit].map { tree(of: $0, repository) }
        defer { trees.forEach { git_tree_free($0) } }
        guard trees.allSatisfy({ $0 != nil }) else { return false }
        var options = git_merge_options()
        git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION))
        options.flags = GIT_MERGE_FAIL_ON_CONFLICT.rawValue
        var index: OpaquePointer?
        guard git_merge_trees(&index, repository, trees[0], trees[1], trees[2], &options) == 0 else { return false }
        defer { git_index_free(index) }
        var difference: OpaquePointer?
        guard git_diff_tree_to_index(&difference, repository, trees[1], index, nil) == 0 else { return false }
        defer { git_diff_free(difference) }
        return git_diff_num_deltas(difference) == 0
    }

    private func tree(of commit: ObjectID, _ repository: OpaquePointer?) -> OpaquePointer? {
        var oid = commit.native
        var object: OpaquePointer?
        guard git_object_lookup(&object, repository, &oid, GIT_OBJECT_COMMIT) == 0 else { return nil }
        defer { git_object_free(object) }
        var tree: OpaquePointer?
        return git_commit_tree(&tree, object) == 0 ? tree : nil
    }
}

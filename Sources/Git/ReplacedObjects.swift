import FileTree
import SystemPackage

extension Repository {
    /// Whether git shows other objects than the ones stored, through `git replace` or grafts; libgit2 does not.
    var rewritesObjects: Bool {
        references.hasAny(under: "refs/replace/")
            || FileStatus.ifPresent(location.commonDirectory.pushing("info/grafts")) != nil
    }
}

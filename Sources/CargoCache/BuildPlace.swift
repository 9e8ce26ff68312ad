import FileTree
import SystemPackage

extension BuildTree {
    /// Whether cargo builds in `directory`: it is the root of a build directory, which has `.rustc_info.json`
    /// (`Rustc::new`), or one of the profile directories in it. `names` are its entries, which
    /// decide about most directories without another look.
    public static func isInUseByCargo(_ directory: FilePath, names: Set<FilePath.Component>) -> Bool {
        if names.contains(".rustc_info.json") { return true }
        let hints: [FilePath.Component] = [".fingerprint", "build"] + ProfileContents.locks
        return hints.contains(where: names.contains) && isMadeProfile(directory)
    }
}

import FileTree
import SystemPackage

extension BuildTree {
    /// The directories of all units in the build directory at `root`, by profile directory, from their names alone: no
    /// fingerprint is read. Enough to see whether one build directory has units that another one lacks.
    public static func unitNames(of root: FilePath) -> [FilePath] {
        profileDirectories(of: root).flatMap { profile -> [FilePath] in
            let legacy = profile.appending(".fingerprint")
            let build = profile.appending("build")
            let packages = subdirectories(of: root.appending(build.components))
            return subdirectories(of: root.appending(legacy.components)).map { legacy.appending($0) }
                // In the legacy layout, `build` has directories of the same names as `.fingerprint`.
                + packages.filter { UnitName.split(directory: $0.string) == nil }.flatMap { package in
                    let directory = build.appending(package)
                    return subdirectories(of: root.appending(directory.components)).map { directory.appending($0) }
                }
        }
    }
}

import CargoCache
import FileTree
import SystemPackage

/// A unit that no build can reach any more, and what of the build directory is its own.
public struct StaleUnit: Sendable {
    /// The unit's profile directory.
    public let profile: FilePath
    /// The package.
    public let package: String
    /// The version of its package; nil where it is not known.
    public let version: String?
    /// The stem of its fingerprint's files, which says what it is.
    public let stem: String
    /// Why nothing reaches it.
    public let reason: ColdReason
    /// The build directory that it is in.
    public let buildDirectory: FilePath
    /// Its hash file, relative to the build directory.
    public let hashFile: FilePath
    /// Its other files and the directories that are its own alone, relative to the build directory.
    public let paths: [FilePath]

    /// Package and stem.
    public var name: String { "\(package) \(stem)" }
}

extension CargoWorkspace {
    /// Units of the build directory that no build can reach any more. `compiler`: the line that the compiler in use calls
    /// itself; nil where it cannot be told. Units whose artifacts have names without a hash are not among them: a living
    /// unit writes the same files. Neither are sessions of incremental compilation, which nothing ties to a unit.
    public func staleUnits(compiler: String?) -> [StaleUnit] {
        let lock = lockFile()
        let survey = DonorSurvey(of: self, lock: lock, compiler: { compiler })
        let units = survey.graph.units
        var kept: Set<FilePath> = []
        for index in units.indices where survey.verdicts[index] == nil || units[index].hasPlainNames {
            kept.formUnion(units[index].ownPaths)
        }
        return units.indices.compactMap { index in
            let unit = units[index]
            guard let verdict = survey.verdicts[index], !unit.hasPlainNames else { return nil }
            let version =
                survey.sources[index]?.text
                ?? lock?.version(of: unit.package, isPath: survey.graph.origins[index] == .path)
            return StaleUnit(
                profile: unit.profile, package: unit.package, version: version, stem: unit.stem,
                reason: ColdReason(verdict), buildDirectory: buildDirectory, hashFile: unit.hashFile,
                paths: unit.ownPaths.filter { !kept.contains($0) })
        }
    }

    /// Removes the unit's files, the hash file first: without it cargo looks at nothing else, so that an interruption at
    /// any point leaves a build directory that is correct. The caller holds cargo's locks. Throws the first `FileError`.
    public func remove(_ unit: StaleUnit) throws(FileError) {
        try removeTree(buildDirectory.appending(unit.hashFile.components))
        for path in unit.paths { try removeTree(buildDirectory.appending(path.components)) }
        // Several units can have one directory for their fingerprints.
        try? removeEmptyDirectory(buildDirectory.appending(unit.hashFile.removingLastComponent().components))
    }
}

extension Unit {
    /// What no other unit has a part in, the hash file apart. A unit of the unit layout has a directory; in the legacy
    /// layout only the scripts and their runs have one, and everything else is brought together by the hash.
    fileprivate var ownPaths: [FilePath] {
        let fingerprint = fingerprintFiles.map(\.path)
        switch (layout, kind) {
        case (.unit, _), (.legacy, .buildScript), (.legacy, .buildScriptRun):
            return fingerprint + [outDirectory.removingLastComponent()]
        case (.legacy, .library), (.legacy, .executable):
            return fingerprint + artifacts.map(\.path)
        }
    }
}

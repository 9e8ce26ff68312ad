import SystemPackage

/// Which units another compiler made. Cargo hashes the compiler's version into every fingerprint, so units that depend
/// on each other have the same one: those whose own files do not tell take it from their neighbours.
struct CompilerCheck {
    private let compiler: String
    private let versions: [String?]
    /// For each profile directory, the versions that occur in it.
    private let versionsOfProfile: [FilePath: Set<String>]

    init(_ compiler: String, _ graph: UnitGraph, in buildDirectory: FilePath) {
        self.compiler = compiler
        var versions = graph.units.map { CompilerVersion.recorded(of: $0, in: buildDirectory) }
        var waiting = versions.indices.filter { versions[$0] != nil }
        while let index = waiting.popLast() {
            for neighbour in graph.dependencies[index] + graph.dependents[index] where versions[neighbour] == nil {
                versions[neighbour] = versions[index]
                waiting.append(neighbour)
            }
        }
        var ofProfile: [FilePath: Set<String>] = [:]
        for (unit, version) in zip(graph.units, versions) {
            if let version { ofProfile[unit.profile, default: []].insert(version) }
        }
        self.versions = versions
        versionsOfProfile = ofProfile
    }

    /// Why the unit is none that this compiler made; nil for one that it made.
    func reason(_ unit: Unit, at index: Int) -> StaleReason? {
        if let version = versions[index] {
            return version == compiler ? nil : .compilerReplaced(version: version, now: compiler)
        }
        // A program without a library anywhere around it: as the rest of the profile, if that is of one mind.
        let around = versionsOfProfile[unit.profile] ?? []
        if let version = around.first, around.count == 1 {
            return version == compiler ? nil : .compilerReplaced(version: version, now: compiler)
        }
        return .compilerUnknown
    }
}

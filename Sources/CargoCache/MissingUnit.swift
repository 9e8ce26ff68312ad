import FileTree
import SystemPackage

/// A unit that others were made with, and of which no fingerprint is left: cargo will make it anew.
public struct MissingUnit: Hashable, Sendable {
    /// The profile directory of the units above it.
    public let profile: FilePath
    /// The crate, by the name under which the units above it know it; `build_script_build` for a build script.
    public let crate: String

    /// Those below the superseded units of `graph`, each once. Where a library of the same crate is there, it has been
    /// compiled anew, and nothing is missing: the units above it are left over from before.
    static func list(_ graph: UnitGraph, in buildDirectory: FilePath) -> [MissingUnit] {
        let known = Set(graph.units.compactMap(\.fingerprint?.value))
        var present: Set<MissingUnit> = []
        for unit in graph.units where unit.kind == .library && unit.fingerprint != nil {
            present.insert(MissingUnit(profile: unit.profile, crate: unit.crateName))
        }
        var missing: Set<MissingUnit> = []
        for index in graph.superseded {
            let unit = graph.units[index]
            let record = unit.fingerprintDirectory.appending("\(unit.stem).json")
            guard let json = try? readFile(buildDirectory.appending(record.components)) else { continue }
            for (name, hash) in dependencies(ofRecord: json) where !known.contains(hash) {
                let dependency = MissingUnit(profile: unit.profile, crate: name)
                if !present.contains(dependency) { missing.insert(dependency) }
            }
        }
        return missing.sorted { ($0.profile.string, $0.crate) < ($1.profile.string, $1.crate) }
    }

    /// Names and hashes of `deps` in a fingerprint's JSON text, as far as it can be read.
    private static func dependencies(ofRecord json: [UInt8]) -> [(name: String, hash: UInt64)] {
        var scanner = JSONScanner(json)
        var found: [(name: String, hash: UInt64)] = []
        _ = scanner.object { key, scanner in
            guard key == "deps" else { return scanner.skipValue() != nil }
            return scanner.array { scanner in
                var parts: [String] = []
                let whole = scanner.array { scanner in
                    guard let text = scanner.skipValue() else { return false }
                    parts.append(String(decoding: text, as: UTF8.self))
                    return true
                }
                if whole, parts.count == 4, let hash = UInt64(parts[3]) {
                    found.append((String(parts[1].dropFirst().dropLast()), hash))
                }
                return whole
            }
        }
        return found
    }
}

extension Unit {
    /// The library's name in code, from the stem.
    fileprivate var crateName: String { String(stem.dropFirst("lib-".count).map { $0 == "-" ? "_" : $0 }) }
}

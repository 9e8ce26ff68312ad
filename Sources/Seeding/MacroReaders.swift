import CargoCache
import FileTree
import SystemPackage

/// Units of path packages that can use a proc macro which looks at the worktree by itself: a directory of migrations,
/// `.env`, a schema. Nothing that cargo or rustc writes down says which files; `MacroInputs` has to prove that they are
/// the same elsewhere.
enum MacroReaders {
    /// A macro within a unit's reach.
    struct Reader {
        /// The package's name.
        let name: String
        /// What it can look at.
        let sight: ProcMacro.Sight
    }

    /// For each unit, the macro within its reach that sees most, or nil. A macro is in reach over any chain of
    /// libraries, since a library can pass it on; not through a build script's run or through another macro.
    static func macros(_ graph: UnitGraph, buildDirectory: FilePath) -> [Reader?] {
        var result = [Reader?](repeating: nil, count: graph.units.count)
        guard graph.origins.contains(where: { $0 == .path }) else { return result }
        let isMacro = graph.units.map(\.isProcMacro)
        let sights = graph.units.indices.concurrentMap { index in
            isMacro[index] ? graph.units[index].sight(in: buildDirectory) : .none
        }
        for sight in [ProcMacro.Sight.path, .files] {
            for macro in graph.units.indices where sights[macro] == sight {
                var waiting = graph.dependents[macro]
                while let index = waiting.popLast() {
                    guard result[index] == nil else { continue }
                    result[index] = Reader(name: graph.units[macro].package, sight: sight)
                    if !isMacro[index], graph.units[index].kind == .library { waiting += graph.dependents[index] }
                }
            }
        }
        for index in result.indices where graph.origins[index] != .path { result[index] = nil }
        return result
    }
}

extension Unit {
    /// A library with a shared library for the compiler, and nothing else to link with.
    var isProcMacro: Bool {
        kind == .library && artifacts.contains { $0.kind == .sharedLibrary }
            && !artifacts.contains { $0.kind == .rlib || $0.kind == .rmeta }
    }

    fileprivate func sight(in buildDirectory: FilePath) -> ProcMacro.Sight {
        let library = artifacts.first { $0.kind == .sharedLibrary }
        return library.map { ProcMacro.sight(of: buildDirectory.appending($0.path.components)) } ?? .none
    }
}

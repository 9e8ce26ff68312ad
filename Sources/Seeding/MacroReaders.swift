import CargoCache
import FileTree
import SystemPackage

/// Units of path packages that can use a proc macro which looks at the worktree by itself: a directory of migrations, `.env`, a
/// schema. Nothing that cargo or rustc writes down says which files, so it cannot be proven that they are the same
/// elsewhere.
enum MacroReaders {
    /// For each unit, the name of such a macro within its reach, or nil. A macro is in reach over any chain of
    /// libraries, since a library can pass it on; not through a build script's run or through another macro.
    static func macros(_ graph: UnitGraph, buildDirectory: FilePath) -> [String?] {
        var result = [String?](repeating: nil, count: graph.units.count)
        guard graph.origins.contains(where: { $0 == .path }) else { return result }
        let isMacro = graph.units.map(\.isProcMacro)
        let reads = concurrentMap(graph.units.indices) { index in
            isMacro[index] && graph.units[index].canReadWorktree(in: buildDirectory)
        }
        for macro in graph.units.indices where reads[macro] {
            var waiting = graph.dependents[macro]
            while let index = waiting.popLast() {
                guard result[index] == nil else { continue }
                result[index] = graph.units[macro].package
                if !isMacro[index], graph.units[index].kind == .library { waiting += graph.dependents[index] }
            }
        }
        for index in result.indices where graph.origins[index] != .path { result[index] = nil }
        return result
    }
}

extension Unit {
    /// A library with a shared library for the compiler, and nothing else to link with.
    fileprivate var isProcMacro: Bool {
        kind == .library && artifacts.contains { $0.kind == .sharedLibrary }
            && !artifacts.contains { $0.kind == .rlib || $0.kind == .rmeta }
    }

    fileprivate func canReadWorktree(in buildDirectory: FilePath) -> Bool {
        artifacts.contains {
            $0.kind == .sharedLibrary && ProcMacro.canReadWorktree(buildDirectory.appending($0.path.components))
        }
    }
}

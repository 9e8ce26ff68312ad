import CargoCache
import FileTree
import SystemPackage

/// Whether a path that the compiler was given in an environment variable can be in what it made, in a form that no search
/// finds. It cannot where the variable served to include files and nothing else, which the sources have to show.
struct EnvironmentCheck {
    /// For the workspace that the unit belongs to.
    let request: SeedRequest
    let texts: UnitTexts
    let roots: WorktreeRoots
    /// Build directories that the unit can have been compiled in.
    let buildRoots: [[UInt8]]

    /// The reason to leave the unit at `index` cold, or nil.
    func reason(at index: Int, _ depInfo: CompilerDepInfo) -> ColdReason? {
        for variable in depInfo.environment {
            guard let value = variable.value else { continue }
            let isHarmless =
                roots.occur(in: value)
                ? isOnlyInclusion(variable.name, value, at: index, depInfo)
                : !isPathBesideRoots(variable.name, value, at: index, depInfo)
            if !isHarmless { return .environment(variable: String(decoding: variable.name, as: UTF8.self)) }
        }
        return nil
    }

    // MARK: Paths that no search knows

    /// Whether this is a path of the worktree that does not look like one: it leads there by a symlink, or cargo has set
    /// it for a package of the workspace, whose files are nowhere else in another worktree. (`--target-dir` elsewhere, with
    /// a build directory of its own: CARGO_BIN_EXE_….)
    private func isPathBesideRoots(
        _ name: [UInt8], _ value: [UInt8], at index: Int, _ depInfo: CompilerDepInfo
    ) -> Bool {
        let isMember = texts.survey.graph.origins[index] == .path && depInfo.crateRoot?.first != slash
        if isMember, value.first == slash, Self.isSetByCargo(name) { return true }
        return roots.areReachedBySymlink(in: value)
    }

    private static func isSetByCargo(_ name: [UInt8]) -> Bool {
        name.starts(with: "CARGO_BIN_EXE_".utf8)
            || ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_TARGET_TMPDIR", "OUT_DIR"].contains {
                name.elementsEqual($0.utf8)
            }
    }

    // MARK: Inclusion

    /// Whether a file below `value` was included, there is a place in the sources that includes by the variable, and no
    /// place where it is used otherwise.
    private func isOnlyInclusion(
        _ name: [UInt8], _ value: [UInt8], at index: Int, _ depInfo: CompilerDepInfo
    ) -> Bool {
        let isBuildOutput = isInBuildDirectory(value)
        // Generated files lie below the root package's directory, too, and were included by OUT_DIR.
        let hasIncluded = depInfo.sources.contains { source in
            source.isPath(under: value) && (isBuildOutput || !isInBuildDirectory(source))
        }
        guard hasIncluded else { return false }
        var use = EnvironmentUse()
        for source in depInfo.sources {
            guard let text = texts.text(of: source, self) else { return false }
            use.formUnion(EnvironmentUse(of: name, in: text))
            if use.isOther { return false }
        }
        use.formUnion(texts.useInMacros(of: name, forUnitAt: index, self))
        if use.isOther { return false }
        // As `tonic::include_proto!` does.
        return use.isInclusion || texts.isIncludedByDependency(name, ofUnitAt: index)
    }

    func isInBuildDirectory(_ path: [UInt8]) -> Bool { buildRoots.contains { path.isPath(under: $0) } }

    // MARK: Locations

    /// Whether code that is included from a build directory, whose absolute path is in the unit for panic messages, can
    /// have asked for that path as a value.
    func isLocationUsed(at index: Int, _ depInfo: CompilerDepInfo) -> Bool {
        let isPath = texts.survey.graph.origins[index] == .path
        for source in depInfo.sources {
            let isGenerated = source.first == slash && roots.root(containing: source) != nil
            guard isGenerated || isPath else { continue }
            guard let text = texts.text(of: source, self) else { return true }
            if LocationUse.callsCaller(text) { return true }
            // In a macro it is the path of whoever uses the macro.
            if isGenerated || LocationUse.hasMacros(text), LocationUse.hasFileMacro(text) { return true }
        }
        return texts.isLocationUsedInMacros(forUnitAt: index, self)
    }
}

private let slash = UInt8(ascii: "/")

extension WorktreeRoots {
    /// Whether `text` has an absolute path that leads to one of the roots by symlinks, and so does not begin with it.
    func areReachedBySymlink(in text: [UInt8]) -> Bool {
        var missing: Set<ArraySlice<UInt8>> = []
        for start in text.indices where text[start] == slash && (start == 0 || text[start - 1] != slash) {
            // Where a path ends in a text nobody knows: it is followed as far as there is something.
            var end = start
            repeat {
                end = text[(end + 1)...].firstIndex { $0 == slash || ends.contains($0) } ?? text.count
                let path = text[start..<end]
                if missing.contains(path) { break }
                guard let real = realPath(FilePath(bytes: path)) else {
                    if end < text.count, text[end] != slash { continue }
                    missing.insert(path)
                    break
                }
                if root(containing: real.bytes) != nil, root(containing: Array(path)) == nil { return true }
            } while end < text.count
        }
        return false
    }
}

/// What can stand behind a path in an instruction.
private let ends = Array(" \t,;:'\"=".utf8)

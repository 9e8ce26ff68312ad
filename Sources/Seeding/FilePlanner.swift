import CargoCache
import FileTree
import SystemPackage

/// Decides how each file of a unit is taken.
struct FilePlanner {
    struct Failure: Error {
        let reason: ColdReason
    }

    let request: SeedRequest
    let survey: DonorSurvey
    private var graph: UnitGraph { survey.graph }

    /// The files of a unit, artifacts before the fingerprint, or why it cannot be taken after all.
    func files(of index: Int) -> Result<[SeedPlan.File], Failure> {
        let unit = graph.units[index]
        let traits = graph.traits(of: index)
        let stamp = graph.isMutable[index] ? request.sources.stamp : nil
        var files: [SeedPlan.File] = []
        for file in unit.artifacts + unit.fingerprintFiles {
            let path = request.donor.buildDirectory.pushing(file.path)
            let contents = contents(of: file, at: path, ofUnitAt: index)
            guard let status = contents?.status ?? FileStatus.ifPresent(path) else {
                return .failure(Failure(reason: .unreadable(path: file.path.string)))
            }
            guard let action = action(for: file, of: unit, at: path, traits) else { continue }
            let size = file.node == .directory ? 0 : status.size
            var planned = SeedPlan.File(file: file, action: action, size: size, mtime: status.mtime)
            if case .copy = action, size < limitOfContents { planned.contents = contents }
            if let stamp, !planned.isLinked, file.node == .file { planned.mtime = stamp }
            files.append(planned)
        }
        return .success(files)
    }

    /// Longer files are not kept in memory. Where copies share their blocks, those that are copied anyway are written
    /// (`Directory.copy`).
    private var limitOfContents: Int64 { request.sharing.clones ? 4096 : 64 << 10 }

    /// What is in a file that was read already, or that is quicker read than looked at and opened later. The hash file was
    /// read before, and is read again behind it: so it is of the unit that is taken.
    private func contents(of file: UnitFile, at path: FilePath, ofUnitAt index: Int) -> FileContents? {
        guard file.node == .file else { return nil }
        switch file.kind {
        case .timestamp: return try? FileContents(path)
        case .compilerDepInfo:
            let read = survey.depInfo[index]?.file
            return read?.name == file.name && read?.directory == file.directory ? read?.knownContents : nil
        default: return file.knownContents
        }
    }

    /// Nil for a file that is not taken.
    private func action(
        for file: UnitFile, of unit: Unit, at path: FilePath, _ traits: UnitTraits
    ) -> SeedPlan.Action? {
        if file.kind == .depInfo, let bytes = rewrittenDepInfo(of: unit) { return .rewrite(bytes) }
        if file.kind == .diagnostics, let bytes = rewrittenDiagnostics(at: path) { return .rewrite(bytes) }
        // One output at least has to have the new time, and this one can be the only one.
        if file.kind == .sharedLibrary, !traits.immutable, request.sources.stamp != nil { return .copy }
        switch request.rule.sharing(of: file.kind, in: traits) {
        case .link: return file.node == .file ? .link : .copy
        case .copy: return .copy
        case .leave: return nil
        }
    }

    /// `dep-<stem>` with the recipient's root in place of the donor's: otherwise cargo would watch the donor's file and
    /// never see an edit here. Its contents are in no hash, its mtime is what counts. Nil where nothing changes.
    private func rewrittenDepInfo(of unit: Unit) -> [UInt8]? {
        guard var depInfo = unit.depInfo else { return nil }
        let donor = request.donor.worktree.bytes
        let recipient = request.recipient.worktree.bytes
        var changed = false
        for index in depInfo.files.indices where depInfo.files[index].isAbsolute {
            let path = depInfo.files[index].path
            guard path.isPath(under: donor) else { continue }
            depInfo.files[index].path = recipient + path.dropFirst(donor.count)
            changed = true
        }
        return changed ? depInfo.encoded : nil
    }

    /// Warnings that cargo prints again should name the file here. They are JSON, a message in a line.
    private func rewrittenDiagnostics(at path: FilePath) -> [UInt8]? {
        let donor = Self.inJSON(request.donor.worktree.bytes + [UInt8(ascii: "/")])
        guard let text = try? readFile(path), text.contains(text: donor) else { return nil }
        return text.replacing(donor, with: Self.inJSON(request.recipient.worktree.bytes + [UInt8(ascii: "/")]))
    }

    private static func inJSON(_ path: [UInt8]) -> [UInt8] {
        path.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): Array("\\n".utf8)
            case UInt8(ascii: "\t"): Array("\\t".utf8)
            default: [byte]
            }
        }
    }
}

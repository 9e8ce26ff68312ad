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
            let path = request.donor.buildDirectory.appending(file.path.components)
            guard let status = FileStatus.ifPresent(path) else {
                return .failure(Failure(reason: .unreadable(path: file.path.string)))
            }
            guard let action = action(for: file, of: unit, at: path, traits) else { continue }
            let size = file.node == .directory ? 0 : status.size
            var planned = SeedPlan.File(file: file, action: action, size: size, mtime: status.mtime)
            if let stamp, !planned.isLinked, file.node == .file { planned.mtime = stamp }
            files.append(planned)
        }
        return .success(files)
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

    /// Warnings that cargo prints again should name the file here.
    private func rewrittenDiagnostics(at path: FilePath) -> [UInt8]? {
        let donor = request.donor.worktree.bytes + [UInt8(ascii: "/")]
        guard let text = try? readFile(path), text.contains(text: donor) else { return nil }
        return text.replacing(donor, with: request.recipient.worktree.bytes + [UInt8(ascii: "/")])
    }
}

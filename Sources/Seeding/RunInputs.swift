import CargoCache
import FileTree
import SystemPackage

/// What a build script's run took from its package, and what it wrote elsewhere than into OUT_DIR.
struct RunInputs {
    private let request: SeedRequest
    private let survey: DonorSurvey
    private var graph: UnitGraph { survey.graph }
    /// Files in the build directory that cargo has not put there.
    private let foreign: [PackageFile]

    init(request: SeedRequest, survey: DonorSurvey) {
        self.request = request
        self.survey = survey
        foreign = ForeignFiles.list(in: request.donor.buildDirectory, units: survey.graph.units)
    }

    /// The time in which a script ran: cargo sets the mtime of `output` to its start and writes `root-output` after its
    /// end (`build_work`, custom_build.rs).
    typealias Period = ClosedRange<FileTime>

    /// Why the run at `index`, which printed `output`, cannot be taken; nil when nothing is against it.
    func reason(at index: Int, _ output: BuildScriptOutput, _ period: Period) -> ColdReason? {
        if let file = foreign.first(where: { period.contains($0.mtime) }) {
            return .writtenOutside(path: file.path.string)
        }
        guard graph.origins[index] == .path else { return nil }
        guard let package = packageDirectory(ofRunAt: index) else {
            return isOfWorkspace(index) ? .unknownSources : nil
        }
        let watched = output.watchedPaths
        if let path = pathBeyondWorktree(watched, from: package) { return .beyondWorktree(path: path.string) }
        if request.sources.stamp != nil, watched.isEmpty { return .timeRecorded }
        // A file that differs is not always newer: what git ignores can have come with the time that it had elsewhere.
        if let reason = inputReason(watched, of: package, graph.units[index]) { return reason }
        // The linker goes by where rustc was started, which is the workspace's root.
        let libraries = output.librarySearchPaths.filter { $0.first != UInt8(ascii: "/") }
        if let reason = inputReason(libraries, of: request.donor.directory, graph.units[index]) { return reason }
        if request.sources.stamp != nil, let path = newerInput(watched, of: package, than: period.lowerBound) {
            return .sourceDiffers(path: path.string)
        }
        if let path = missingSource(of: index, period) { return .writtenOutside(path: path.string) }
        return packageReason(package, period, watchesAll: watched.isEmpty)
    }

    /// The package's directory within the worktree; nil for a package outside.
    private func packageDirectory(ofRunAt index: Int) -> FilePath? {
        guard let script = graph.dependencies[index].first(where: { graph.units[$0].kind == .buildScript }),
            let depInfo = survey.depInfo[script]?.info
        else { return nil }
        let unit = graph.units[script]
        // A script of no known workspace stays cold itself, and the run with it.
        return depInfo.packageDirectory(of: unit, in: (request.moved(toWorkspaceOf: unit, depInfo) ?? request).donor)
    }

    /// Whether it is a run of a script that lies in the workspace.
    private func isOfWorkspace(_ index: Int) -> Bool {
        graph.dependencies[index].contains { dependency in
            graph.units[dependency].kind == .buildScript
                && survey.depInfo[dependency]?.info.crateRoot?.first != UInt8(ascii: "/")
        }
    }

    /// A relative path that leaves the worktree is another file wherever worktrees do not stand side by side.
    private func pathBeyondWorktree(_ watched: [[UInt8]], from package: FilePath) -> FilePath? {
        let parents = [request.donor, request.recipient].map { $0.worktree.removingLastComponent() }
        guard parents[0] != parents[1] else { return nil }
        return watched.lazy.map { FilePath(bytes: $0) }.first { path in
            path.isRelative
                && package.appending(path.components).lexicallyNormalized().components.first?.kind == .parentDirectory
        }
    }

    /// What the script watches and is another here, or missing. Its mtime does not have to be newer than the run, so that
    /// cargo might not see it.
    private func inputReason(_ watched: [[UInt8]], of package: FilePath, _ unit: Unit) -> ColdReason? {
        let (donor, recipient) = (request.donor, request.recipient)
        let outDirectory = donor.buildDirectory.appending(unit.outDirectory.components)
        let isThere = FileStatus.ifPresent(recipient.worktree) != nil
        for text in watched {
            var path = package.pushing(FilePath(bytes: text)).lexicallyNormalized()
            // Comes with the run.
            if path.starts(with: outDirectory) { continue }
            let isInside = !path.isAbsolute && path.components.first?.kind != .parentDirectory
            guard isInside || path.removePrefix(donor.worktree) else {
                // One and the same file for both.
                let file = donor.worktree.pushing(path)
                if realPath(file) == nil { return .inputMissing(path: path.string) }
                continue
            }
            let theirs = FileStatus.ifPresent(donor.worktree.appending(path.components))?.kind
            let ours = FileStatus.ifPresent(recipient.worktree.appending(path.components))?.kind
            if theirs == nil, ours == nil { return .inputMissing(path: path.string) }
            guard theirs == .directory, ours == .directory || !isThere else {
                if !request.sources.isIdentical(path) { return .sourceDiffers(path: path.string) }
                continue
            }
            let inDonor = PackageFile.watched(
                in: path, of: donor.worktree, except: donor.outermostBuildDirectory)
            let inRecipient = PackageFile.watched(
                in: path, of: recipient.worktree, except: recipient.outermostBuildDirectory)
            let other = (inDonor + inRecipient).first {
                $0.kind != .directory && !request.sources.isIdentical($0.path)
            }
            if let other { return .sourceDiffers(path: other.path.string) }
            let directories = [inDonor, inRecipient].map { Set($0.lazy.filter { $0.kind == .directory }.map(\.path)) }
            if isThere, let other = directories[0].symmetricDifference(directories[1]).first {
                return .sourceDiffers(path: other.string)
            }
        }
        return nil
    }

    /// What the script watches and has changed in the donor since it ran, a directory that has lost a file included: the
    /// same here by now, but not what the script saw. In a worktree that has the donor's mtimes cargo finds that itself.
    private func newerInput(_ watched: [[UInt8]], of package: FilePath, than time: FileTime) -> FilePath? {
        let root = request.donor.worktree
        for text in watched {
            var path = package.pushing(FilePath(bytes: text)).lexicallyNormalized()
            if path.isAbsolute, !path.removePrefix(root) { continue }
            guard let own = FileStatus.ifPresent(root.appending(path.components)) else { continue }
            if own.mtime > time { return path }
            guard own.kind == .directory else { continue }
            let files = PackageFile.watched(in: path, of: root, except: request.donor.outermostBuildDirectory)
            if let newer = files.first(where: { $0.mtime > time }) { return newer.path }
        }
        return nil
    }

    /// A source file of the package that was written while the script ran, or that the recipient has not got: the
    /// script makes it, and has to run for it.
    private func missingSource(of index: Int, _ period: Period) -> FilePath? {
        let isThere = FileStatus.ifPresent(request.recipient.worktree) != nil
        for dependent in graph.dependents[index] where graph.units[dependent].kind != .buildScriptRun {
            guard let depInfo = survey.depInfo[dependent]?.info else { continue }
            let unit = graph.units[dependent]
            let directory = (request.moved(toWorkspaceOf: unit, depInfo) ?? request).donor.directory
            for source in depInfo.sources where source.first != UInt8(ascii: "/") {
                let path = directory.appending(FilePath(bytes: source).components).lexicallyNormalized()
                guard !request.sources.isIdentical(path) else { continue }
                if let time = FileStatus.ifPresent(request.donor.worktree.appending(path.components))?.mtime,
                    period.contains(time)
                {
                    return path
                }
                let ours = request.recipient.worktree.appending(path.components)
                if isThere, FileStatus.ifPresent(ours) == nil { return path }
            }
        }
        return nil
    }

    /// Another run, of a release build or of a tool, can have written the file again: it was made in this one's time then.
    private func wasWritten(_ file: PackageFile, in period: Period) -> Bool {
        if period.contains(file.mtime) { return true }
        guard file.mtime > period.upperBound else { return false }
        let birth = (try? LastingIdentity(request.donor.worktree.appending(file.path.components)))?.birth
        return birth.map(period.contains) ?? false
    }

    /// A script that names no file is run again by cargo only for a newer file, and with a `rerun-if-env-changed` for
    /// none: a file that is gone, or in that case any change, would go unseen. So all files must be the same, and none
    /// may have gone since it ran, which a directory's mtime tells.
    private func packageReason(_ package: FilePath, _ period: Period, watchesAll: Bool) -> ColdReason? {
        let theirs = PackageFile.files(
            of: package, in: request.donor.worktree, except: request.donor.outermostBuildDirectory)
        for file in theirs {
            let isIdentical = request.sources.isIdentical(file.path)
            if !isIdentical, file.kind != .directory, wasWritten(file, in: period) {
                return .writtenOutside(path: file.path.string)
            }
            guard watchesAll else { continue }
            if file.kind == .directory ? file.mtime > period.upperBound : !isIdentical {
                return .sourceDiffers(path: file.path.string)
            }
        }
        guard watchesAll else { return nil }
        let ours = PackageFile.files(
            of: package, in: request.recipient.worktree, except: request.recipient.outermostBuildDirectory)
        let added = ours.first { $0.kind != .directory && !request.sources.isIdentical($0.path) }
        return added.map { .sourceDiffers(path: $0.path.string) }
    }
}

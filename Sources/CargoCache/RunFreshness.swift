import FileTree
import SystemPackage

extension FreshnessCheck {
    /// Why a build script would be run again for its own reasons. `package` is its package's root, where that is known.
    func runReason(_ unit: Unit, isPath: Bool, package: FilePath?) -> StaleReason? {
        let record = unit.fingerprintDirectory.appending("\(unit.stem).json")
        guard let json = try? readFile(buildDirectory.appending(record.components)),
            let locals = LocalFingerprint.list(ofRecord: json), !locals.isEmpty
        else { return .unknownForm(file: record.string) }
        guard let outputFile = unit.artifacts.first(where: { $0.kind == .buildScriptOutput }),
            let (output, status) = try? readFileAndStatus(buildDirectory.appending(outputFile.path.components))
        else { return .outputMissing(path: unit.fingerprintDirectory.string) }

        let now = watchedPaths(of: unit, output: output)
        var named: [FilePath] = []
        for local in locals {
            switch local {
            case .depInfo: return .unknownForm(file: record.string)
            case .precalculated(let text):
                if text.hasPrefix("overridden") { return .overridden }
                if isPath, let reason = packageReason(text, package) { return reason }
            case .variableUnchanged(let name, let value):
                if let reason = variables.reason(name, value, since: status.mtime, isCompiled: false) { return reason }
            case .filesUnchanged(_, let paths):
                named = paths.map { FilePath($0) }
                if let reason = filesReason(named, package, newerThan: status.mtime) { return reason }
            }
        }
        let isSame = zip(now, named).allSatisfy { isSamePath($0, $1, package) }
        guard now.count == named.count, isSame else {
            return package == nil ? .packageUnknown : .instructionsChanged
        }
        return isPath ? manifestReason(package, newerThan: status.mtime) : nil
    }

    /// The paths that cargo reads out of `output` now, with the OUT_DIR of today in place of the one that it was written
    /// for (`prev_build_output`, custom_build.rs).
    private func watchedPaths(of unit: Unit, output: [UInt8]) -> [FilePath] {
        var text = output
        if let root = unit.artifacts.first(where: { $0.kind == .rootOutput }),
            let then = try? readFile(buildDirectory.appending(root.path.components)), !then.isEmpty
        {
            text = output.replacing(then, with: buildDirectory.appending(unit.outDirectory.components).bytes)
        }
        return BuildScriptOutput(text).watchedPaths.map { path in
            FilePath(bytes: path.reversed().drop { " \t\r".utf8.contains($0) }.reversed())
        }
    }

    /// Cargo keeps a path below the package's root relative to it.
    private func isSamePath(_ now: FilePath, _ kept: FilePath, _ package: FilePath?) -> Bool {
        var now = now
        if let package, now.isAbsolute { _ = now.removePrefix(package) }
        let (a, b) = (now.components.filter { $0.kind != .currentDirectory }, kept.components)
        return now.isAbsolute == kept.isAbsolute && a.elementsEqual(b.filter { $0.kind != .currentDirectory })
    }

    private func filesReason(_ paths: [FilePath], _ package: FilePath?, newerThan time: FileTime) -> StaleReason? {
        for path in paths {
            guard path.isAbsolute || package != nil else { return .packageUnknown }
            let absolute = package?.pushing(path) ?? path
            if let reason = reason(absolute, newerThan: time, checksum: nil) { return reason }
        }
        return nil
    }

    /// Without instructions all files of a path package count, by the newest one's mtime to the nanosecond and its name
    /// (`PathSource::fingerprint`). Cargo leaves out what git ignores or the manifest excludes; that is not known here,
    /// so that such a file counts, too.
    private func packageReason(_ recorded: String, _ package: FilePath?) -> StaleReason? {
        guard let package, let end = recorded.firstIndex(of: " "), let time = FileTime(recorded[..<end]) else {
            return .packageUnknown
        }
        let name = recorded[end...].dropFirst(2).dropLast()
        let newest = package.pushing(FilePath(String(name)))
        guard let now = times.newest(newest) else { return .fileMissing(path: shown(newest)) }
        guard now == time else { return .fileNewer(path: shown(newest)) }
        let target = package.appending("target")
        let newer = PackageFile.files(of: "", in: package, except: buildDirectory).first { file in
            guard file.kind != .directory, file.mtime > time || file.kind == .symlink else { return false }
            let path = package.appending(file.path.components)
            guard !path.starts(with: target), let followed = FileTimes.ofFile(path) else { return false }
            return followed > time
        }
        return newer.map { .fileNewer(path: shown(package.appending($0.path.components))) }
    }
}

extension FileTime {
    /// From cargo's `<seconds>.<nine digits>s` (`Display` of filetime's `FileTime`).
    init?(_ text: Substring) {
        let parts = text.split(separator: ".")
        guard parts.count == 2, parts[1].count == 10, parts[1].last == "s", let seconds = Int64(parts[0]),
            let nanoseconds = Int32(parts[1].dropLast())
        else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }
}

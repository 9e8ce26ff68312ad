import FileTree
import SystemPackage

/// The patterns of one ignore file, in order.
struct IgnoreRules: Sendable {
    let patterns: [IgnorePattern]

    /// Reads the text of an ignore file (add_patterns_from_buffer, dir.c).
    init(_ text: [UInt8]) {
        var text = text[...]
        if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
        patterns = text.split(separator: 0x0a).compactMap { line in
            IgnorePattern(line: line.last == 0x0d ? line.dropLast() : line)
        }
    }

    /// Some of the patterns of a file, in its order.
    init(_ patterns: [IgnorePattern]) { self.patterns = patterns }

    /// Whether the last pattern that matches ignores `path`; nil when none matches. Throws `Unproven`.
    func verdict(_ path: ArraySlice<UInt8>, name: ArraySlice<UInt8>, isDirectory: Bool) throws(Unproven) -> Bool? {
        for pattern in patterns.reversed() {
            if try pattern.matches(path, name: name, isDirectory: isDirectory) { return !pattern.isNegative }
        }
        return nil
    }
}

extension IgnoreRules {
    /// The rules for all worktrees of a repository, weightiest first: `info/exclude`, then the user's own
    /// (setup_standard_excludes, dir.c). Throws `Unproven` when git would read another file, or one cannot be read.
    static func common(to repository: borrowing Repository) throws(Unproven) -> [IgnoreRules] {
        var places = [repository.location.commonDirectory.pushing("info/exclude")]
        if let text = repository.configuration.string(forKey: "core.excludesfile") {
            if let path = repository.configuration.path(forKey: "core.excludesfile") {
                // A relative path, another user's home, git's own place, something newer.
                guard path.isAbsolute else { throw Unproven("core.excludesFile is '\(text)'") }
                places.append(path)
            }
        } else if let directory = xdgDirectory(repository.environment) {
            places.append(directory.appending("ignore"))
        }
        var rules: [IgnoreRules] = []
        for place in places {
            do throws(FileError) {
                guard try FileStatus.ofExisting(place) != nil else { continue }
                rules.append(IgnoreRules(try readFile(place)))
            } catch {
                throw Unproven(error.description)
            }
        }
        return rules
    }
}

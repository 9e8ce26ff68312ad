import FileTree
import Foundation
import SystemPackage

/// Looks, when the process ends, for descriptors of files in the directories that tests have made. By then all tests are
/// over, and whatever they opened should be closed; during a test that cannot be told, since others run beside it. What
/// libgit2 has given out and not got back is the leak sanitizer's to find: scripts/sanitize.
public enum OpenFiles {
    /// Has the process end with status 1 and a list, should there be any. Does so once, however often it is asked for.
    public static func checkAtExit() { _ = isChecked }

    private static let isChecked: Void = {
        atexit {
            let left = OpenFiles.inTestDirectories
            guard !left.isEmpty else { return }
            let text = "still open when all tests had ended:\n\(left.joined(separator: "\n"))\n"
            FileHandle.standardError.write(Data(text.utf8))
            _exit(1)
        }
    }()

    /// The names of what this process has open below such a directory; those of removed files end with ` (deleted)`.
    static var inTestDirectories: [String] {
        guard let table = try? Directory("/proc/self/fd") else { return [] }
        let names = (try? table.entries().map(\.name)) ?? []
        return names.compactMap { name -> String? in
            let target = try? name.withName { name throws(FileError) in try table.symlinkTarget(name) }
            return target.map { String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
        }.filter { $0.contains("/wt-test.") || $0.contains("/wt-git-") }
    }
}

import FileTree
import Foundation
import SystemPackage

/// The files in `Fixtures/` beside this source file.
enum Fixtures {
    static let directory = FilePath(#filePath).removingLastComponent().appending("Fixtures")

    /// Copies a directory of fixtures; the copy must not exist yet. Throws what FileManager throws.
    static func copy(_ name: String, to destination: FilePath) throws {
        try FileManager.default.copyItem(
            atPath: directory.pushing(FilePath(name)).string, toPath: destination.string)
    }
}

/// Sets every file and directory at and below `path`, except the children named in `excluding`, to one time an hour
/// ago, as sources stand in a worktree that one has worked in for a while. Cargo compares their mtimes with the start
/// of a build; fresh files and a build in the same moment would make that a matter of luck. Throws `FileError`.
public func backdate(_ path: FilePath, excluding: Set<String> = []) throws(FileError) {
    let time = FileTime(seconds: FileTime.now().seconds - 3600, nanoseconds: 123_456_789)
    try Directory(path).backdateContents(to: time, excluding: excluding)
    guard let name = path.lastComponent else { return }
    let directory = try Directory(path.removingLastComponent())
    var result: Result<Void, FileError> = .success(())
    name.withPlatformString { name in
        do throws(FileError) { try directory.setTime(of: name, to: time) } catch { result = .failure(error) }
    }
    try result.get()
}

extension Directory {
    fileprivate func backdateContents(to time: FileTime, excluding: Set<String>) throws(FileError) {
        try forEachEntry { name, kind throws(FileError) in
            if excluding.contains(String(cString: name)) { return }
            if kind == .directory { try child(name).backdateContents(to: time, excluding: []) }
            try setTime(of: name, to: time)
        }
    }
}

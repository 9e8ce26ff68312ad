import FileTree
import SystemPackage

/// Everything that is mounted at or below `directory`, a path without symlinks: a file system, or a bind mount, whose
/// device is that of what is around it. From `/proc/self/mountinfo` (proc(5)); empty on systems without it, where a
/// removal stops when it meets the mount.
func mountPoints(in directory: FilePath) -> [FilePath] {
    guard let table = try? readFile("/proc/self/mountinfo") else { return [] }
    return table.split(separator: UInt8(ascii: "\n")).compactMap { line in
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
        guard fields.count > 4 else { return nil }
        let path = FilePath(bytes: unescaped(fields[4]))
        return path.starts(with: directory) ? path : nil
    }
}

/// Blanks, line ends and backslashes stand as three octal digits in a mount table (mangle_path, fs/seq_file.c).
private func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
        let digits = rest.prefix(3)
        if byte == UInt8(ascii: "\\"), digits.count == 3,
            let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
        {
            result.append(code)
            rest = rest.dropFirst(3)
        } else {
            result.append(byte)
        }
    }
    return result
}

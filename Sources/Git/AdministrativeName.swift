import SystemPackage

/// The name that git gives the administrative directory of a worktree at `path`: its last component with everything
/// replaced that a reference name may not hold, since the name is part of `worktrees/<name>/HEAD`
/// (sanitize_refname_component, refs.c). A number is put behind when it is taken.
func administrativeName(for path: FilePath) -> [UInt8] {
    var name: [UInt8] = []
    var last: UInt8 = 0
    for byte in path.lastComponent?.bytes ?? [] {
        switch byte {
        case UInt8(ascii: ".") where last == UInt8(ascii: "."):
            break
        case UInt8(ascii: "{") where last == UInt8(ascii: "@"):
            name.append(dash)
        case 0...0x20, 0x7f:
            name.append(dash)
        case let byte where "~^:?*[\\".utf8.contains(byte):
            name.append(dash)
        default:
            name.append(byte)
        }
        last = byte
    }
    if name.first == UInt8(ascii: ".") { name[0] = dash }
    while name.reversed().starts(with: ".lock".utf8.reversed()) { name.removeLast(5) }
    // For `@` git itself makes a name with a slash in it, and fails.
    return name.isEmpty || name == [UInt8(ascii: "@")] ? [dash] : name
}

private let dash = UInt8(ascii: "-")

import FileTree
import SystemPackage

extension FilePath {
    /// The path as text for an argument of a child process, or nil when its bytes are not UTF-8 and text would name
    /// something else.
    public var exactString: String? {
        let text = string
        return Array(text.utf8) == bytes ? text : nil
    }

    /// This path, or, when it is relative, what it means seen from `base`; `.` and `..` are resolved by their names.
    func resolved(from base: FilePath) -> FilePath {
        (isAbsolute ? self : base.pushing(self)).lexicallyNormalized()
    }
}

extension Array<UInt8> {
    /// Without the white space and line ends behind.
    var trimmedEnd: ArraySlice<UInt8> {
        var end = endIndex
        while end > startIndex, self[end - 1].isSpace { end -= 1 }
        return self[startIndex..<end]
    }
}

extension UInt8 {
    /// Space, tab and line ends, as C's isspace(3) has them.
    var isSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}

extension StringProtocol {
    /// What follows `prefix`, or nil when it does not start with it.
    func dropped(prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension Collection<UInt8> {
    /// As text; invalid UTF-8 is repaired, so for messages, names of branches and words that git defines only.
    var text: String { String(decoding: self, as: UTF8.self) }
}

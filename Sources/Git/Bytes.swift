import FileTree
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension FilePath {
    /// A path of exactly these bytes; file names need not be UTF-8.
    init(bytes: some Collection<UInt8>) {
        var characters = bytes.map { CChar(bitPattern: $0) }
        characters.append(0)
        self.init(platformString: characters)
    }

    /// The path's bytes, without the NUL.
    var bytes: [UInt8] { withPlatformString(Self.bytes(of:)) }

    /// The bytes of a C string, without the NUL.
    static func bytes(of start: UnsafePointer<CChar>) -> [UInt8] {
        let text = UnsafeRawPointer(start)
        return [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(start)))
    }

    /// The path as text for an argument of a child process, or nil when its bytes are not UTF-8 and text would name
    /// something else.
    var exactString: String? {
        let text = string
        return Array(text.utf8) == bytes ? text : nil
    }

    /// This path, or, when it is relative, what it means seen from `base`; `.` and `..` are resolved by their names.
    func resolved(from base: FilePath) -> FilePath {
        (isAbsolute ? self : base.pushing(self)).lexicallyNormalized()
    }
}

extension FilePath.Component {
    /// The name's bytes, without the NUL.
    var bytes: [UInt8] { withPlatformString(FilePath.bytes(of:)) }

    /// `withPlatformString` for a body that throws `FileError` and nothing else.
    func withName<Value>(
        _ body: (UnsafePointer<CChar>) throws(FileError) -> Value
    ) throws(FileError) -> Value {
        try withPlatformString { name in Result { () throws(FileError) in try body(name) } }.get()
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

import CPosix
import SystemPackage

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension FilePath {
    /// The path's bytes, whatever their encoding.
    public var bytes: [UInt8] { withPlatformString(FileTree.bytes(of:)) }

    /// The path with exactly these bytes, up to the first NUL.
    public init(bytes: some Sequence<UInt8>) { self.init(bytes: Array(bytes)) }

    /// The same without a call for each byte, which a sequence of any kind costs.
    public init(bytes: [UInt8]) {
        self = bytes.withUnsafeBytes(Self.path)
    }

    /// The same of a part of an array.
    public init(bytes: ArraySlice<UInt8>) {
        self = bytes.withUnsafeBytes(Self.path)
    }

    private static func path(_ bytes: UnsafeRawBufferPointer) -> FilePath {
        withUnsafeTemporaryAllocation(byteCount: bytes.count + 1, alignment: 1) { text in
            text.copyMemory(from: bytes)
            text[bytes.count] = 0
            return FilePath(platformString: text.baseAddress!.assumingMemoryBound(to: CChar.self))
        }
    }
}

/// The bytes of a C string, without the NUL.
public func bytes(of start: UnsafePointer<CChar>) -> [UInt8] {
    [UInt8](UnsafeRawBufferPointer(start: start, count: strlen(start)))
}

/// The first position of `needle` in `bytes` at or after `start`; memmem(3), which runs at memory speed.
public func firstPosition(
    of needle: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer, from start: Int = 0
) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress, let wanted = needle.baseAddress else { return nil }
    guard let found = wt_find(base + start, bytes.count - start, wanted, needle.count) else { return nil }
    return found - base
}

extension [UInt8] {
    /// Whether `text` occurs in these bytes.
    public func contains(text: [UInt8]) -> Bool {
        withUnsafeBytes { bytes in text.withUnsafeBytes { firstPosition(of: $0, in: bytes) != nil } }
    }

    /// These bytes with every `old` replaced by `new`.
    public func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
        guard !old.isEmpty else { return self }
        var result: [UInt8] = []
        var position = 0
        withUnsafeBytes { bytes in
            old.withUnsafeBytes { needle in
                while let next = firstPosition(of: needle, in: bytes, from: position) {
                    result.append(contentsOf: self[position..<next])
                    result.append(contentsOf: new)
                    position = next + old.count
                }
            }
        }
        result.append(contentsOf: self[position...])
        return result
    }
}

extension FilePath.Component {
    /// The name's bytes, whatever their encoding.
    public var bytes: [UInt8] { withPlatformString(FileTree.bytes(of:)) }

    /// Calls `body` with the name as C has it. Throws what `body` throws, with its type, which
    /// `withPlatformString` loses.
    public func withName<Result>(
        _ body: (UnsafePointer<CChar>) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        let outcome = withPlatformString { name in
            Swift.Result { () throws(FileError) in try body(name) }
        }
        return try outcome.get()
    }
}

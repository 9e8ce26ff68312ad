/// The dep-info that cargo itself keeps beside a fingerprint, in the file `dep-<stem>`: which files a unit was
/// compiled from, in a binary form (cargo's `EncodedDepInfo`, `core/compiler/fingerprint/dep_info.rs`, version 1).
public struct EncodedDepInfo: Equatable, Sendable {
    /// What a path in it is relative to.
    public enum Base: UInt8, Sendable {
        /// The package's root. Only path packages have such entries: cargo drops them for registry and git packages
        /// (`translate_dep_info`, `allow_package`), which is what tells the two apart.
        case packageRoot = 0
        /// The build directory; an absolute path here is absolute.
        case buildRoot = 1
    }

    /// One source file.
    public struct File: Equatable, Sendable {
        /// What `path` is relative to.
        public var base: Base
        /// The path's bytes.
        public var path: [UInt8]
        /// Size and checksum, which only `-Zchecksum-freshness` records.
        public var checksum: Checksum?

        /// Whether the path is an absolute one.
        public var isAbsolute: Bool { path.first == UInt8(ascii: "/") }
    }

    /// A file's size and the text of its checksum.
    public struct Checksum: Equatable, Sendable {
        /// In bytes.
        public var size: UInt64
        /// The algorithm and the digits, as cargo writes them.
        public var text: [UInt8]
    }

    /// An environment variable that the compilation read; a nil value means that it was not set.
    public struct Variable: Equatable, Sendable {
        /// Its name.
        public var name: [UInt8]
        /// Its value then.
        public var value: [UInt8]?
    }

    /// The files, in cargo's order.
    public var files: [File] = []
    /// The environment variables, in cargo's order.
    public var environment: [Variable] = []

    /// Decodes a `dep-<stem>` file; nil when it is of another version, or not whole.
    public init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.integer(UInt32.self) == 1, reader.byte() == 0xff, reader.byte() == 1 else { return nil }
        guard let fileCount = reader.integer(UInt32.self) else { return nil }
        for _ in 0..<fileCount {
            guard let base = reader.byte().flatMap(Base.init), let path = reader.lengthPrefixed(),
                let hasChecksum = reader.byte()
            else { return nil }
            var checksum: Checksum?
            if hasChecksum != 0 {
                guard let size = reader.integer(UInt64.self), let text = reader.lengthPrefixed() else { return nil }
                checksum = Checksum(size: size, text: text)
            }
            files.append(File(base: base, path: path, checksum: checksum))
        }
        guard let variableCount = reader.integer(UInt32.self) else { return nil }
        for _ in 0..<variableCount {
            guard let name = reader.lengthPrefixed(), let hasValue = reader.byte() else { return nil }
            var value: [UInt8]?
            if hasValue != 0 {
                guard let text = reader.lengthPrefixed() else { return nil }
                value = text
            }
            environment.append(Variable(name: name, value: value))
        }
        guard reader.isAtEnd else { return nil }
    }

    /// The same in cargo's encoding. Decoding and encoding an unchanged file gives the same bytes.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = [1, 0, 0, 0, 0xff, 1]
        bytes.append(integer: UInt32(files.count))
        for file in files {
            bytes.append(file.base.rawValue)
            bytes.append(lengthPrefixed: file.path)
            bytes.append(file.checksum == nil ? 0 : 1)
            if let checksum = file.checksum {
                bytes.append(integer: checksum.size)
                bytes.append(lengthPrefixed: checksum.text)
            }
        }
        bytes.append(integer: UInt32(environment.count))
        for variable in environment {
            bytes.append(lengthPrefixed: variable.name)
            bytes.append(variable.value == nil ? 0 : 1)
            if let value = variable.value { bytes.append(lengthPrefixed: value) }
        }
        return bytes
    }
}

extension ByteReader {
    fileprivate mutating func lengthPrefixed() -> [UInt8]? {
        integer(UInt32.self).flatMap { slice(Int($0)) }.map(Array.init)
    }
}

extension [UInt8] {
    fileprivate mutating func append<Value: FixedWidthInteger>(integer value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(lengthPrefixed text: [UInt8]) {
        append(integer: UInt32(text.count))
        append(contentsOf: text)
    }
}

#if canImport(CommonCrypto)
    import CommonCrypto
#else
    import CLibCrypto
#endif

/// A running SHA-1 sum (FIPS 180-4). The system's library computes it with the processor's own instructions, three to
/// five times as fast as plain code; a checkout puts every byte of the working tree through it.
struct SHA1 {
    #if canImport(CommonCrypto)
        private var context = CC_SHA1_CTX()

        init() { CC_SHA1_Init(&context) }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            // Its length is 32 bits wide.
            for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
                let part = bytes[start..<min(bytes.count, start + 1 << 30)]
                CC_SHA1_Update(&context, UnsafeRawBufferPointer(rebasing: part).baseAddress, CC_LONG(part.count))
            }
        }

        /// Writes the 20 bytes of the sum. The value is of no use afterwards.
        mutating func finish(into target: UnsafeMutablePointer<UInt8>) { CC_SHA1_Final(target, &context) }
    #else
        private var context = SHA_CTX()

        init() { SHA1_Init(&context) }

        mutating func update(_ bytes: UnsafeRawBufferPointer) { SHA1_Update(&context, bytes.baseAddress, bytes.count) }

        /// Writes the 20 bytes of the sum. The value is of no use afterwards.
        mutating func finish(into target: UnsafeMutablePointer<UInt8>) { SHA1_Final(target, &context) }
    #endif

    /// The sum of one piece of memory, 20 bytes.
    static func sum(of bytes: [UInt8]) -> [UInt8] {
        var sum = SHA1()
        bytes.withUnsafeBytes { sum.update($0) }
        return [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
            sum.finish(into: buffer.baseAddress!)
            count = 20
        }
    }
}

/// The name that git gives a blob in a sha1 repository: the sum of `blob <length>`, a NUL, and the bytes
/// (write_object_file_prepare, object-file.c).
struct BlobSum {
    private var sum = SHA1()

    /// Begins the name of a blob with this many bytes.
    init(length: some BinaryInteger) {
        var header = "blob \(length)"
        header.withUTF8 { sum.update(UnsafeRawBufferPointer($0)) }
        withUnsafeBytes(of: UInt8(0)) { sum.update($0) }
    }

    /// Adds bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) { sum.update(bytes) }

    /// The name, when all bytes were added. To be called once.
    mutating func id() -> ObjectID {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            sum.finish(into: buffer.baseAddress!)
            return ObjectID(at: buffer.baseAddress!, count: 20)
        }
    }
}

extension ObjectID {
    /// The name that git gives a blob with these bytes in a sha1 repository.
    static func ofBlob(_ bytes: UnsafeRawBufferPointer) -> ObjectID {
        var sum = BlobSum(length: bytes.count)
        sum.update(bytes)
        return sum.id()
    }
}

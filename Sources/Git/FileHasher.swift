import FileTree

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads files and symlinks to compare them with blobs.
struct FileHasher: ~Copyable {
    private var stream = FileStream()

    /// What the bytes of a file tell.
    struct Result {
        /// The blob that they would be, unless attributes change them.
        let id: ObjectID
        let hasCarriageReturn: Bool
    }

    /// Reads the child `name`; a symlink's text is its contents. Nil when it cannot be read, is something else, or
    /// changed meanwhile.
    mutating func read(_ name: UnsafePointer<CChar>, in directory: borrowing Directory, isSymlink: Bool) -> Result? {
        if isSymlink {
            guard let text = try? directory.symlinkTarget(name) else { return nil }
            return text.withUnsafeBytes { bytes in
                let id = ObjectID.ofBlob(UnsafeRawBufferPointer(rebasing: bytes.dropLast()))
                return Result(id: id, hasCarriageReturn: false)
            }
        }
        var sum = BlobSum(length: 0)
        var hasCarriageReturn = false
        let isWhole = stream.read(name, in: directory) { status in
            sum = BlobSum(length: status.size)
            return true
        } part: { bytes in
            sum.update(bytes)
            if !hasCarriageReturn { hasCarriageReturn = memchr(bytes.baseAddress!, 0x0d, bytes.count) != nil }
        }
        return isWhole ? Result(id: sum.id(), hasCarriageReturn: hasCarriageReturn) : nil
    }

    /// The bytes of the child file `name`; nil as above, or where there are more than `limit`.
    mutating func contents(
        of name: UnsafePointer<CChar>, in directory: borrowing Directory, limit: Int64
    ) -> [UInt8]? {
        var text: [UInt8] = []
        let isWhole = stream.read(name, in: directory, start: { $0.size <= limit }) { text.append(contentsOf: $0) }
        return isWhole ? text : nil
    }
}

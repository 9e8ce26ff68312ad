import CLibGit2

/// The name of an object: 20 bytes, or 32 in a sha256 repository.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    private let words: (UInt64, UInt64, UInt64, UInt64)
    /// 20 or 32.
    let byteCount: UInt8

    /// The null id of a sha1 repository, which git writes where there is no object.
    public static let zero = ObjectID(validBytes: [UInt8](repeating: 0, count: 20))

    /// The id of these 20 or 32 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 || bytes.count == 32 else { return nil }
        self.init(validBytes: bytes)
    }

    /// The id written as 40 or 64 hexadecimal digits, as in git's own files; nil for anything else.
    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 40 || digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[position].hexValue, let low = digits[position + 1].hexValue else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(validBytes: bytes)
    }

    /// The same for many ids: nothing is allocated.
    init?(hexDigits digits: ArraySlice<UInt8>) {
        guard digits.count == 40 || digits.count == 64 else { return nil }
        var parts: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (number, digit) in digits.enumerated() {
            guard let value = digit.hexValue else { return nil }
            let bits = UInt64(value) << UInt64(60 - 4 * (number % 16))
            switch number / 16 {
            case 0: parts.0 |= bits
            case 1: parts.1 |= bits
            case 2: parts.2 |= bits
            default: parts.3 |= bits
            }
        }
        words = parts
        byteCount = UInt8(digits.count / 2)
    }

    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { ObjectID(at: $0.baseAddress!, count: 20) }
    }

    /// Reads 20 or 32 bytes from memory, aligned or not.
    init(at start: UnsafeRawPointer, count: Int) {
        func word(_ offset: Int) -> UInt64 {
            UInt64(bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        if count == 32 {
            words = (word(0), word(8), word(16), word(24))
        } else {
            let tail = UInt32(bigEndian: start.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
            words = (word(0), word(8), UInt64(tail) << 32, 0)
        }
        byteCount = UInt8(count)
    }

    private init(validBytes bytes: some Collection<UInt8>) {
        let array = Array(bytes)
        self = array.withUnsafeBytes { ObjectID(at: $0.baseAddress!, count: $0.count) }
    }

    /// The id's bytes.
    public var bytes: [UInt8] {
        let all = [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
        return Array(all.prefix(Int(byteCount)))
    }

    /// Puts 32 bytes into `target`, as they stand in files.
    func copyWords(to target: UnsafeMutableBufferPointer<UInt64>) {
        target[0] = words.0.bigEndian
        target[1] = words.1.bigEndian
        target[2] = words.2.bigEndian
        target[3] = words.3.bigEndian
    }

    /// libgit2's form; only for sha1 ids, the only ones it knows.
    var native: git_oid {
        var oid = git_oid()
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4) { words in
            copyWords(to: words)
            withUnsafeMutableBytes(of: &oid) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(words)[..<20]))
            }
        }
        return oid
    }

    /// Whether all bytes are 0, as git writes for "no object".
    public var isZero: Bool { words == (0, 0, 0, 0) }

    /// Hexadecimal digits, lower case.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first seven digits, for messages.
    public var short: String { String(description.prefix(7)) }

    /// Equal bytes.
    public static func == (a: ObjectID, b: ObjectID) -> Bool {
        a.words == b.words && a.byteCount == b.byteCount
    }

    /// Hashes the bytes; they are a hash already, so two words do.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit of either case.
    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}

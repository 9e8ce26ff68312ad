/// SHA-1 of a whole buffer (FIPS 180-4), for the sum at the end of an index file: libgit2 shows no raw one.
func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var state: SHA1State = (0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0)
    let whole = bytes.count & ~63
    bytes.withUnsafeBytes { buffer in
        for offset in stride(from: 0, to: whole, by: 64) { absorb(buffer.baseAddress! + offset, &state) }
    }
    var tail = Array(bytes[whole...]) + [0x80]
    while tail.count % 64 != 56 { tail.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
        tail.append(UInt8(truncatingIfNeeded: (bytes.count << 3) >> shift))
    }
    tail.withUnsafeBytes { buffer in
        for offset in stride(from: 0, to: buffer.count, by: 64) { absorb(buffer.baseAddress! + offset, &state) }
    }
    return [state.0, state.1, state.2, state.3, state.4].flatMap { word in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
}

private typealias SHA1State = (UInt32, UInt32, UInt32, UInt32, UInt32)

private func absorb(_ block: UnsafeRawPointer, _ state: inout SHA1State) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { words in
        let words = words.baseAddress!
        for number in 0..<16 {
            words[number] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * number, as: UInt32.self))
        }
        for number in 16..<80 {
            let mixed = words[number - 3] ^ words[number - 8] ^ words[number - 14] ^ words[number - 16]
            words[number] = mixed << 1 | mixed >> 31
        }
        var (a, b, c, d, e) = state
        func round(_ choice: UInt32, _ constant: UInt32, _ number: Int) {
            let next = (a << 5 | a >> 27) &+ choice &+ e &+ constant &+ words[number]
            (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
        }
        for number in 0..<20 { round(d ^ (b & (c ^ d)), 0x5a82_7999, number) }
        for number in 20..<40 { round(b ^ c ^ d, 0x6ed9_eba1, number) }
        for number in 40..<60 { round((b & c) | (d & (b | c)), 0x8f1b_bcdc, number) }
        for number in 60..<80 { round(b ^ c ^ d, 0xca62_c1d6, number) }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }
}

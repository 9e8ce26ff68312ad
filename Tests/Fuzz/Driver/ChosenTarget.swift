import Glibc
import SystemPackage

/// The target that this process gives bytes to.
enum ChosenTarget {
    /// Set once, before the first bytes come.
    nonisolated(unsafe) fileprivate static var target: FuzzTarget?

    /// Returns false when there is none of that name.
    static func choose(_ name: String) -> Bool {
        target = FuzzTarget.all.first { $0.name == name }
        return target != nil
    }
}

/// What libFuzzer calls, by this name where it has the command line from its own main program, which is linked in. A promise
/// that does not hold ends the process, as libFuzzer expects.
@_cdecl("LLVMFuzzerTestOneInput")
func giveBytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try ChosenTarget.target?.check([UInt8](UnsafeBufferPointer(start: start, count: count)))
    } catch {
        _ = try? FileDescriptor.standardError.writeAll("\(error)\n".utf8)
        abort()
    }
    return 0
}

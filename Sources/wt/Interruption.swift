#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Ctrl-C, a closed terminal, a polite kill: remembered, so that what was begun can be undone. A second signal ends the
/// process at once.
enum Interruption {
    /// Written by the signal handler only; a lone flag of the machine's word size.
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0

    /// Whether a signal has come.
    static var isRequested: Bool { flag != 0 }

    /// Starts to listen.
    static func listen() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var old = sigaction()
            sigaction(number, nil, &old)
            // nohup(1) ignores SIGHUP for us; that stays so.
            if isIgnored(old) { continue }
            var action = sigaction()
            setHandler(&action)
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            sigaction(number, &action, nil)
        }
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        #if canImport(Darwin)
            unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        #else
            unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        #endif
    }

    private static func setHandler(_ action: inout sigaction) {
        #if canImport(Darwin)
            action.__sigaction_u.__sa_handler = { _ in Interruption.flag = 1 }
        #else
            action.__sigaction_handler.sa_handler = { _ in Interruption.flag = 1 }
        #endif
    }
}

import ChildProcess
import FileTree
import Synchronization
import SystemPackage
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How often the alarm's handler ran; a handler must be a plain C function.
private let alarms = Atomic(0)

struct ChildProcessTests {
    private func shell(
        _ script: String, in directory: FilePath? = nil, environment: [String: String] = plainEnvironment
    ) throws -> ChildProcess.Outcome {
        try ChildProcess("sh", ["-c", script], in: directory, environment: environment).run()
    }

    @Test func statusAndOutput() throws {
        let outcome = try shell("echo out; echo err >&2; exit 7")
        #expect(outcome.status == 7)
        #expect(outcome.text == "out\n")
        #expect(outcome.errorText == "err\n")
        #expect(try shell("kill -TERM $$").status == 128 + SIGTERM)
        #expect(try shell("kill -KILL $$").status == 128 + SIGKILL)
        #expect(try ChildProcess("sh", ["-c", "exit 3"], environment: plainEnvironment).runInherited() == 3)
    }

    /// All that it has started ends with it, and before `run` returns.
    @Test func whatIsCancelledEndsWhole() throws {
        let scratch = try Scratch()
        // `wait` is the one thing that a signal right before it ends, too.
        let inner = "trap 'echo ended > ended; exit' TERM; sleep 1000 & echo $$ > started; wait"
        let process = ChildProcess(
            "sh", ["-c", "sh -c \"$INNER\"; echo went on > on"], in: scratch.path,
            environment: plainEnvironment.merging(["INNER": inner]) { $1 })
        let started = scratch.path.appending("started")
        let outcome = try process.run(isCancelled: { (try? FileStatus(started).size) ?? 0 > 0 })
        #expect(outcome.status == 128 + SIGTERM)
        #expect(try scratch.sh("[ -e ended ] && [ ! -e on ]; echo $?") == "0")
    }

    /// Ctrl-C ends a shell at once, before it is asked to end, and not what it has put into the background.
    @Test(arguments: [false, true]) func whatACtrlCLeavesEndsToo(_ isOnStandardError: Bool) throws {
        let scratch = try Scratch()
        let script = """
            (sleep 60; touch survived) & echo $$ > started.1; mv started.1 started
            until [ -e go ]; do sleep 0.05; done; kill -INT $$
            """
        let process = ChildProcess("sh", ["-c", script], in: scratch.path, environment: plainEnvironment)
        var hasBeenSeen = false
        func isCancelled() -> Bool {
            guard let bytes = try? readFile(scratch("started")),
                let shell = Int32(String(decoding: bytes.dropLast(), as: UTF8.self))
            else { return false }
            // What it has started is looked for between the first answer and the second.
            if hasBeenSeen { _ = try? scratch.sh("touch go") }
            hasBeenSeen = true
            // It has ended, and nobody has asked it to.
            return kill(shell, 0) != 0
        }
        let status =
            isOnStandardError
            ? try process.runOnStandardError(isCancelled: isCancelled)
            : try process.run(isCancelled: isCancelled).status
        #expect(status == 128 + SIGINT)
        #expect(FileStatus.ifPresent(scratch("survived")) == nil)
    }

    @Test func outputIsBytes() throws {
        #expect(try shell(#"printf '\000\377\n'"#).output == [0, 0xff, 0x0a])
    }

    /// Far more than a pipe holds on either side, in both orders.
    @Test(arguments: ["out; err", "err; out", "out & err; wait"])
    func neitherPipeBlocksTheOther(_ order: String) throws {
        let outcome = try shell(
            "out() { head -c 3000000 /dev/zero; }; err() { head -c 2000000 /dev/zero >&2; }; \(order)")
        #expect(outcome.output.count == 3_000_000)
        #expect(outcome.errors.count == 2_000_000)
        #expect(outcome.status == 0)
    }

    @Test func standardInputIsEmpty() throws {
        #expect(try shell("cat; echo end").text == "end\n")
    }

    @Test func wordsArriveAsTheyAre() throws {
        let words = ["", "a b", "$HOME", "--", "'\"\\", "line\nfeed", "größe", "*"]
        let outcome = try ChildProcess(
            "printf", [#"%s\0"#] + words, environment: ["PATH": "/usr/bin:/bin"]
        ).run()
        #expect(outcome.text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init) == words + [""])
    }

    @Test func environmentIsExact() throws {
        let environment = ["PATH": "/usr/bin:/bin", "EMPTY": "", "EQUALS": "a=b=c", "LINES": "1\n2"]
        let outcome = try ChildProcess("env", ["-0"], environment: environment).run()
        let found = outcome.text.split(separator: "\0").map(String.init)
        #expect(found.sorted() == environment.map { "\($0.key)=\($0.value)" }.sorted())
        let none = try ChildProcess("/usr/bin/env", [], environment: [:]).run()
        #expect(none.output == [])
    }

    @Test func directory() throws {
        let scratch = try Scratch()
        try scratch.sh(#"mkdir "$(printf 'n\377')""#)
        let name = try #require(FilePath.Component(platformString: [0x6e, -1, 0] as [CChar]))
        let outcome = try shell("printf %s \"$PWD\"", in: scratch.path.appending(name), environment: ["PATH": "/bin"])
        #expect(outcome.output.suffix(2) == [0x6e, 0xff])
    }

    @Test func whatCannotBeStarted() throws {
        let missing = #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("no-such-program", [], environment: plainEnvironment).run()
        }
        #expect(missing?.code == .noSuchFileOrDirectory)
        #expect(missing?.description == "cannot run no-such-program: No such file or directory")
        let path = #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("/no/such/program", [], environment: plainEnvironment).run()
        }
        #expect(path?.code == .noSuchFileOrDirectory)
        let nowhere = #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("sh", [], in: "/no/such/directory", environment: plainEnvironment).run()
        }
        #expect(nowhere?.description == "cannot run sh in /no/such/directory: No such file or directory")
        let forbidden = #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("/etc/passwd", [], environment: plainEnvironment).run()
        }
        #expect(forbidden?.code == .permissionDenied)
    }

    @Test func theChildsPathCounts() throws {
        let scratch = try Scratch()
        try scratch.sh(
            """
            mkdir -p decoy/tool plain right
            printf text > plain/tool
            printf '#!/bin/sh\\necho right\\n' > right/tool; chmod +x right/tool
            """)
        // A directory and a file that is not executable, both of that name, come first.
        let path = ["decoy", "plain", "right"].map { scratch($0).string }.joined(separator: ":")
        #expect(try ChildProcess("tool", [], environment: ["PATH": path]).run().text == "right\n")
        #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("tool", [], environment: ["PATH": "/usr/bin:/bin"]).run()
        }
        // What is relative would be looked up here and started elsewhere.
        #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("tool", [], in: scratch("right"), environment: ["PATH": ".::right"]).run()
        }
        #expect(try ChildProcess("sh", ["-c", "echo found"], environment: [:]).run().text == "found\n")
    }

    #if os(Linux)
        /// Neither pipes nor directories; only what was open and not close-on-exec before (make's jobserver, say).
        @Test func noDescriptorIsInherited() async {
            await #expect(processExitsWith: .success) {
                let inheritable = (0..<4096).filter { descriptor in
                    let flags = fcntl(Int32(descriptor), F_GETFD)
                    return flags >= 0 && flags & FD_CLOEXEC == 0
                }
                let directory = try Directory("/")
                let outcome = try ChildProcess("ls", ["/proc/self/fd"], environment: plainEnvironment).run()
                // One of them is the descriptor with which ls reads that directory.
                let seen = Set(outcome.text.split(separator: "\n").compactMap { Int($0) })
                #expect(seen.count == Set(inheritable).union([0, 1, 2]).count + 1)
                #expect(seen.isSuperset(of: inheritable))
                #expect(directory.path == "/")
            }
        }

        /// A background job that keeps the pipes open: its starter has ended, and that is what counts.
        @Test func whatIsLeftRunningIsNotWaitedFor() throws {
            let outcome = try shell("sleep 1000 & echo $!; echo done >&2")
            let pid = try #require(Int32(outcome.text.dropLast()))
            #expect(kill(pid, SIGKILL) == 0)
            #expect(outcome.errorText == "done\n")
            #expect(outcome.status == 0)
        }

        /// Also when it never stops writing; and all that was written before the end is there.
        @Test func whatGoesOnWritingIsNotWaitedFor() throws {
            let outcome = try shell("head -c 1000000 /dev/zero; exec 3>&1; yes >&3 & echo $! >&2")
            let pid = try #require(Int32(outcome.errorText.dropLast()))
            kill(pid, SIGKILL)
            #expect(outcome.output.count { $0 == 0 } == 1_000_000)
        }
    #endif

    @Test func failuresLeaveNoDescriptorOpen() async {
        await #expect(processExitsWith: .success) {
            let leaks = try leaksDescriptors {
                _ = try? ChildProcess("no-such-program", [], environment: plainEnvironment).run()
                _ = try? ChildProcess("/etc/passwd", [], environment: plainEnvironment).run()
                _ = try ChildProcess("true", [], environment: plainEnvironment).run()
                _ = try ChildProcess("true", [], environment: plainEnvironment).runInherited()
            }
            #expect(!leaks)
        }
    }

    @Test func signalsInTheMiddleChangeNothing() async {
        await #expect(processExitsWith: .success) {
            var action = sigaction()
            // Without SA_RESTART, so that read, poll and waitpid are interrupted.
            #if canImport(Darwin)
                action.__sigaction_u.__sa_handler = { _ in alarms.add(1, ordering: .relaxed) }
            #else
                action.__sigaction_handler.sa_handler = { _ in alarms.add(1, ordering: .relaxed) }
            #endif
            try #require(sigaction(SIGALRM, &action, nil) == 0)
            let often = timeval(tv_sec: 0, tv_usec: 500)
            var timer = itimerval(it_interval: often, it_value: often)
            #if canImport(Darwin)
                try #require(setitimer(ITIMER_REAL, &timer, nil) == 0)
            #else
                try #require(setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil) == 0)
            #endif
            repeat {
                let outcome = try ChildProcess(
                    "sh", ["-c", "head -c 5000000 /dev/zero; head -c 100000 /dev/zero >&2; exit 9"],
                    environment: plainEnvironment
                ).run()
                #expect(outcome.output.count == 5_000_000)
                #expect(outcome.errors.count == 100_000)
                #expect(outcome.status == 9)
            } while alarms.load(ordering: .relaxed) < 20
        }
    }

    /// Some programs that start others ignore SIGCHLD, and that is inherited; the kernel then keeps no exit status.
    @Test func anIgnoredSIGCHLDLosesNoStatus() async {
        await #expect(processExitsWith: .success) {
            signal(SIGCHLD, SIG_IGN)
            let outcome = try ChildProcess("sh", ["-c", "exit 5"], environment: plainEnvironment).run()
            #expect(outcome.status == 5)
        }
    }

    @Test func theChildHasDefaultSignals() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_IGN)
            var all = sigset_t()
            sigfillset(&all)
            try #require(pthread_sigmask(SIG_BLOCK, &all, nil) == 0)
            let outcome = try ChildProcess("sh", ["-c", "kill -PIPE $$; echo alive"], environment: plainEnvironment)
                .run()
            #expect(outcome.status == 128 + SIGPIPE)
            #expect(outcome.text == "")
        }
    }

    @Test func closedStandardDescriptors() async {
        await #expect(processExitsWith: .success) {
            close(0)
            let outcome = try ChildProcess(
                "sh", ["-c", "cat; echo out; echo err >&2"], environment: plainEnvironment
            ).run()
            #expect(outcome.text == "out\n")
            #expect(outcome.errorText == "err\n")
        }
    }
}

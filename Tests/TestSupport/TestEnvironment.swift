import FileTree
import Foundation
import SystemPackage

/// The environment that tests run `git`, `cargo` and `wt` with. Nothing of the person or machine that runs the tests
/// reaches them: no git configuration, no cargo configuration, no RUSTFLAGS, no identity, no language, no network.
public enum TestEnvironment {
    /// A whole environment whose `HOME` and `CARGO_HOME` lie in `home`, which is created. Throws `FileError`.
    ///
    /// `PATH` and the place of rustup's toolchains are the caller's: the tools themselves are not part of a fixture.
    public static func hermetic(home: FilePath) throws -> [String: String] {
        try makeDirectories(home.appending("cargo"))
        let own = ProcessInfo.processInfo.environment
        var settings = [
            "PATH": own["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "HOME": home.string,
            "XDG_CONFIG_HOME": home.appending(".config").string,
            "LC_ALL": "C",
            "TZ": "UTC",
            "CARGO_HOME": home.appending("cargo").string,
            "CARGO_NET_OFFLINE": "true",
            "CARGO_TERM_COLOR": "never",
            "CARGO_TERM_PROGRESS_WHEN": "never",
            // A toolchain that is missing must be an error here, not a download.
            "RUSTUP_AUTO_INSTALL": "0",
        ]
        settings.merge(git) { $1 }
        let rustup = own["RUSTUP_HOME"] ?? "\(own["HOME"] ?? "/")/.rustup"
        if FileStatus.ifPresent(FilePath(rustup)) != nil { settings["RUSTUP_HOME"] = rustup }
        // Where the coverage of child processes goes, in a run that measures it, and what sanitizers are told.
        let passed = [
            "TMPDIR", "RUSTUP_TOOLCHAIN", "LLVM_PROFILE_FILE", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
        ]
        for name in passed { settings[name] = own[name] }
        return settings
    }

    /// For the system's own tools, those for administrators included.
    public static let plain = ["PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin", "LC_ALL": "C"]

    /// git without anybody's configuration; identity and dates are fixed, so that commit ids are, too.
    private static let git = [
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": identity.name,
        "GIT_AUTHOR_EMAIL": identity.email,
        "GIT_AUTHOR_DATE": "2024-01-01T12:00:00Z",
        "GIT_COMMITTER_NAME": identity.name,
        "GIT_COMMITTER_EMAIL": identity.email,
        "GIT_COMMITTER_DATE": "2024-01-01T12:00:00Z",
    ]

    static let identity = (name: "A Tester", email: "tester@example.invalid")
}

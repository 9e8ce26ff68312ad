import ChildProcess
import Foundation
import SystemPackage

/// The two shapes of a build directory; parameterise a test with `Layout.allCases` to run it on both.
public enum Layout: String, CaseIterable, Sendable {
    /// `<profile>/{deps,.fingerprint,build}`, on the default toolchain.
    case legacy
    /// `<profile>/build/<package>/<hash>`: on nightly where there is one, else on the default toolchain, which
    /// RUSTC_BOOTSTRAP lets take the same `-Z` option.
    case unit

    /// What stands between `cargo` and the subcommand.
    public var cargoOptions: [String] {
        switch self {
        case .legacy: []
        case .unit: (Self.hasNightly ? ["+nightly"] : []) + ["-Zbuild-dir-new-layout"]
        }
    }

    /// What cargo needs in its environment to use this layout. `wt` gets it, too, wherever it may run cargo.
    public var settings: [String: String] {
        switch self {
        // cargo 1.100 has the other layout by default and reads this name; earlier ones ignore it.
        case .legacy: ["__CARGO_TEMPORARY_BUILD_DIR_NEW_LAYOUT_OPT_OUT": "1"]
        // The variable says what the option says, and reaches the cargo that `cargo clippy` starts, too.
        case .unit:
            ["CARGO_UNSTABLE_BUILD_DIR_NEW_LAYOUT": "true"].merging(
                Self.hasNightly ? [:] : ["RUSTC_BOOTSTRAP": "1"]
            ) { $1 }
        }
    }

    /// Whether rustup has a nightly toolchain; asked once.
    private static let hasNightly: Bool = {
        var environment = ProcessInfo.processInfo.environment
        environment["RUSTUP_AUTO_INSTALL"] = "0"
        let outcome = try? ChildProcess("cargo", ["+nightly", "--version"], environment: environment).run()
        return outcome?.status == 0
    }()
}

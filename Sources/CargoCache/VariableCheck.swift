import FileTree
import SystemPackage

/// Whether an environment variable still has the value that cargo has recorded. Cargo asks its manifest, its `[env]`
/// configuration and then its own environment (`LocalFingerprint::find_stale_item` and `from_env`,
/// `core/compiler/fingerprint/mod.rs`).
struct VariableCheck {
    let environment: [String: String]
    let configuration: CargoConfiguration

    /// Why a unit that read the variable is stale; nil when it has the same value. `since` is when the unit was begun,
    /// `isCompiled` whether rustc has read it rather than a build script.
    func reason(_ name: String, _ value: String?, since: FileTime, isCompiled: Bool) -> StaleReason? {
        if isCompiled {
            // From the manifest, whose own time is looked at.
            if Self.manifestVariables.contains(name) { return nil }
            if name == "CARGO" {
                let exists = value.map { FileTimes.ofFile(FilePath($0)) != nil } ?? false
                return exists ? nil : .variableUncertain(name: name)
            }
        }
        let current = environment[name]
        if current == nil, Self.commandVariables.contains(name) { return nil }
        if let mentioned = configuration.newestMention(of: name) {
            let isUnchanged = mentioned <= since && (current == nil || current == value)
            return isUnchanged ? nil : .variableUncertain(name: name)
        }
        if current == value { return nil }
        return Self.rustupVariables.contains(name) ? .variableUncertain(name: name) : .variableChanged(name: name)
    }

    /// `metadata_envs` in cargo's `manifest.rs`; all others that cargo sets are not in a dep-info.
    private static let manifestVariables: Set = [
        "CARGO_PKG_DESCRIPTION", "CARGO_PKG_HOMEPAGE", "CARGO_PKG_REPOSITORY", "CARGO_PKG_LICENSE",
        "CARGO_PKG_LICENSE_FILE", "CARGO_PKG_AUTHORS", "CARGO_PKG_RUST_VERSION", "CARGO_PKG_README",
    ]

    /// What `cargo clippy` sets for itself: the next `cargo clippy` is taken to be the same.
    private static let commandVariables: Set = ["CLIPPY_ARGS"]

    /// What rustup's `cargo` sets before it starts cargo.
    private static let rustupVariables: Set = [
        "PATH", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "RUSTUP_TOOLCHAIN_SOURCE", "RUST_RECURSION_COUNT",
        "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH",
    ]
}

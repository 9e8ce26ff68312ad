/// Whether two worktrees may hold one inode of a file.
public enum Sharing: Sendable {
    /// A hard link: cargo, rustc and the linkers replace such a file, they never write into it.
    case link
    /// A copy of its own (a reflink where the file system can).
    case copy
}

/// The one table that says what may be a hard link. Measured with cargo 1.95 and 1.97 by linking a whole build
/// directory, running every command that writes into it, and comparing inode, size, mtime and checksum of each file
/// on the other side. What is not named here is copied.
public struct SharingRule: Sendable {
    /// On macOS an executable is never hard-linked: Gatekeeper keeps its verdict with the inode (cargo itself clones
    /// there, `link_or_copy` in cargo-util `paths.rs`).
    public var executablesMayBeLinked: Bool

    /// The rule for the system this was compiled for.
    public static var current: SharingRule {
        #if os(macOS)
            SharingRule(executablesMayBeLinked: false)
        #else
            SharingRule(executablesMayBeLinked: true)
        #endif
    }

    /// Makes a rule.
    public init(executablesMayBeLinked: Bool) { self.executablesMayBeLinked = executablesMayBeLinked }

    /// How a file of that kind is taken. `immutable`: the unit is of a registry or git package, and no path package
    /// is below it.
    public func sharing(of kind: ArtifactKind, layout: Layout, immutable: Bool) -> Sharing {
        switch kind {
        case .rlib:
            // rustc renames a temporary file over it, for members too.
            .link
        case .sharedLibrary:
            // Every linker unlinks a shared library before it writes one.
            executablesMayBeLinked ? .link : .copy
        case .rmeta:
            // `cargo check` sets the mtime of a path package's rmeta in place (`rustc()` in core/compiler/mod.rs).
            immutable ? .link : .copy
        case .buildScriptExecutable:
            // In the legacy layout cargo unlinks it first, because it has uplifted it (cargo issue 8348); in the unit
            // layout it does not, and mold writes into what is there.
            immutable && layout == .legacy && executablesMayBeLinked ? .link : .copy
        case .executable, .compilerDepInfo, .plainNamed, .buildScriptOutput, .rootOutput, .buildScriptLog,
            .outDirectory, .diagnostics, .depInfo, .fingerprint, .other:
            .copy
        }
    }
}

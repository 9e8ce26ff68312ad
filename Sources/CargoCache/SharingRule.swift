/// How a file gets from one worktree's build directory to another's.
public enum Sharing: Sendable {
    /// A hard link: cargo, rustc and the linkers replace such a file, they never write into it.
    case link
    /// A copy of its own (a reflink where the file system can).
    case copy
    /// Not at all: neither cargo nor a later seeding reads it.
    case leave
}

/// What the rule needs to know about the unit that a file belongs to.
public struct UnitTraits: Sendable {
    /// The layout it was found in.
    public var layout: Layout
    /// It is of a registry or git package, and no path package is below it.
    public var immutable: Bool
    /// It can have heard of a path in the worktree: it is of a path package, or has a build script and so OUT_DIR.
    public var knowsWorktree: Bool

    /// Describes a unit.
    public init(layout: Layout, immutable: Bool, knowsWorktree: Bool) {
        self.layout = layout
        self.immutable = immutable
        self.knowsWorktree = knowsWorktree
    }
}

/// The one table that says what may be a hard link. Measured with cargo 1.95 and 1.97 by linking a whole build
/// directory, running every command that writes into it, and comparing inode, size, mtime and checksum of each file
/// on the other side. What is not named here is copied.
public struct SharingRule: Sendable {
    /// On macOS an executable is never hard-linked: Gatekeeper keeps its verdict with the inode (cargo itself clones
    /// there, `link_or_copy` in cargo-util `paths.rs`).
    public var executablesMayBeLinked: Bool
    /// Kinds that are taken in another way than the table says: empty in all but the tests that show what that breaks.
    public var exceptions: [ArtifactKind: Sharing] = [:]

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

    /// How a file of that kind is taken.
    public func sharing(of kind: ArtifactKind, in unit: UnitTraits) -> Sharing {
        if let exception = exceptions[kind] { return exception }
        return switch kind {
        case .rlib:
            // rustc renames a temporary file over it, for members too.
            .link
        case .sharedLibrary:
            // Every linker unlinks a shared library before it writes one.
            executablesMayBeLinked ? .link : .copy
        case .rmeta:
            // `cargo check` sets the mtime of a path package's rmeta in place (`rustc()` in core/compiler/mod.rs).
            unit.immutable ? .link : .copy
        case .buildScriptExecutable:
            // In the legacy layout cargo unlinks it first, because it has uplifted it (cargo issue 8348); in the unit
            // layout it does not, and mold writes into what is there.
            unit.immutable && unit.layout == .legacy && executablesMayBeLinked ? .link : .copy
        case .compilerDepInfo:
            // Rewritten in place. Cargo does not read it; the next seeding does, to tell expected paths from baked ones.
            unit.knowsWorktree ? .copy : .leave
        case .timestamp:
            .leave
        case .executable, .plainNamed, .buildScriptOutput, .rootOutput, .buildScriptLog,
            .outDirectory, .diagnostics, .depInfo, .fingerprint, .other:
            .copy
        }
    }
}

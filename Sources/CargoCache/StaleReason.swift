/// Why cargo would compile a unit again, or run a build script again, or why it cannot be told from files that it would
/// not. The cases follow cargo's `FsStatus` and `StaleItem` (`core/compiler/fingerprint/mod.rs`).
public enum StaleReason: Hashable, Sendable, CustomStringConvertible {
    /// The hash file is missing or empty: cargo truncates it before it begins, and writes it last.
    case unfinished
    /// No unit has the fingerprint of a dependency: the dependency is gone, or has been compiled anew since.
    case dependencyReplaced
    /// It depends on a unit that will be compiled or run again.
    case dependency(unit: String)
    /// A dependency's output is newer than this unit's.
    case dependencyNewer(unit: String)
    /// An output is not there.
    case outputMissing(path: String)
    /// `dep-<stem>` is not there.
    case depInfoMissing
    /// A source file, or a file that a build script watches, is not there.
    case fileMissing(path: String)
    /// A source file is newer than the start of the compilation, or a watched file newer than the run.
    case fileNewer(path: String)
    /// With checksums: a source file has another size.
    case fileDiffers(path: String)
    /// An environment variable has another value.
    case variableChanged(name: String)
    /// A build script's run names other files than before: OUT_DIR or the package was at another place.
    case instructionsChanged
    /// The package was at another place, which cargo hashes for packages that are not in the workspace.
    case sourceMoved

    /// The lockfile has other versions of the package only.
    case versionReplaced(version: String)
    /// Another compiler made it.
    case compilerReplaced(version: String, now: String)

    // What follows could be fresh, but that is not known.

    /// It depends on a unit of which nobody knows.
    case dependencyUncertain(unit: String)
    /// Cargo's dep-info or record is of a form that is not known.
    case unknownForm(file: String)
    /// Which files it makes is not known.
    case outputsUnknown
    /// Where its package is could not be found out.
    case packageUnknown
    /// A manifest is newer than the unit: features, lints or settings can have changed with it, and much else cannot.
    case manifestNewer(path: String)
    /// A variable that cargo's configuration or rustup may set.
    case variableUncertain(name: String)
    /// A file is newer, but only its checksum decides.
    case checksumDecides(path: String)
    /// Configuration has replaced the build script's output.
    case overridden
    /// Nothing tells which compiler made it.
    case compilerUnknown

    /// Whether cargo will certainly do something; otherwise it is only not known that it will not.
    public var isCertain: Bool {
        switch self {
        case .unfinished, .dependencyReplaced, .dependency, .dependencyNewer, .outputMissing, .depInfoMissing,
            .fileMissing, .fileNewer, .fileDiffers, .variableChanged, .instructionsChanged, .sourceMoved,
            .versionReplaced, .compilerReplaced:
            true
        case .dependencyUncertain, .unknownForm, .outputsUnknown, .packageUnknown, .manifestNewer, .variableUncertain,
            .checksumDecides, .overridden,
            .compilerUnknown:
            false
        }
    }

    /// Whether the reason is another unit's.
    public var isInherited: Bool {
        switch self {
        case .dependency, .dependencyUncertain: true
        default: false
        }
    }

    /// Half a sentence, to stand after the unit's name.
    public var description: String {
        switch self {
        case .unfinished: "not finished"
        case .dependencyReplaced: "a dependency has been compiled anew since, or is gone"
        case .dependency(let unit): "depends on \(unit)"
        case .dependencyNewer(let unit): "older than \(unit), which it depends on"
        case .outputMissing(let path): "\(path) is missing"
        case .depInfoMissing: "its dep-info is missing"
        case .fileMissing(let path): "\(path) is missing"
        case .fileNewer(let path): "\(path) is newer"
        case .fileDiffers(let path): "\(path) has another size"
        case .variableChanged(let name): "the environment variable \(name) has changed"
        case .instructionsChanged: "its build script would name other files"
        case .sourceMoved: "its package was at another place"
        case .versionReplaced(let version): "Cargo.lock no longer has version \(version)"
        case .compilerReplaced(let version, let now): "compiled by \(version), but the compiler here is \(now)"
        case .dependencyUncertain(let unit): "depends on \(unit), of which it cannot be told"
        case .unknownForm(let file): "\(file) is of a form that is not known"
        case .outputsUnknown: "which files it makes is not known"
        case .packageUnknown: "where its package is could not be found out"
        case .manifestNewer(let path): "\(path) is newer; whether that matters to it cannot be told"
        case .variableUncertain(let name): "\(name) may be set by cargo's configuration or by rustup"
        case .checksumDecides(let path): "\(path) is newer; cargo will compare its checksum"
        case .compilerUnknown: "which compiler made it is not known"
        case .overridden: "cargo's configuration replaces its build script"
        }
    }
}

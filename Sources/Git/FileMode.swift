/// What a tree or an index says of an entry's kind; git knows no other permissions than the owner's execute bit.
public enum FileMode: UInt32, Hashable, Sendable {
    /// A file that is not executable.
    case file = 0o100644
    /// An executable file.
    case executable = 0o100755
    /// A symlink; its text is the blob.
    case symlink = 0o120000
    /// The commit of a submodule.
    case submodule = 0o160000

    /// The mode that git makes of any other (canon_mode, cache.h); nil for a directory.
    init?(canonical mode: UInt32) {
        switch mode & 0o170000 {
        case 0o100000: self = mode & 0o100 != 0 ? .executable : .file
        case 0o120000: self = .symlink
        case 0o160000: self = .submodule
        default: return nil
        }
    }
}

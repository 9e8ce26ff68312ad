import FileTree
import SystemPackage

/// What a compiled proc macro is able to do.
public enum ProcMacro {
    /// How much of the worktree a macro can take in without a word in any dep-info.
    public enum Sight: Sendable {
        /// Nothing but its tokens.
        case none
        /// Files: their contents can be compared.
        case files
        /// The worktree's own path, which is never the same, whatever else; or nobody knows what. So it is with a macro that
        /// writes files, which would be missing.
        case path
    }

    /// What the shared library at `path` can look at by itself; `path` also where that cannot be told. It can look at
    /// files when it contains those functions of the standard library that open a file, list a directory or start a
    /// program, and at its path when it has the one that reads an environment variable together with the name of one
    /// whose value is a path, or one that writes. With both it may do no more than look for its files, but nothing shows whether the path is
    /// in what it expands to. The linker leaves out what nothing calls: of 12 common derive and attribute macros none can
    /// (rustc 1.95), and the panic handler, which reads `/proc`, brings none of it in.
    ///
    /// Not seen: `std::env::current_dir`, and `std::fs::metadata` in an optimised macro, which the panic handler does
    /// bring in, and system calls made directly.
    public static func sight(of path: FilePath) -> Sight {
        let answer = try? FileWindow.open(path) { window -> Sight in
            var hasNames = false
            var seesFiles = false
            var seesVariables = false
            var writes = false
            forEachArtifactPart(window) { part in
                for section in part.sections where section.isSymbolNames {
                    hasNames = true
                    let names = part.window.part(at: section.bytes.lowerBound, count: section.bytes.count)
                    seesFiles = seesFiles || contains(fileFunctions, names)
                    seesVariables = seesVariables || contains(environmentFunctions, names)
                    writes = writes || contains(writingFunctions, names)
                }
                return !writes
            }
            guard hasNames, !writes else { return .path }
            var seesPath = false
            if seesVariables {
                forEachArtifactPart(window) { part in
                    seesPath = contains(pathVariables, part.window)
                    return !seesPath
                }
            }
            return seesPath ? .path : seesFiles ? .files : .none
        }
        return answer ?? .path
    }

    /// Whether one of these is in there; also where that cannot be read.
    private static func contains(_ texts: [[UInt8]], _ window: FileWindow?) -> Bool {
        let found = window?.withBytes { bytes in
            texts.contains { text in text.withUnsafeBytes { firstPosition(of: $0, in: bytes) != nil } }
        }
        return found ?? true
    }

    // Parts of mangled names that are the same in the legacy and the v0 scheme.

    private static let fileFunctions = [
        "3std2fs14read_to_string", "3std2fs4read5inner", "3std2fs4read17h", "11OpenOptions5__open",
        "11OpenOptions4open", "2fs8read_dir", "2fs4unix8read_dir", "unix6common7Command", "7Command5spawn",
        "3std2fs8metadata", "3sys2fs16symlink_metadata", "3sys2fs6exists", "3sys2fs12canonicalize",
        "3sys2fs9read_link", "_4Path7is_file", "_4Path6is_dir", "_4Path10is_symlink",
    ].map { Array($0.utf8) }

    private static let writingFunctions = [
        "3std2fs5write5inner", "3std2fs5write17h", "10DirBuilder7__create", "10DirBuilder6create", "3sys2fs6rename",
        "3sys2fs4copy", "4FileNtNtB7_2io5Write", "std..fs..File$u20$as$u20$std..io..Write",
    ].map { Array($0.utf8) }

    private static let environmentFunctions = [
        "3std3env3var", "3std3env4__var", "3std3env6var_os", "3std3env7__var_os", "3std3env4vars", "3std3env7vars_os",
    ].map { Array($0.utf8) }

    private static let pathVariables = ["CARGO_MANIFEST_", "OUT_DIR", "CARGO_TARGET_TMPDIR", "CARGO_BIN_EXE_"]
        .map { Array($0.utf8) }
}

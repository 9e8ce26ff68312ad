import ChildProcess
import FileTree
import Foundation
import SystemPackage

/// The directory into which the package was built, found from the running test bundle.
public let productsDirectory: FilePath = {
    #if os(macOS)
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath ?? ""
        return FilePath(bundle).removingLastComponent()
    #else
        return (realPath("/proc/self/exe") ?? "").removingLastComponent()
    #endif
}()

extension TestRepository {
    /// Runs a shell's script in the main worktree, which ends at the first command that fails, with these variables, too.
    /// Returns what it printed. Throws `TestFailure` when it fails.
    @discardableResult
    public func sh(_ script: String, _ variables: [String: String] = [:]) throws -> String {
        let outcome = try ChildProcess(
            "sh", ["-euc", script], in: path, environment: environment.merging(variables) { $1 }
        ).run()
        guard outcome.status == 0 else { throw TestFailure("\(script):\n\(outcome.errorText)") }
        return outcome.text
    }

    /// Has `wt` clear up what an earlier one has left, and waits until the process behind a removal has emptied the trash.
    /// Throws `TestFailure`.
    public func settle() throws {
        _ = try runWT(["list"], in: path, environment: environment)
        while FileStatus.ifPresent(path.pushing(".git/wt-trash")) != nil { usleep(1000) }
    }
}

/// Runs the `wt` that was built with these tests. `environment` is the whole environment, as a fixture has it. A
/// status other than 0 is handed over, not thrown. Throws `TestFailure` when `wt` was not built.
public func runWT(
    _ arguments: [String], in directory: FilePath, environment: [String: String]
) throws -> ChildProcess.Outcome {
    let program = productsDirectory.appending("wt")
    guard FileStatus.ifPresent(program) != nil else { throw TestFailure("there is no \(program): swift build first") }
    return try ChildProcess(program.string, arguments, in: directory, environment: environment).run()
}

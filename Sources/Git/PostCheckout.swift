import ChildProcess
import SystemPackage

extension Repository {
    /// Runs the hook `post-checkout` for the new worktree at `root`, as `git worktree add` in `directory` does at its
    /// end (add_worktree, builtin/worktree.c; run_hooks_opt, hook.c): for a checkout of a branch that comes from
    /// nowhere, inside the new worktree, but found from `directory`, with standard error in the place of its outputs
    /// and nothing to read. Returns its exit status; nil when there is no such hook. Throws `GitError` when it cannot
    /// be started.
    public func runPostCheckout(
        in root: FilePath, commit: ObjectID, startedIn directory: FilePath
    ) throws(GitError) -> Int32? {
        guard let hook = hook("post-checkout", from: directory) else { return nil }
        guard let path = hook.exactString else {
            throw GitError(.invalidName, "the hook's path '\(hook)' is not UTF-8")
        }
        let arguments = [commit.nullText, commit.description, "1"]
        let environment = try hookEnvironment(startedIn: directory)
        do throws(ChildProcess.Failure) {
            do throws(ChildProcess.Failure) {
                return try ChildProcess(path, arguments, in: root, environment: environment).runOnStandardError()
            } catch  where error.code == .execFormatError {
                // A script without a first line that names its interpreter (prepare_cmd, run-command.c).
                return try ChildProcess("/bin/sh", [path] + arguments, in: root, environment: environment)
                    .runOnStandardError()
            }
        } catch {
            throw GitError(.other, error.description)
        }
    }

    /// What git adds to the environment of whatever it runs (setup_path, exec-cmd.c; setup_git_directory_gently,
    /// setup.c), less the two variables that it takes away for this hook.
    private func hookEnvironment(startedIn directory: FilePath) throws(GitError) -> [String: String] {
        let programs = try git.run(["--exec-path"]).output.trimmedEnd.text
        let prefix = place(startedIn: directory).prefix
        var environment = environment
        environment["GIT_DIR"] = nil
        environment["GIT_WORK_TREE"] = nil
        environment["GIT_EXEC_PATH"] = programs
        environment["PATH"] = programs + ":" + (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        environment["GIT_PREFIX"] = prefix.map { $0.isEmpty ? "" : "\($0)/" } ?? ""
        // setup_bare_git_dir; without a prefix there is no working tree here.
        if prefix == nil { environment["GIT_IMPLICIT_WORK_TREE"] = "0" }
        return environment
    }
}

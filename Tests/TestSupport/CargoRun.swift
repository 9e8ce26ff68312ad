import ChildProcess
import SystemPackage

/// One run of cargo, offline and with `-v`, and what its own words say it did.
public struct CargoRun: Sendable {
    /// Cargo's exit status.
    public let status: Int32
    /// What it printed to standard output (`cargo run` and `cargo test` pass the program's on).
    public let output: String
    /// All of its standard error, for messages: `#expect(run.log.compiledNothing, "\(run.errors)")`.
    public let errors: String
    /// The standard error, read.
    public let log: CargoLog

    /// Runs `cargo SUBCOMMAND -v --offline ARGUMENTS…` in `directory`. `environment` is the whole environment; the
    /// layout's settings are added. Throws `TestFailure` with all of cargo's words when its status is not 0, unless
    /// `mayFail`.
    public init(
        _ subcommand: String, _ arguments: [String] = [], in directory: FilePath, layout: Layout = .legacy,
        environment: [String: String], mayFail: Bool = false
    ) throws {
        let words = layout.cargoOptions + [subcommand, "-v", "--offline"] + arguments
        let settings = environment.merging(layout.settings) { $1 }
        let outcome = try ChildProcess("cargo", words, in: directory, environment: settings).run()
        status = outcome.status
        output = outcome.text
        errors = outcome.errorText
        log = CargoLog(errors)
        guard status == 0 || mayFail else {
            throw TestFailure("cargo \(words.joined(separator: " ")) in \(directory): status \(status)\n\(errors)")
        }
    }
}

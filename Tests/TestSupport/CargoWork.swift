extension CargoLog {
    /// Every rustc invocation as `crate kind`, and every run of a build script as `package run`.
    public var compiled: [String] {
        (rustc.map { "\($0.crate) \($0.kind)" } + buildScripts.map { "\($0) run" }).sorted()
    }

    /// Cargo's reasons to compile anything again, for messages.
    public var reasons: String { dirty.map { "\($0.package): \($0.reason)" }.joined(separator: "\n") }

    /// What making a unit is in the words of `compiled`: `crate kind` for a compiled unit, `package run` for a build
    /// script's run. `unit` is its package and stem.
    public static func work(ofUnit unit: String) -> String {
        let (package, stem) = (unit.prefix { $0 != " " }, unit.drop { $0 != " " }.dropFirst())
        func crate(_ prefix: String) -> String { String(stem.dropFirst(prefix.count)).replacing("-", with: "_") }
        if stem.hasPrefix("run-build-script-") { return "\(package) run" }
        if stem.hasPrefix("build-script-") { return "\(crate("build-script-")) bin" }
        if stem.hasPrefix("lib-") { return "\(crate("lib-")) lib" }
        for prefix in ["bin-", "example-"] where stem.hasPrefix(prefix) { return "\(crate(prefix)) bin" }
        // The benches of the fixtures have `harness = false`: cargo's word for them is test.
        for prefix in ["test-bench-", "bench-"] where stem.hasPrefix(prefix) { return "\(crate(prefix)) bin" }
        for prefix in ["test-lib-", "test-bin-", "test-integration-test-"] where stem.hasPrefix(prefix) {
            return "\(crate(prefix)) test"
        }
        return "unknown: \(unit)"
    }
}

extension CargoLog.Rustc {
    /// A test without harness has neither `--test` nor a crate type.
    fileprivate var kind: String { isTest ? "test" : types.isEmpty || types == ["bin"] ? "bin" : "lib" }
}

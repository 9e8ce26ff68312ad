import CargoCache
import FileTree
import Foundation
import SystemPackage
import TestSupport
import Testing

/// A small workspace that has been built with all targets, and the forecast for it.
struct Place {
    let workspace: SmallWorkspace
    let layout: TestSupport.Layout
    let path: FilePath

    var target: FilePath { path.appending("target") }

    /// `change` may alter the sources before they are built.
    init(_ layout: TestSupport.Layout, change: (TestRepository) throws -> Void = { _ in }) throws {
        workspace = try SmallWorkspace.make(in: try TemporaryDirectory())
        self.layout = layout
        path = workspace.path
        try change(workspace.repository)
        try build()
    }

    /// The same workspace at another place.
    init(_ place: Place, at path: FilePath) {
        workspace = place.workspace
        layout = place.layout
        self.path = path
    }

    /// A forecast, by the units' names.
    struct Forecast {
        let forecast: FreshnessForecast

        private var all: [(name: String, reason: StaleReason)] {
            zip(forecast.graph.units, forecast.reasons).compactMap { unit, reason in reason.map { (unit.name, $0) } }
        }
        /// Reasons that units have of their own.
        var own: [String: StaleReason] {
            Dictionary(all.filter { !$0.reason.isInherited }.map { ($0.name, $0.reason) }) { first, _ in first }
        }
        /// What is to be done, in the words of `CargoLog.compiled`.
        var work: [String] { all.map { CargoLog.work(ofUnit: $0.name) }.sorted() }
        /// For messages.
        var text: String { all.map { "\($0.name): \($0.reason)" }.sorted().joined(separator: "\n") }

        func reason(_ name: String) -> StaleReason? { all.first { $0.name == name }?.reason }

        func version(_ name: String) -> String? {
            forecast.graph.units.firstIndex { $0.name == name }.flatMap { forecast.versions[$0] }
        }
    }

    func forecast(environment: [String: String] = [:], compiler: String? = nil) -> Forecast {
        Forecast(
            forecast: FreshnessForecast(
                of: BuildTree(reading: target), workspace: path,
                environment: workspace.environment.merging(environment) { $1 }, compiler: compiler))
    }

    @discardableResult
    func build(environment: [String: String] = [:]) throws -> CargoLog {
        try workspace.build(layout, ["--all-targets"], in: path, settings: environment).log
    }

    /// Forecasts, builds, and compares; `reasons` are those that units have of their own, or nil where any will do. What
    /// has been built must then be fresh.
    func expect(
        _ what: String, environment: [String: String] = [:], reasons: [String: StaleReason]?,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let forecast = forecast(environment: environment)
        if let reasons {
            #expect(forecast.own == reasons, "\(what): \(forecast.text)", sourceLocation: location)
        } else {
            #expect(!forecast.work.isEmpty, "\(what)", sourceLocation: location)
        }
        let log = try build(environment: environment)
        #expect(
            forecast.work == log.compiled && log.finished, "\(what): \(forecast.text)\ncargo: \(log.reasons)",
            sourceLocation: location)
        let after = self.forecast(environment: environment)
        #expect(after.work == [], "after \(what): \(after.text)", sourceLocation: location)
    }

    func unit(_ name: String) throws -> CargoCache.Unit {
        try #require(BuildTree(reading: target).units.first { $0.name == name }, "\(name)")
    }

    /// Relative to the build directory.
    func artifact(of name: String, _ extension: String?) throws -> FilePath {
        try #require(unit(name).artifacts.first { $0.name.extension == `extension` }, "\(name)").path
    }

    // MARK: Changes

    func touch(_ name: String) throws { try setModificationTime(of: path.pushing(FilePath(name)), to: .now()) }

    func write(_ name: String, _ text: String) throws {
        let file = path.pushing(FilePath(name))
        try makeDirectories(file.removingLastComponent())
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.string))
    }

    func append(_ text: String, to name: String) throws {
        try write(name, String(decoding: readFile(path.pushing(FilePath(name))), as: UTF8.self) + text)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path.pushing(FilePath(name)).string)
    }
}

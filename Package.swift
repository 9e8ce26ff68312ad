// swift-tools-version: 6.1
import PackageDescription

let filePath: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

/// The modules whose parsers are fuzzed.
let fuzzed: [Target.Dependency] = [
    "CLibGit2", "FileTree", "Git", "CargoCache", "Worktrees", "Terminal", "wt", filePath,
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
]

/// The modules, lowest first. Arrows point down only; `CargoCache` and `Seeding` know nothing of git.
let package = Package(
    name: "wt",
    products: [
        .executable(name: "wt", targets: ["wt"]),
        .library(name: "Seeding", targets: ["Seeding"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibGit2", pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
        .systemLibrary(
            name: "CLibCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .target(name: "CPosix"),
        .target(name: "CNoTransport"),
        .target(name: "FileTree", dependencies: ["CPosix", filePath]),
        .target(name: "ChildProcess", dependencies: ["CPosix", filePath]),
        .target(
            name: "Git",
            dependencies: [
                "CLibGit2", .target(name: "CLibCrypto", condition: .when(platforms: [.linux])), "CNoTransport",
                "ChildProcess", "FileTree", filePath,
            ]),
        .target(name: "CargoCache", dependencies: ["ChildProcess", "FileTree", filePath]),
        .target(name: "Seeding", dependencies: ["CargoCache", "FileTree", filePath]),
        .target(name: "Worktrees", dependencies: ["ChildProcess", "Git", "Seeding", filePath]),
        .target(name: "Terminal"),
        .executableTarget(
            name: "wt",
            dependencies: [
                "ChildProcess", "Git", "Worktrees", "Terminal", filePath,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // Writes the manual; not installed.
        .executableTarget(name: "wt-manual", dependencies: ["ChildProcess", "FileTree", "Terminal", filePath]),

        .target(
            name: "TestSupport", dependencies: ["ChildProcess", "FileTree", filePath], path: "Tests/TestSupport",
            exclude: ["Fixtures"]),
        .testTarget(name: "FileTreeTests", dependencies: ["FileTree", "ChildProcess", "TestSupport", filePath]),
        .testTarget(name: "GitTests", dependencies: ["Git", "TestSupport"]),
        .testTarget(name: "CargoCacheTests", dependencies: ["CargoCache", "ChildProcess", "TestSupport"]),
        .testTarget(name: "SeedingTests", dependencies: ["Seeding", "TestSupport"]),
        .testTarget(
            name: "WorktreesTests",
            dependencies: ["Worktrees", "Git", "FileTree", "ChildProcess", "TestSupport", filePath]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "ChildProcess", "TestSupport"]),
        .testTarget(name: "EndToEndTests", dependencies: ["wt", "wt-manual", "TestSupport"]),
        // Gives every parser the files in Tests/Fuzz/Corpora.
        .testTarget(
            name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpora", "Driver", "CLibFuzzer"],
            sources: ["Parsers", "Replay"]),
    ],
    swiftLanguageModes: [.v6]
)

// What scripts/fuzz builds instead of the tests: a program that gives parsers the bytes that libFuzzer makes up. SwiftPM
// links a program's code into no other one, so that `wt` has to be a library for it.
if Context.environment["WT_FUZZ"] != nil, let wt = package.targets.first(where: { $0.name == "wt" }) {
    package.products = []
    package.targets.removeAll { $0.isTest || ["wt", "wt-manual", "TestSupport"].contains($0.name) }
    package.targets += [
        .target(name: "wt", dependencies: wt.dependencies, exclude: ["main.swift"]),
        .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
        .executableTarget(
            name: "wt-fuzz", dependencies: fuzzed + ["CLibFuzzer"], path: "Tests/Fuzz",
            exclude: ["Corpora", "Replay", "CLibFuzzer"], sources: ["Parsers", "Driver"]),
    ]
}

import FileTree
import FoundationEssentials
import SystemPackage

@testable import CargoCache

extension FuzzedParser {
    /// What cargo, rustc and build scripts write as text or in small binary files.
    static let cargoFiles = [
        FuzzedParser("compiler-dep-info") { bytes in
            let info = CompilerDepInfo(bytes)
            let rewritten = info.sources.flatMap { escaped($0) + Array(":\n".utf8) }
            try promise(CompilerDepInfo(rewritten).sources == info.sources, "escaped sources are read again")
            if let directory = info.buildDirectory(ofDepInfoAt: Array("debug/a.d".utf8)) {
                try promise(info.outputs.contains(directory + Array("/debug/a.d".utf8)), "an output says so")
            }
        },
        FuzzedParser("encoded-dep-info") { bytes in
            guard let info = EncodedDepInfo(bytes) else { return }
            // What stands for "there is one" may be any byte but 0.
            try promise(EncodedDepInfo(info.encoded) == info, "what is written is read again")
            try promise(info.encoded.count == bytes.count, "nothing of the file is passed over")
        },
        FuzzedParser("fingerprint-record", in: "json") { bytes in
            guard let record = FingerprintRecord(bytes) else { return }
            let deps = record.dependencies.map { "[1,\"a\",false,\($0)]" }.joined(separator: ",")
            let flags = record.rustflags.isEmpty ? [] : Array(",\"rustflags\":".utf8) + record.rustflags
            let numbers = "\"rustc\":\(record.compiler),\"path\":\(record.path),\"target\":\(record.target)"
            let again = FingerprintRecord(Array("{\(numbers),\"deps\":[\(deps)]".utf8) + flags + Array("}".utf8))
            try promise(again == record, "what is written is read again")
        },
        FuzzedParser("local-fingerprint", in: "json") { bytes in
            guard let list = LocalFingerprint.list(ofRecord: bytes) else { return }
            for case .depInfo(_, let usesChecksums) in list where usesChecksums {
                let words = ["checksum", "fingerprint", "\\u"].map { Array($0.utf8) }
                try promise(words.contains { bytes.contains(text: $0) }, "checksums are asked for")
            }
        },
        FuzzedParser("build-script-output", in: "cargo-text") { bytes in
            let output = BuildScriptOutput(bytes)
            let again = BuildScriptOutput(Array(output.instructions.joined(separator: [0x0a])))
            try promise(again.instructions == output.instructions, "instructions are read again")
            try promise(again.watchedPaths == output.watchedPaths, "and so are the paths in them")
        },
        FuzzedParser("lock-file", in: "cargo-text") { bytes in
            guard let file = LockFile(bytes) else { return }
            for (name, version) in file.pathVersions {
                try promise(file.packages.contains("\(name)-\(version)"), "a path package is a package")
            }
            for (name, versions) in file.versions {
                try promise(
                    versions.allSatisfy { file.packages.contains("\(name)-\($0)") }, "others are packages, too")
            }
            try promise(file.merging(file).packages == file.packages, "it adds nothing to itself")
        },
        FuzzedParser("json-scanner", in: "json") { bytes in
            var scanner = JSONScanner(bytes)
            let value = scanner.skipValue()
            guard bytes.validText != nil, isJSON(bytes) else { return }
            let white: (UInt8) -> Bool = { [0x20, 0x0a, 0x0d, 0x09].contains($0) }
            let text = bytes.drop(while: white).reversed().drop(while: white).reversed()
            try promise(value.map { $0.elementsEqual(text) } == true, "a whole value is passed over whole")
        },
        FuzzedParser("cargo-metadata", in: "json") { bytes in
            guard let found = try? JSONDecoder().decode(BuildDirectory.Metadata.self, from: Data(bytes)) else {
                return
            }
            _ = FilePath(found.build_directory ?? found.target_directory).lexicallyNormalized()
        },
        FuzzedParser("cargo-configuration", in: "cargo-text") { bytes in
            let home = try Scratch.directory("cargo-configuration")
            try Scratch.write(bytes, to: "config.toml", in: home)
            var settings = BuildSettings(environment: ["CARGO_HOME": home.string])
            let words = ["target-dir", "build-dir", "include"].map { Array($0.utf8) }
            let isMentioned = words.contains { word in
                bytes.indices.contains { bytes[$0...].starts(with: word) }
            }
            try promise(!isMentioned || settings.areInPlay(at: "/"), "a setting that moves directories is seen")
            let configuration = CargoConfiguration(at: "/", home: home)
            let hasFlags = bytes.indices.contains { bytes[$0...].starts(with: "rustflags".utf8) }
            try promise(!hasFlags || configuration.newestMention(of: "rustflags") != nil, "a key is seen")
        },
        FuzzedParser("unit-name", in: "names") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let (package, hash) = UnitName.split(directory: text) {
                try promise("\(package)-\(hash)" == text && UnitName.isHash(hash), "a name is its two parts")
            }
            if let hash = UnitName.hash(inFile: text) {
                try promise(text.contains("-\(hash)"), "the hash is in the name")
            }
            if let time = FileTime(text[...]) { try promise(time == FileTime(text[...]), "a time is one time") }
        },
    ]

    /// As rustc writes a path on a line of its own.
    private static func escaped(_ path: [UInt8]) -> [UInt8] {
        path.flatMap { [0x20, 0x5c].contains($0) ? [0x5c, $0] : [$0] }
    }

    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        struct Anything: Decodable { init(from decoder: any Decoder) throws {} }
        return (try? JSONDecoder().decode(Anything.self, from: Data(bytes))) != nil
    }
}

import Foundation

/// As much of JSON Schema (draft 2020-12) as the schemas of this project use. A keyword that is not known here is a
/// failure, so that none is believed to be checked.
public struct JSONSchema {
    private let root: [String: Any]

    /// Reads a schema. Throws `TestFailure` when it is no JSON object.
    public init(_ text: [UInt8]) throws {
        guard let root = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any] else {
            throw TestFailure("the schema is no object")
        }
        self.root = root
    }

    /// What is wrong with a JSON document, each with its place; empty when nothing is. Throws `TestFailure` for a schema
    /// that is not understood.
    public func problems(in document: [UInt8]) throws -> [String] {
        try check(JSONSerialization.jsonObject(with: Data(document), options: .fragmentsAllowed), root, "$")
    }

    private func check(_ value: Any, _ schema: [String: Any], _ place: String) throws -> [String] {
        var problems: [String] = []
        for (keyword, rule) in schema {
            switch keyword {
            case "$schema", "$defs", "title", "description": break
            case "$ref": problems += try check(value, definition(rule), place)
            case "type":
                let names = rule as? [String] ?? (rule as? String).map { [$0] } ?? []
                if try !names.contains(where: { try isOf($0, value) }) { problems.append("\(place) is no \(rule)") }
            case "const": if !isEqual(value, rule) { problems.append("\(place) is not \(rule)") }
            case "enum":
                let allowed = rule as? [Any] ?? []
                if !allowed.contains(where: { isEqual(value, $0) }) { problems.append("\(place) is none of \(rule)") }
            case "minimum":
                if let number = value as? NSNumber, let least = rule as? NSNumber,
                    number.doubleValue < least.doubleValue
                {
                    problems.append("\(place) is less than \(rule)")
                }
            case "items":
                for (number, item) in (value as? [Any] ?? []).enumerated() {
                    problems += try check(item, object(rule), "\(place)[\(number)]")
                }
            case "required":
                guard let fields = value as? [String: Any] else { break }
                for name in rule as? [String] ?? [] where fields[name] == nil {
                    problems.append("\(place).\(name) is missing")
                }
            case "properties":
                for (name, rule) in try object(rule) {
                    guard let field = (value as? [String: Any])?[name] else { continue }
                    problems += try check(field, object(rule), "\(place).\(name)")
                }
            case "additionalProperties":
                guard rule as? Bool == false else { throw TestFailure("additionalProperties can only be false here") }
                let known = try object(schema["properties"] ?? [:])
                for name in (value as? [String: Any] ?? [:]).keys where known[name] == nil {
                    problems.append("\(place).\(name) is not known")
                }
            default: throw TestFailure("the keyword \(keyword) is not understood")
            }
        }
        return problems.sorted()
    }

    private func definition(_ reference: Any) throws -> [String: Any] {
        guard let name = (reference as? String)?.split(separator: "/").last,
            let definition = (root["$defs"] as? [String: Any])?[String(name)]
        else { throw TestFailure("there is no \(reference)") }
        return try object(definition)
    }

    private func object(_ value: Any) throws -> [String: Any] {
        guard let object = value as? [String: Any] else { throw TestFailure("\(value) is no schema") }
        return object
    }

    private func isOf(_ type: String, _ value: Any) throws -> Bool {
        switch type {
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "boolean": return Self.isBoolean(value)
        case "null": return value is NSNull
        case "integer":
            guard !Self.isBoolean(value), let number = value as? NSNumber else { return false }
            return number.doubleValue == number.doubleValue.rounded()
        default: throw TestFailure("the type \(type) is not understood")
        }
    }

    /// A truth value is a number, too, for Foundation.
    public static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
    }

    private func isEqual(_ one: Any, _ other: Any) -> Bool {
        if let one = one as? String, let other = other as? String { return one == other }
        guard let number = one as? NSNumber, let other = other as? NSNumber else { return false }
        return Self.isBoolean(one) == Self.isBoolean(other) && number == other
    }
}

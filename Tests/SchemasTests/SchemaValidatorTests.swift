import Diagnostics
import Schemas
import TestSupport
import Testing
import Values

private let rule = Schema([
  Field("port", .int, .required, "Port."),
  Field("ranges", .list(.string, .unordered), equality: .cidr, "Address ranges."),
])

private let secretKey = Schema([
  Field("name", .string, .required, "Name."), Field("range", .string, equality: .cidr, "Where from."),
])

private let schema = Schema([
  Field("cidrBlock", .string, .required, equality: .cidr, "Address range."),
  Field("enableDns", .bool, [], "Name resolution."),
  Field("count", .int, [], "How many."),
  Field("ratio", .double, [], "How much."),
  Field("tenancy", .string, allowed: ["default", "dedicated"], "Where it runs."),
  Field("zones", .list(.string), [], "Zones."),
  Field("tags", .map(.string), [], "Tags."),
  Field("rules", .list(.object(rule), .keyed(by: "port")), .exclusive, "Rules."),
  Field("policies", .map(.any), equality: .jsonPolicy, "Policies by name."),
  Field("policy", .any, equality: .jsonPolicy, "Policy."),
  Field("memory", .string, equality: .quantity, "Memory."),
  Field("password", .string, .sensitive, "Password."),
  Field("pins", .list(.string), .sensitive, allowed: ["1234"], "Numbers."),
  Field("keys", .list(.object(secretKey), .keyed(by: "name")), .sensitive, "Keys."),
  Field("arn", .string, .computed, "Full name."),
])

@Suite("Schema validation")
struct SchemaValidatorTests {
  /// JSON is YAML enough here: the reader records positions, too.
  private func check(_ text: String) throws -> [Diagnostic] {
    schema.validate(try JSONReader.parse(text, file: "t.json"))
  }

  @Test(
    "what is right passes",
    arguments: [
      #"{"cidrBlock": "10.0.0.0/16"}"#,
      #"{"cidrBlock": "2001:db8::/32", "enableDns": null, "ratio": 1, "count": 5}"#,
      #"{"cidrBlock": "10.0.0.0/8", "zones": [], "tags": {"a": "b"}}"#,
      #"{"cidrBlock": "10.0.0.0/8", "rules": [{"port": 1, "ranges": ["10.0.0.0/8"]}]}"#,
      #"{"cidrBlock": "0.0.0.0/0", "policy": {"Statement": []}, "tenancy": "default", "memory": "8Gi"}"#,
      #"{"cidrBlock": "pl-0123", "policies": {"a": {"Statement": []}, "b": "{\"Statement\": []}"}}"#,
      #"{"cidrBlock": "0.0.0.0/0", "policy": "{\"Statement\": {}}"}"#,
    ])
  func accepted(_ text: String) throws {
    #expect(try check(text).isEmpty)
  }

  @Test(
    "a problem stands where it is caused",
    arguments: [
      (#"{"cidrBlock": "10.0.0.0/8", 1️⃣"cidrBlok": 1}"#, 1201), (#"1️⃣{}"#, 1203),
      (#"1️⃣{"cidrBlock": null}"#, 1203),
      (#"{"cidrBlock": 1️⃣5}"#, 1202), (#"{"cidrBlock": 1️⃣"10.0.0.0/33"}"#, 1206),
      (#"{"cidrBlock": 1️⃣"10.0.0.0"}"#, 1206),
      (#"{"cidrBlock": "10.0.0.0/8", "enableDns": 1️⃣"true"}"#, 1202),
      (#"{"cidrBlock": "10.0.0.0/8", "count": 1️⃣1.5}"#, 1202),
      (#"{"cidrBlock": "10.0.0.0/8", "tenancy": 1️⃣"dedicate"}"#, 1205),
      (#"{"cidrBlock": "10.0.0.0/8", "zones": 1️⃣"a"}"#, 1202),
      (#"{"cidrBlock": "10.0.0.0/8", "zones": ["a", 1️⃣1]}"#, 1202),
      (#"{"cidrBlock": "10.0.0.0/8", "tags": {"a": 1️⃣true}}"#, 1202),
      (#"{"cidrBlock": "10.0.0.0/8", 1️⃣"arn": "x"}"#, 1204),
      (#"{"cidrBlock": "10.0.0.0/8", "rules": [1️⃣{}]}"#, 1203),
      (#"{"cidrBlock": "10.0.0.0/8", "rules": [{"port": 1}, {"port": 1️⃣1}]}"#, 1209),
      (#"{"cidrBlock": "10.0.0.0/8", "rules": [{"port": 1, "ranges": [1️⃣"10.0/8"]}]}"#, 1206),
      (#"{"cidrBlock": "10.0.0.0/8", "policy": 1️⃣"{"}"#, 1207),
      (#"{"cidrBlock": "10.0.0.0/8", "policy": 1️⃣{"Version": "1"}}"#, 1207),
      (#"{"cidrBlock": "10.0.0.0/8", "policies": {"a": 1️⃣{}}}"#, 1207),
      (#"{"cidrBlock": "10.0.0.0/8", "memory": 1️⃣"8Gb"}"#, 1208),
      (#"{"cidrBlock": "10.0.0.0/8", "password": 1️⃣"p"}"#, 1210),
    ])
  func refused(_ marked: String, _ code: Int) throws {
    let text = MarkedText(marked)
    let found = try check(text.text)
    #expect(found.map(\.code.number) == [code])
    #expect(found.first?.position?.column == text.marker(1).column, "\(found)")
  }

  @Test("everything is reported at once, with what was probably meant")
  func several() throws {
    let found = try check(#"{"cidrBlok": "10.0.0.0/8", "enableDns": 1, "tenancy": "dedicatd"}"#)
    #expect(found.map(\.code.number).sorted() == [1201, 1202, 1203, 1205])
    #expect(found.flatMap(\.hints).contains("did you mean `cidrBlock`?"))
    #expect(found.flatMap(\.hints).contains("did you mean `dedicated`?"))
  }

  @Test(
    "no problem with a secret repeats it, shows its line or says how long it is",
    arguments: [
      #"{"password": "hunter2"}"#, #"{"password": 22742}"#, #"{"password": ["hunter2"]}"#, #"{"pins": ["hunter2"]}"#,
      #"{"pins": [22742]}"#, #"{"keys": [{"name": "hunter2"}, {"name": "hunter2"}]}"#,
      #"{"keys": [{"name": "a", "range": "10.22742"}]}"#, #"{"password": "hunter2", "enableDns": "hunter2"}"#,
    ])
  func secrets(_ text: String) throws {
    let found = try check(text)
    #expect(found.contains { $0.isSecret })
    #expect(found.allSatisfy { !$0.isSecret || $0.length == 1 })
    let shown = DiagnosticRenderer { _ in Array(text.utf8) }.text(found)
    #expect(!shown.contains("hunter") && !shown.contains("22742"), "\(shown)")
    #expect(!found.map { "\($0)" }.joined().contains("hunter"))
  }

  @Test("what is not known yet passes")
  func unknowns() {
    let value = Value.map([("cidrBlock", .unknown(Slot(index: 0))), ("rules", .unknown(Slot(index: 1)))])
    #expect(schema.validate(value).isEmpty)
  }

  @Test("the JSON Schema names fields, requirements and choices, and leaves out what the service sets")
  func jsonSchema() throws {
    let exported = schema.jsonSchema(title: "aws/Vpc")
    #expect(exported["required"] == ["cidrBlock"])
    #expect(exported["properties"]?["arn"] == nil)
    let choices = try #require(ValuePath("properties.tenancy.anyOf[0].enum"))
    #expect(exported[choices] == ["default", "dedicated"])
    let required = try #require(ValuePath("properties.rules.anyOf[0].items.anyOf[0].required"))
    #expect(exported[required] == ["port"])
  }
}

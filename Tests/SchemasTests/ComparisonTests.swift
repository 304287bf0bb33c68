import Schemas
import Testing
import Values

@Suite("Equality of values")
struct ComparisonTests {
  private func equal(_ type: FieldType, _ equality: Equality, _ left: Value, _ right: Value) -> Bool {
    let forth = type.equal(left, right, by: equality), back = type.equal(right, left, by: equality)
    #expect(forth == back, "equality has no direction")
    return forth
  }

  @Test(
    "CIDR blocks compare by network and prefix",
    arguments: [
      ("10.0.0.7/16", "10.0.0.0/16", true), ("10.0.0.0/16", "10.0.0.0/17", false),
      ("0.0.0.0/0", "10.0.0.0/0", true),
      ("2001:db8::/32", "2001:0DB8:0:0::1/32", true), ("::/0", "0.0.0.0/0", false),
      ("fe80::1/128", "fe80::2/128", false),
      ("1:2:3:4:5:6:7:8/64", "1:2:3:4::/64", true), ("x", "y", false), ("10.0.0.0/16", "10.0.0.0", false),
    ])
  func cidr(_ left: String, _ right: String, _ expected: Bool) {
    #expect(equal(.string, .cidr, .string(left), .string(right)) == expected)
  }

  @Test(
    "texts that are no CIDR blocks",
    arguments: [
      "", "/", "10.0.0.0", "10.0.0/16", "10.0.0.0/33", "256.0.0.0/8", "01.0.0.0/8", "10.0.0.0/08", ":::/1",
      "1::2::3/4", "::/129",
      "1:2:3:4:5:6:7:8:9/1", "12345::/16", "10.0.0.0/-1", "+1::/8", "1:2:3:4:5:6:7::8/64",
      ":1:2:3:4:5:6:7/64",
    ])
  func notCIDR(_ text: String) {
    #expect(CIDRBlock(text) == nil)
  }

  @Test(
    "quantities compare by value",
    arguments: [
      ("1000m", "1", true), ("1Gi", "1024Mi", true), ("1G", "1Gi", false), ("0.5", "500m", true),
      ("1e3", "1k", true),
      ("1.5Gi", "1536Mi", true), ("-1", "1", false), ("2E", "2000P", true), ("x", "1", false),
    ])
  func quantities(_ left: String, _ right: String, _ expected: Bool) {
    #expect(equal(.string, .quantity, .string(left), .string(right)) == expected)
  }

  @Test("texts compare without case where the API does")
  func caseInsensitive() {
    #expect(equal(.string, .caseInsensitive, "Available", "AVAILABLE"))
    #expect(!equal(.string, .exact, "a", "A"))
  }

  @Test("a number may be higher than written, and no lower, where the field says so")
  func atLeast() {
    #expect(FieldType.double.equal(64.0, 100.0, by: .atLeast))
    #expect(FieldType.double.equal(64.0, 64.0, by: .atLeast))
    #expect(!FieldType.double.equal(64.0, 63.0, by: .atLeast))
    #expect(!FieldType.double.equal(64.0, 100.0))
  }

  @Test("sets have no order and no repetition; lists have")
  func sets() {
    #expect(equal(.list(.string, .unordered), .exact, ["a", "b"], ["b", "a", "a"]))
    #expect(!equal(.list(.string, .unordered), .exact, ["a", "b"], ["a", "c"]))
    #expect(!equal(.list(.string), .exact, ["a", "b"], ["b", "a"]))
    #expect(
      equal(.list(.string, .unordered), .cidr, ["10.0.0.1/8", "11.0.0.0/8"], ["11.0.0.0/8", "10.0.0.0/8"]))
  }

  @Test("keyed lists compare item by item")
  func keyed() {
    let schema = Schema([
      Field("key", .string, [], "Key."), Field("cidr", .string, equality: .cidr, "Range."),
    ])
    let type = FieldType.list(.object(schema), .keyed(by: "key"))
    let left: Value = [["key": "a", "cidr": "10.0.0.1/8"], ["key": "b"]]
    #expect(equal(type, .exact, left, [["key": "b"], ["key": "a", "cidr": "10.0.0.0/8"]]))
    #expect(!equal(type, .exact, [["key": "a"]], [["key": "b"]]))
  }

  @Test("inside objects, absent is null, the server's default, or empty")
  func objects() {
    let schema = Schema([
      Field("a", .string, serverDefault: "x", "A."), Field("list", .list(.string), [], "List."),
      Field("id", .string, .optionalComputed, "Id."), Field("n", .double, [], "N."),
    ])
    let type = FieldType.list(.object(schema))
    #expect(equal(type, .exact, [[:]], [["a": "x", "list": [], "id": "i-1"]]))
    #expect(equal(type, .exact, [["a": nil, "n": 1]], [["n": 1.0]]))
    #expect(!equal(type, .exact, [[:]], [["a": "y"]]))
    #expect(!equal(type, .exact, [["id": "i-2"]], [["id": "i-1"]]))
  }

  @Test("rules split or joined are the same rules")
  func distributed() {
    let schema = Schema([
      Field("port", .int, [], "Port."), Field("ranges", .list(.string, .unordered), [], "Ranges."),
    ])
    let type = FieldType.list(.object(schema), .unordered)
    let joined: Value = [["port": 1, "ranges": ["a", "b"]]]
    #expect(
      equal(type, .distributed, joined, [["port": 1, "ranges": ["b"]], ["port": 1, "ranges": ["a"]]]))
    #expect(!equal(type, .distributed, [["port": 1, "ranges": ["a"]]], [["port": 2, "ranges": ["a"]]]))
  }

  @Test("a value that is not known equals itself alone")
  func unknowns() {
    #expect(equal(.string, .exact, .unknown(Slot(index: 1)), .unknown(Slot(index: 1))))
    #expect(!equal(.string, .exact, .unknown(Slot(index: 1)), .unknown(Slot(index: 2))))
    #expect(!equal(.string, .exact, .unknown(Slot(index: 1)), "a"))
  }
}

@Suite("Equality of policy documents")
struct PolicyDocumentTests {
  private static let statements: [Value] = [
    [
      "Sid": "a", "Effect": "Allow", "Principal": ["AWS": "arn:aws:iam::123456789012:root"],
      "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*",
      "Condition": ["Bool": ["aws:SecureTransport": "true"]],
    ],
    ["Effect": "Deny", "Principal": "*", "Action": "*", "Resource": ["x", "y"]],
  ]
  private static let otherWords = """
    {"Statement": [
      {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["*"], "Resource": ["y", "x"]},
      {"Sid": "a", "Effect": "Allow", "Principal": {"AWS": ["123456789012"]},
       "Action": ["S3:PutObject", "s3:getobject"], "Resource": ["arn:aws:s3:::b/*"],
       "Condition": {"Bool": {"AWS:SecureTransport": [true]}}}
    ], "Version": "2012-10-17"}
    """

  @Test("the same permissions in other words")
  func same() {
    let policy = Value.map([("Version", "2012-10-17"), ("Statement", .list(Self.statements))])
    #expect(PolicyDocument.equal(policy, .string(Self.otherWords)))
    #expect(PolicyDocument.equal(.string(Self.otherWords), policy))
  }

  @Test(
    "another permission is another policy",
    arguments: [("Effect", "Allow"), ("Action", "s3:*"), ("Resource", "z"), ("Principal", "123456789012")])
  func different(_ element: String, _ value: String) {
    func document(_ replaced: Value?) -> Value {
      let statement: [(String, Value)] = [
        ("Effect", "Deny"), ("Principal", "*"), ("Action", "*"), ("Resource", "x"),
      ]
      return ["Statement": [.map(statement.map { ($0.0, $0.0 == element ? replaced ?? $0.1 : $0.1) })]]
    }
    #expect(PolicyDocument.equal(document(nil), document(nil)))
    #expect(!PolicyDocument.equal(document(nil), document(.string(value))))
  }

  @Test("a document without a version has the oldest one")
  func version() {
    #expect(PolicyDocument.equal(["Statement": []], ["Version": "2008-10-17", "Statement": []]))
    #expect(!PolicyDocument.equal(["Statement": []], ["Version": "2012-10-17", "Statement": []]))
  }

  @Test("texts that are no JSON are equal only as written")
  func invalid() {
    #expect(PolicyDocument.equal("{", "{"))
    #expect(!PolicyDocument.equal("{", "["))
  }
}

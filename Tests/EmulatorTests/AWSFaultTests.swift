import AWSProvider
import ProviderKit
import Resources
import Testing
import Values

@Suite("AWS when the network and the service lie")
struct AWSFaultTests {
  static let vpc: Value = ["cidrBlock": "10.30.0.0/16"]

  @Test("a throttled read is asked again; a throttled create is not, and had no effect")
  func throttling() async throws {
    let bench = try await AWSBench()
    try await bench.account.fault("ec2.DescribeVpcs", "throttle", [("count", 2)])
    #expect(try await bench.list("Vpc").items.isEmpty)
    #expect(try await bench.account.actions() == Array(repeating: "ec2.DescribeVpcs", count: 3))

    try await bench.account.fault("ec2.CreateVpc", "throttle", [("count", 5)])
    let error = await #expect(throws: ProviderError.self) { try await bench.make("Vpc", "it", Self.vpc) }
    #expect(error?.reason == .throttled(retryAfter: nil))
    #expect(error?.request.code == "RequestLimitExceeded")
    #expect(error?.isWithoutEffect == true)
    #expect(try await bench.account.actions().filter { $0 == "ec2.CreateVpc" }.count == 1)
  }

  @Test("an answer of 503 with Retry-After is throttling, without it a passing fault")
  func unavailable() async throws {
    let bench = try await AWSBench()
    try await bench.account.fault(
      "ec2.CreateVpc", "error", [("status", 503), ("code", "ServiceUnavailable"), ("retry_after", 7)])
    let first = await #expect(throws: ProviderError.self) { try await bench.make("Vpc", "it", Self.vpc) }
    #expect(first?.reason == .throttled(retryAfter: .seconds(7)))
    try await bench.account.fault("ec2.CreateVpc", "error", [("status", 503), ("code", "ServiceUnavailable")])
    let second = await #expect(throws: ProviderError.self) { try await bench.make("Vpc", "it", Self.vpc) }
    #expect(second?.reason == .transient)
    #expect(second?.effect.isUnknown == true)
  }

  @Test(
    "a create whose answer was lost is sent once, says so, and the next one finds what it made",
    arguments: [
      ("Vpc", "ec2.CreateVpc", vpc), ("ElasticIp", "ec2.AllocateAddress", ["domain": "vpc"] as Value),
      (
        "Role", "iam.CreateRole",
        ["roleName": "lost", "assumeRolePolicyDocument": AWSTypeCase.trust("ec2.amazonaws.com")] as Value
      ), ("Bucket", "s3.CreateBucket", ["bucket": "lost-and-found"] as Value),
    ])
  func lostAnswer(_ kind: String, _ action: String, _ fields: Value) async throws {
    let bench = try await AWSBench()
    let named: Value = fields["bucket"] == nil ? fields : ["bucket": .string("lost-\(bench.account.id)")]
    try await bench.account.fault(action, "drop_after")
    let error = await #expect(throws: ProviderError.self) { try await bench.make(kind, "it", named) }
    #expect(error?.effect.isUnknown == true)
    #expect(error?.reason == .transient)
    #expect(try await bench.account.actions().filter { $0 == action }.count == 1)

    let made = try await bench.make(kind, "it", named)
    #expect(made.marker == bench.marker(kind, "it"))
    #expect(try await bench.list(kind).items.map(\.remote) == [made.remote])
  }

  @Test("a request that never arrived is told apart from one that may have")
  func dropBefore() async throws {
    let bench = try await AWSBench()
    try await bench.account.fault("ec2.CreateVpc", "drop_before")
    let error = await #expect(throws: ProviderError.self) { try await bench.make("Vpc", "it", Self.vpc) }
    #expect(error?.effect.isUnknown == true)
    #expect(try await bench.list("Vpc").items.isEmpty)
  }

  @Test("a bucket that failed half way is reported as such and gone on with")
  func partialBucket() async throws {
    let bench = try await AWSBench()
    let fields: Value = [
      "bucket": .string("half-\(bench.account.id)"), "versioning": ["status": "Enabled"],
      "publicAccessBlock": ["blockPublicAcls": true, "ignorePublicAcls": true],
    ]
    try await bench.account.fault("s3.PutPublicAccessBlock", "error", [("status", 403), ("code", "AccessDenied")])
    let error = await #expect(throws: ProviderError.self) { try await bench.make("Bucket", "it", fields) }
    #expect(error?.reason == .denied(permission: "s3:PutPublicAccessBlock"))
    #expect(error?.effect.partial?.remote.text == "half-\(bench.account.id)")
    #expect(error?.effect.partial?.marker == bench.marker("Bucket", "it"))
    let made = try await bench.make("Bucket", "it", fields)
    #expect(try bench.differences(fields, made) == [])
    #expect(try await bench.account.actions().filter { $0 == "s3.CreateBucket" }.count == 1)
  }

  @Test("a name that somebody else holds is a conflict, and stays theirs")
  func foreignHolders() async throws {
    let bench = try await AWSBench()
    let role: Value = [
      "roleName": "taken", "assumeRolePolicyDocument": AWSTypeCase.trust("ec2.amazonaws.com"),
    ]
    let theirs = try await bench.make("Role", "theirs", role)
    let error = await #expect(throws: ProviderError.self) { try await bench.make("Role", "ours", role) }
    #expect(error?.reason == .conflict)
    #expect(try await bench.reader.read(theirs.type, [theirs.remote]).first?.marker == theirs.marker)

    let bucket: Value = ["bucket": .string("taken-\(bench.account.id)")]
    try await bench.make("Bucket", "theirs", bucket)
    let refused = await #expect(throws: ProviderError.self) { try await bench.make("Bucket", "ours", bucket) }
    #expect(refused?.reason == .conflict)
    #expect(refused?.isWithoutEffect == true)

    let found = try #require(try await bench.list("Bucket").items.first)
    #expect(found.marker == bench.marker("Bucket", "theirs"))
  }

  @Test("a bucket with objects in it is not deleted, and the error says why")
  func fullBucket() async throws {
    let bench = try await AWSBench()
    let name = "full-\(bench.account.id)"
    let made = try await bench.make("Bucket", "it", ["bucket": .string(name)])
    try await bench.account.put("hello", name, "a/key")
    let error = await #expect(throws: ProviderError.self) { try await bench.delete(made) }
    #expect(error?.reason == .conflict)
    #expect(error?.message.contains("empty it first") == true)
  }

  @Test("a cut answer to a read is read again")
  func cutBody() async throws {
    let bench = try await AWSBench()
    let made = try await bench.make("Vpc", "it", Self.vpc)
    try await bench.account.fault("ec2.DescribeVpcs", "cut_body")
    #expect(try await bench.list("Vpc").items.map(\.remote) == [made.remote])
  }
}

extension ProviderError {
  var isWithoutEffect: Bool { if case .none = effect { true } else { false } }
}

extension ProviderError.Effect {
  var isUnknown: Bool { if case .unknown = self { true } else { false } }
  var partial: Observed? { if case .partial(let observed) = self { observed } else { nil } }
}

import AWSClient
import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import Synchronization
import Testing
import Values

@testable import AWSProvider

/// What moto cannot show: slow and failing services, and refusals that it forgives.
@Suite("writes against a service that takes its time")
struct WireTests {
  private static let marker = Marker(
    scope: ScopeID(estate: "est-1"), address: Address("aws.NatGateway/it"))

  private func task(_ session: AWSSession, _ kind: String, _ operation: Operation, _ sink: ProgressSink = .ignore)
    throws -> WriteTask
  {
    WriteTask(session, try AWSType.named(TypeName("aws/\(kind)")).type, operation, OperationToken("token-1"), sink)
  }

  private static func nat(_ state: String, _ extra: String = "") -> String {
    """
    <natGatewayId>nat-1</natGatewayId><subnetId>subnet-1</subnetId><state>\(state)</state>\(extra)
    <tagSet><item><key>plumb.dev/scope</key><value>est-1</value></item></tagSet>
    """
  }

  /// Answers of one operation in turn, the last one again and again.
  private func service(_ script: [String: [HTTPResponse]]) -> SimulatedTransport {
    let left = Mutex(script)
    return SimulatedTransport { request throws(HTTPError) in
      let name = request.operation?.name ?? ""
      return left.withLock { left in
        guard let first = left[name]?.first else { return .ec2("<r/>") }
        if left[name].map({ $0.count > 1 }) ?? false { left[name]?.removeFirst() }
        return first
      }
    }
  }

  @Test("a gateway is waited for, with its token in the create call and words of progress")
  func waits() async throws {
    let none = HTTPResponse.ec2("<r><natGatewaySet/></r>")
    let pending = HTTPResponse.ec2("<r><natGatewaySet><item>\(Self.nat("pending"))</item></natGatewaySet></r>")
    let ready = HTTPResponse.ec2("<r><natGatewaySet><item>\(Self.nat("available"))</item></natGatewaySet></r>")
    let transport = service([
      "DescribeNatGateways": [none, none, pending, pending, ready],
      "CreateNatGateway": [.ec2("<r><natGateway>\(Self.nat("pending"))</natGateway></r>")],
    ])
    let words = Mutex<[String]>([])
    let session = try ModelAnswers.session(transport)
    let sink = ProgressSink { text in words.withLock { $0.append(text) } }
    let made = try await AWSType.natGateway.wire.create(
      ["subnetId": "subnet-1", "connectivityType": "private"], Self.marker,
      try task(session, "NatGateway", .create, sink))
    #expect(made.isReady)
    #expect(words.withLock { $0 } == Array(repeating: "waiting until nat-1 is usable", count: 3))
    let create = try #require(transport.requests.first { $0.operation?.name == "CreateNatGateway" })
    let body = String(decoding: create.body, as: UTF8.self)
    #expect(body.contains("ClientToken=token-1"))
    #expect(body.contains("TagSpecification.1.Tag.1.Key=plumb.dev%2Fscope"))
    #expect(create.repetition == .never)
  }

  @Test("a gateway that never becomes usable ends the wait, and is told as standing there")
  func bounded() async throws {
    let pending = HTTPResponse.ec2("<r><natGatewaySet><item>\(Self.nat("pending"))</item></natGatewaySet></r>")
    let transport = service([
      "DescribeNatGateways": [.ec2("<r><natGatewaySet/></r>"), pending],
      "CreateNatGateway": [.ec2("<r><natGateway>\(Self.nat("pending"))</natGateway></r>")],
    ])
    let time = SimulatedTime(skipsSleep: true)
    let session = try ModelAnswers.session(transport, time: time)
    let error = await #expect(throws: ProviderError.self) {
      try await AWSType.natGateway.wire.create(
        ["subnetId": "subnet-1"], Self.marker, try task(session, "NatGateway", .create))
    }
    #expect(error?.effect.left?.remote.text == "nat-1")
    #expect(error?.effect.left?.marker == Self.marker)
    #expect(time.elapsed <= .seconds(600))
    #expect(time.elapsed > .seconds(590))
  }

  @Test("a gateway that failed says why, and leaves nothing to go on with")
  func failed() async throws {
    let why = "<failureMessage>Network vpc-1 has no Internet gateway attached</failureMessage>"
    let transport = service([
      "DescribeNatGateways": [
        .ec2("<r><natGatewaySet/></r>"),
        .ec2("<r><natGatewaySet><item>\(Self.nat("failed", why))</item></natGatewaySet></r>"),
      ], "CreateNatGateway": [.ec2("<r><natGateway>\(Self.nat("pending"))</natGateway></r>")],
    ])
    let session = try ModelAnswers.session(transport)
    let error = await #expect(throws: ProviderError.self) {
      try await AWSType.natGateway.wire.create(
        ["subnetId": "subnet-1"], Self.marker, try task(session, "NatGateway", .create))
    }
    #expect(error?.message == "nat-1 failed: Network vpc-1 has no Internet gateway attached")
    #expect(error?.effect.left == nil)
  }

  @Test("a deleted gateway is waited for until it says so")
  func deletes() async throws {
    func page(_ state: String) -> HTTPResponse {
      .ec2("<r><natGatewaySet><item>\(Self.nat(state))</item></natGatewaySet></r>")
    }
    let transport = service([
      "DescribeNatGateways": [page("deleting"), page("deleting"), page("deleted")],
      "DeleteNatGateway": [.ec2("<r/>")],
    ])
    let session = try ModelAnswers.session(transport)
    let it = Observed(type: TypeName("aws/NatGateway"), remote: RemoteID("nat-1"), fields: [:])
    try await AWSType.natGateway.wire.delete(it, try task(session, "NatGateway", .delete))
    #expect(
      transport.requests.map { $0.operation?.name } == [
        "DeleteNatGateway", "DescribeNatGateways", "DescribeNatGateways", "DescribeNatGateways",
      ])
    // On its way out it is of no use: not observed.
    let list = service(["DescribeNatGateways": [page("deleting")]])
    let reader = AWSReader(session: try ModelAnswers.session(list))
    #expect(try await reader.list(it.type, .all, after: nil).items.isEmpty)
  }

  @Test("what is still held is tried again for a while, and then the service's own refusal is the error")
  func held() async throws {
    let refusal = HTTPResponse.ec2Error(400, "DependencyViolation", "subnet-1 has dependencies")
    let time = SimulatedTime(skipsSleep: true)
    let transport = service([
      "DeleteSubnet": [refusal, refusal, .ec2("<r/>")], "DescribeSubnets": [.ec2("<r><subnetSet/></r>")],
    ])
    let it = Observed(type: TypeName("aws/Subnet"), remote: RemoteID("subnet-1"), fields: [:])
    let session = try ModelAnswers.session(transport, time: time)
    try await AWSType.subnet.wire.delete(it, try task(session, "Subnet", .delete))
    let stubborn = try ModelAnswers.session(service(["DeleteSubnet": [refusal]]), time: time)
    let error = await #expect(throws: ProviderError.self) {
      try await AWSType.subnet.wire.delete(it, try task(stubborn, "Subnet", .delete))
    }
    #expect(error?.reason == .conflict)
    #expect(error?.request.code == "DependencyViolation")
    #expect(time.elapsed < .seconds(130))
  }

  @Test("an endpoint that AWS says it did not delete is an error, though the call succeeded")
  func unsuccessful() async throws {
    let transport = service([
      "DeleteVpcEndpoints": [
        .ec2(
          """
          <r><unsuccessful><item><error><code>InvalidParameter</code><message>no</message></error>
          <resourceId>vpce-1</resourceId></item></unsuccessful></r>
          """)
      ]
    ])
    let it = Observed(type: TypeName("aws/VpcEndpoint"), remote: RemoteID("vpce-1"), fields: [:])
    let session = try ModelAnswers.session(transport)
    let error = await #expect(throws: ProviderError.self) {
      try await AWSType.vpcEndpoint.wire.delete(it, try task(session, "VpcEndpoint", .delete))
    }
    #expect(error?.message == "InvalidParameter: no")
  }

  @Test(
    "a subnet's association is taken over from our own table, and left to anybody else's",
    arguments: ["est-1", "est-2"])
  func takeover(_ owner: String) async throws {
    func table(_ id: String, _ scope: String, _ association: String) -> String {
      """
      <item><routeTableId>\(id)</routeTableId><vpcId>vpc-1</vpcId>
      <associationSet>\(association)</associationSet><tagSet>
      <item><key>plumb.dev/scope</key><value>\(scope)</value></item>
      <item><key>plumb.dev/address</key><value>aws.RouteTable/it</value></item></tagSet></item>
      """
    }
    let held =
      "<item><routeTableAssociationId>a-1</routeTableAssociationId><subnetId>s-1</subnetId></item>"
    let transport = service([
      "DescribeRouteTables": [
        .ec2("<r><routeTableSet>\(table("rtb-new", "est-1", ""))</routeTableSet></r>"),
        .ec2("<r><routeTableSet>\(table("rtb-old", owner, held))</routeTableSet></r>"),
        .ec2("<r><routeTableSet>\(table("rtb-new", "est-1", held))</routeTableSet></r>"),
      ], "AssociateRouteTable": [.ec2Error(400, "Resource.AlreadyAssociated", "s-1 is associated")],
    ])
    let session = try ModelAnswers.session(transport)
    let new = Observed(
      type: TypeName("aws/RouteTable"), remote: RemoteID("rtb-new"), fields: [:],
      marker: Marker(scope: ScopeID(estate: "est-1"), address: Address("aws.RouteTable/it")))
    let desired: Value = ["vpcId": "vpc-1", "associations": [["subnetId": "s-1"]]]
    let change = FieldChanges(
      changes: [FieldChange(path: ValuePath().appending("associations"), before: nil, after: desired["associations"])],
      desired: desired, marker: new.marker)
    func update() async throws -> Observed {
      try await AWSType.routeTable.wire.update(change, of: new, try task(session, "RouteTable", .update))
    }
    if owner == "est-1" {
      _ = try await update()
      let call = try #require(transport.requests.first { $0.operation?.name == "ReplaceRouteTableAssociation" })
      #expect(String(decoding: call.body, as: UTF8.self).hasSuffix("AssociationId=a-1&RouteTableId=rtb-new"))
    } else {
      let error = await #expect(throws: ProviderError.self) { _ = try await update() }
      #expect(error?.reason == .conflict)
      #expect(!transport.requests.contains { $0.operation?.name == "ReplaceRouteTableAssociation" })
    }
  }

  @Test(
    "a list reads what costs requests of its own only where somebody asks for it",
    arguments: [
      ("Vpc", ["enableDnsHostnames"], ["DescribeVpcs", "DescribeVpcAttribute"]), ("Vpc", [], ["DescribeVpcs"]),
      ("Bucket", ["versioning"], ["ListBuckets", "GetBucketTagging", "GetBucketVersioning"]),
      ("Bucket", [], ["ListBuckets", "GetBucketTagging"]), ("Role", [], ["GetAccountAuthorizationDetails"]),
      ("Role", ["description"], ["GetAccountAuthorizationDetails", "ListRoles"]),
    ])
  func apart(_ kind: String, _ fields: [String], _ requests: [String]) async throws {
    let transport = SimulatedTransport { request throws(HTTPError) in ModelAnswers.answer(request) }
    let reader = AWSReader(session: try ModelAnswers.session(transport))
    let type = try AWSType.named(TypeName("aws/\(kind)")).type
    let page = try await reader.list(type.name, .all.reading(apart: Set(fields)), after: nil)
    #expect(transport.requests.compactMap { $0.operation?.name } == requests)
    let apart = type.schema.fields.filter { $0.marks.contains(.apart) }.map(\.name)
    let item = try #require(page.items.first)
    let found = apart.filter { item.fields[$0] != nil }
    #expect(fields.isEmpty ? found.isEmpty : fields.allSatisfy(found.contains))
    #expect(item.unreadable == [])
    #expect(item.fields["tags"] != nil)
  }

  @Test("calls on a bucket name the account it must belong to")
  func bucketOwner() async throws {
    let transport = SimulatedTransport { request throws(HTTPError) in ModelAnswers.answer(request) }
    let reader = AWSReader(session: try ModelAnswers.session(transport))
    _ = try await reader.list(TypeName("aws/Bucket"), .all, after: nil)
    for request in transport.requests {
      let owner = request.headers["x-amz-expected-bucket-owner"]
      #expect(owner == (request.operation?.name == "ListBuckets" ? nil : "123456789012"))
    }
  }

  @Test("a policy that names a role made a moment ago is written again until the role is known")
  func principals() async throws {
    let refusal = HTTPResponse.s3Error(400, "MalformedPolicy", "Invalid principal in policy")
    let transport = service([
      "GetBucketPolicy": [.s3Error(404, "NoSuchBucketPolicy")], "PutBucketPolicy": [refusal, refusal, .ec2("")],
    ])
    let it = Observed(type: TypeName("aws/Bucket"), remote: RemoteID("data"), fields: [:])
    let policy: Value = ["Version": "2012-10-17"]
    let change = FieldChanges(
      changes: [FieldChange(path: ValuePath().appending("policy"), before: nil, after: policy)],
      desired: ["bucket": "data", "policy": policy], marker: nil)
    let session = try ModelAnswers.session(transport)
    _ = try await AWSType.bucket.wire.update(change, of: it, try task(session, "Bucket", .update))
    #expect(transport.requests.filter { $0.operation?.name == "PutBucketPolicy" }.count == 3)
    let wrong = service([
      "GetBucketPolicy": [.s3Error(404, "NoSuchBucketPolicy")],
      "PutBucketPolicy": [.s3Error(400, "MalformedPolicy", "Missing required field Action")],
    ])
    let other = try ModelAnswers.session(wrong)
    let error = await #expect(throws: ProviderError.self) {
      try await AWSType.bucket.wire.update(change, of: it, try task(other, "Bucket", .update))
    }
    #expect(error?.reason == .invalid(field: nil))
    #expect(wrong.requests.filter { $0.operation?.name == "PutBucketPolicy" }.count == 1)
  }

  @Test("a bucket that tells us nothing is there, and nothing of it is known")
  func closedBucket() async throws {
    let transport = service(["GetBucketTagging": [.s3Error(403, "AccessDenied")]])
    let reader = AWSReader(session: try ModelAnswers.session(transport))
    let found = try await reader.find(TypeName("aws/Bucket"), [.naturalKey(["bucket": "theirs"])])
    #expect(found.map { $0.map(\.remote.text) } == [["theirs"]])
    #expect(found[0][0].marker == nil)
    #expect(found[0][0].unreadable.contains("policy"))
  }
}

extension HTTPResponse {
  static func ec2(_ text: String) -> HTTPResponse { HTTPResponse(status: 200, body: Array(text.utf8)) }

  static func ec2Error(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
    let text = "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error></Errors></Response>"
    return HTTPResponse(status: status, body: Array(text.utf8))
  }

  static func s3Error(_ status: Int, _ code: String, _ message: String = "no") -> HTTPResponse {
    HTTPResponse(status: status, body: Array("<Error><Code>\(code)</Code><Message>\(message)</Message></Error>".utf8))
  }
}

extension ProviderError.Effect {
  var left: Observed? { if case .partial(let observed) = self { observed } else { nil } }
}

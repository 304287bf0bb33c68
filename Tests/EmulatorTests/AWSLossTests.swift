import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

/// The built program creates one object of every way of recovery while the network and the service lie about each of
/// these creates, and runs once more.
@Suite("creates that go wrong on a live endpoint")
struct AWSLossTests {
  struct Lie: Sendable, CustomStringConvertible {
    var description: String
    var kind: String
    var more: KeyValuePairs<String, Value> = [:]
    /// Which requests meet it.
    var actions = AWSLossTests.creates
  }

  /// A way of recovery each: marker on create, natural key (twice), token.
  private static let creates = "ec2.CreateVpc|iam.CreateRole|s3.CreateBucket|ec2.CreateVpcEndpoint"
  private static let hostile = "\u{9B}2J\u{202E}gone"

  private static let lies = [
    Lie(description: "the connection is lost before the effect", kind: "drop_before"),
    Lie(description: "the connection is lost after the effect", kind: "drop_after"),
    Lie(
      description: "the connection is lost between two calls of one object", kind: "drop_before",
      actions: "ec2.ModifyVpcAttribute|iam.PutRolePolicy|s3.PutBucketVersioning|ec2.CreateVpcEndpoint"),
    Lie(description: "the body of the answer is cut", kind: "cut_body"),
    Lie(description: "throttled three times over", kind: "throttle", more: ["count": 12]),
    Lie(description: "an error of the service", kind: "error", more: ["status": 500]),
    Lie(
      description: "an error of the service after the work was done", kind: "error_after",
      more: ["status": 500, "message": .string(hostile)]),
    Lie(
      description: "a refusal after the work was done", kind: "error_after",
      more: ["status": 400, "code": "InvalidParameterValue", "message": .string(hostile)],
      // A bucket carries no marker yet: it is shown, and a person says whose it is.
      actions: "ec2.CreateVpc|iam.CreateRole|ec2.CreateVpcEndpoint"),
  ]

  private static let settings = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: lies, id: est-lies}
    spec: {defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "ACCOUNT", region: us-west-2}}

    """

  private static func document(_ kind: String, _ name: String, _ spec: String) -> String {
    "---\napiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: {\(spec)}\n"
  }

  private static let trust =
    "{Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"sts:AssumeRole\", "
    + "Principal: {Service: ec2.amazonaws.com}}]}"

  private static let added =
    document("Vpc", "lied", "cidrBlock: 10.1.0.0/16, enableDnsHostnames: true")
    + document(
      "Role", "lied",
      "roleName: lied, assumeRolePolicyDocument: \(trust), policies: {a: {Version: \"2012-10-17\", Statement: "
        + "[{Effect: Allow, Action: \"s3:*\", Resource: \"*\"}]}}")
    + document("Bucket", "lied", "bucket: lied-ACCOUNT, versioning: {status: Enabled}")
    + document("VpcEndpoint", "lied", "vpcId: \"${aws.Vpc.base.id}\", serviceName: com.amazonaws.us-west-2.s3")

  @Test("whatever is said of a create, one more run leaves each object once, recorded, and nothing to do")
  func lies() async throws {
    var problems: [String] = []
    for start in stride(from: 0, to: Self.lies.count, by: 4) {
      try await withThrowingTaskGroup(of: [String].self) { group in
        for lie in Self.lies[start..<min(start + 4, Self.lies.count)] {
          group.addTask { try await Self.problems(of: lie).map { "\(lie): \($0)" } }
        }
        for try await found in group { problems += found }
      }
    }
    let text = "\(Self.lies.count) lies about 4 creates each, \(problems.count) problems after one more run"
    print("creates that go wrong: \(text)")
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }

  private static func problems(of lie: Lie) async throws -> [String] {
    let estate = try await LiveEstate(files: [
      "plumb.yaml": settings, "manifests/base.yaml": document("Vpc", "base", "cidrBlock: 10.0.0.0/16"),
    ])
    try await estate.expect("apply --auto-approve", says: "1 added")
    estate.folder.write(added.replacing("ACCOUNT", with: estate.account.id), to: "manifests/lied.yaml")
    for action in lie.actions.split(separator: "|") {
      let count = (lie.more.first { $0.key == "count" }?.value.int ?? 4) / 4
      try await estate.account.fault(
        String(action), lie.kind, lie.more.filter { $0.key != "count" } + [("count", .int(Int(count)))])
    }
    var problems: [String] = []
    let first = try await estate.plumb("apply --auto-approve --json")
    let hits = try await estate.account.records().count { $0["fault"]?.string == lie.kind }
    let expected = lie.actions.count { $0 == "|" } + 1
    if hits < expected { problems.append("only \(hits) of \(expected) creates have met it: \(first.text)") }
    let second = try await estate.plumb("apply --auto-approve")
    if second.code != 0 {
      problems.append("the second run ends with \(second.code): \(second.text)\(second.errorText)")
    }
    let history = try await estate.plumb("inventory history aws.Vpc/lied")
    let plan = try await estate.plumb("plan --detailed-exitcode")
    if plan.code != 0 || !plan.text.contains("No changes.") { problems.append("a plan is left: \(plan.text)") }
    let recorded = try await estate.recorded()
    let standing = try await estate.account.standing()
    if recorded.count != 5 || standing.count != 5 { problems.append("\(recorded.count) recorded, stands: \(standing)") }
    for one in standing where one.address.map({ recorded[$0] }) != one.id { problems.append("not recorded: \(one)") }
    for answer in [first, second, history, plan] {
      let scalars = (answer.text + answer.errorText).unicodeScalars
      if scalars.contains(where: { hostile.unicodeScalars.first == $0 || $0 == "\u{202E}" }) {
        problems.append("the service's text steers the terminal: \(answer.text)")
      }
    }
    return problems + (try await estate.account.invalid())
  }
}

import Diagnostics
import Manifests
import TestSupport
import Testing

/// Each case is a text with one marker per expected diagnostic, in source order, and their codes.
struct WrongCase: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  var codes: [Int]
  var testDescription: String { name }

  init(_ name: String, _ codes: Int..., text: String) {
    self.name = name
    self.codes = codes
    self.text = text
  }
}

private let vpc =
  "{apiVersion: aws.plumb.dev/v1, kind: Vpc, metadata: {name: net}, spec: {cidrBlock: 10.0.0.0/16}}\n---\n"
private func aws(_ kind: String, _ rest: String) -> String {
  "apiVersion: aws.plumb.dev/v1\nkind: \(kind)\n\(rest)\n"
}

let wrongDocuments: [WrongCase] = [
  WrongCase("no map", 1106, text: "1️⃣just a text"),
  WrongCase("a list", 1106, text: "1️⃣- a\n- b"),
  WrongCase("no apiVersion", 1106, text: "1️⃣kind: Vpc\nmetadata: {name: a}\nspec: {}"),
  WrongCase("no kind", 1106, text: "1️⃣apiVersion: aws.plumb.dev/v1\nmetadata: {name: a}"),
  WrongCase("no metadata", 1106, text: "1️⃣" + aws("Vpc", "spec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase("kind is a number", 1202, text: "apiVersion: aws.plumb.dev/v1\nkind: 1️⃣5\nmetadata: {name: a}"),
  WrongCase("metadata is a list", 1202, text: aws("Vpc", "metadata: 1️⃣[a]")),
  WrongCase("spec is a text", 1202, text: aws("Vpc", "metadata: {name: a}\nspec: 1️⃣text")),
  WrongCase(
    "unknown provider", 1115, text: "apiVersion: 1️⃣asw.plumb.dev/v1\nkind: Vpc\nmetadata: {name: a}\nspec: {}"),
  WrongCase(
    "unknown version", 1107, text: "apiVersion: 1️⃣aws.plumb.dev/v2\nkind: Vpc\nmetadata: {name: a}\nspec: {}"),
  WrongCase(
    "misspelt group", 1107, text: "apiVersion: 1️⃣aws.plum.dev/v1\nkind: Vpc\nmetadata: {name: a}\nspec: {}"),
  WrongCase(
    "unknown kind of AWS", 1108,
    text: "apiVersion: aws.plumb.dev/v1\nkind: 1️⃣Vcp\nmetadata: {name: a}\nspec: {}"),
  WrongCase(
    "unknown kind of ours", 1108,
    text: "apiVersion: plumb.dev/v1\nkind: 1️⃣Network\nmetadata: {name: a}\nspec: {}"),
  WrongCase(
    "AWS kind without its group", 1108,
    text: "apiVersion: plumb.dev/v1\nkind: 1️⃣Vpc\nmetadata: {name: a}\nspec: {}"),
  WrongCase("Kubernetes object", 1115, text: "apiVersion: 1️⃣v1\nkind: Namespace\nmetadata: {name: recsys}"),
  WrongCase(
    "provider without types", 1115,
    text: "apiVersion: 1️⃣gcp.plumb.dev/v1\nkind: Network\nmetadata: {name: a}\nspec: {}"),
  WrongCase(
    "misspelt top-level key", 1203, 1201,
    text: "1️⃣" + aws("Vpc", "metadata: {name: a}\n2️⃣spce: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "Estate in a manifest", 1117, text: "apiVersion: plumb.dev/v1\nkind: 1️⃣Estate\nmetadata: {name: b, id: c}"),
  WrongCase("name missing", 1203, text: aws("Vpc", "metadata: 1️⃣{}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "name with a slash", 1109, text: aws("Vpc", "metadata: {name: 1️⃣a/b}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "name is a number", 1202, text: aws("Vpc", "metadata: {name: 1️⃣5}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "unknown metadata", 1201,
    text: aws("Vpc", "metadata: {name: a, 1️⃣protected: true}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "wrong policy of management", 1205,
    text: aws("Vpc", "metadata: {name: a, managementPolicy: 1️⃣full}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "protect as text", 1202,
    text: aws("Vpc", "metadata: {name: a, protect: 1️⃣\"true\"}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "unknown target", 1112,
    text: aws("Vpc", "metadata: {name: a, target: 1️⃣mian}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "a name twice", 1110, text: vpc + aws("Vpc", "metadata: {name: 1️⃣net}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "adopt both ways", 1116,
    text: aws("Vpc", "metadata: {name: a, adopt: 1️⃣{id: x, naturalKey: true}}\nspec: {cidrBlock: 10.0.0.0/16}")
  ),
  WrongCase(
    "adopt by a key there is not", 1116,
    text: aws("Vpc", "metadata: {name: a, adopt: {naturalKey: 1️⃣true}}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "ignore of no field", 1116,
    text: aws("Vpc", "metadata: {name: a, ignore: [1️⃣tgas]}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "moved from what is still there", 1116,
    text: vpc + aws("Vpc", "metadata: {name: a, movedFrom: 1️⃣aws.Vpc/net}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "moved from no address", 1116,
    text: aws("Vpc", "metadata: {name: a, movedFrom: 1️⃣main}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "depends on nothing", 1401,
    text: vpc + aws("Vpc", "metadata: {name: a, dependsOn: [1️⃣aws.Vpc/nte]}\nspec: {cidrBlock: 10.0.0.0/16}")),
  WrongCase(
    "depends on itself", 1403,
    text: aws("Vpc", "metadata: {name: a, dependsOn: [1️⃣aws.Vpc/a]}\nspec: {cidrBlock: 10.0.0.0/16}")),
]

let wrongFields: [WrongCase] = [
  WrongCase("field missing", 1203, text: aws("Vpc", "metadata: {name: a}\nspec: 1️⃣{enableDnsSupport: true}")),
  WrongCase("spec missing", 1203, text: "1️⃣" + aws("Vpc", "metadata: {name: a}")),
  WrongCase(
    "unknown field", 1201,
    text: aws("Vpc", "metadata: {name: a}\nspec:\n  cidrBlock: 10.0.0.0/16\n  1️⃣enableDnsHostname: true")),
  WrongCase(
    "unknown nested field", 1201,
    text: aws("Bucket", "metadata: {name: a}\nspec: {versioning: {1️⃣state: Enabled}}")),
  WrongCase(
    "boolean as text", 1202,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, enableDnsSupport: 1️⃣'true'}")),
  WrongCase("no CIDR block", 1206, text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 1️⃣10.0.0.0/33}")),
  WrongCase(
    "not allowed", 1205,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, instanceTenancy: 1️⃣host}")),
  WrongCase(
    "computed field", 1204,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, 1️⃣ownerId: '1'}")),
  WrongCase(
    "tag is a number", 1202,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, tags: {cost: 1️⃣5}}")),
  WrongCase("policy is no JSON", 1207, text: aws("Bucket", "metadata: {name: a}\nspec: {policy: 1️⃣'{'}")),
  WrongCase(
    "route twice", 1209,
    text: vpc
      + aws(
        "RouteTable",
        "metadata: {name: a}\nspec:\n  vpcId: ${aws.Vpc.net.id}\n  routes:\n"
          + "    - {destinationCidrBlock: 0.0.0.0/0}\n    - {destinationCidrBlock: 1️⃣0.0.0.0/0}"
      )),
]

let wrongReferences: [WrongCase] = [
  WrongCase(
    "unknown manifest", 1401,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣aws.Vpc[\"nett\"].id}'}")),
  WrongCase(
    "unknown provider", 1401,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣asw.Vpc.net.id}'}")),
  WrongCase(
    "unknown kind", 1401,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣aws.Vcp.net.id}'}")),
  WrongCase(
    "unknown field", 1402,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣aws.Vpc.net.vpcId}'}")),
  WrongCase(
    "below a text", 1402,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣aws.Vpc.net.cidrBlock.x}'}")),
  WrongCase(
    "another kind of resource", 1405,
    text: vpc
      + aws(
        "Subnet", "metadata: {name: a}\nspec: {vpcId: '${1️⃣aws.InternetGateway.g.id}', cidrBlock: 10.0.0.0/20}"
      ) + "---\n" + aws("InternetGateway", "metadata: {name: g}\nspec: {}")),
  WrongCase(
    "another type of value", 1405,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣aws.Vpc.net.tags}'}")),
  WrongCase(
    "an operator that does not take what a reference gives", 1311,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${aws.Vpc.net.id 1️⃣+ 1}'}")),
  WrongCase(
    "a function of a reference gives another type than the field takes", 1405,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec: {vpcId: '${1️⃣size(aws.Vpc.net.id)}'}")),
  WrongCase(
    "an expression of another type in a block scalar", 1405,
    text: vpc
      + aws(
        "InternetGateway",
        "metadata: {name: a}\nspec:\n  vpcId: |-\n    ${\n      1️⃣aws.Vpc.net.id == 'é'\n    }")),
  WrongCase(
    "text where a boolean belongs", 1405,
    text: vpc
      + aws(
        "Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, enableDnsSupport: '1️⃣is ${aws.Vpc.net.id}'}")),
  WrongCase(
    "one of several in a list", 1405,
    text: vpc
      + aws(
        "SecurityGroup",
        "metadata: {name: a}\nspec:\n  vpcId: ${aws.Vpc.net.id}\n  groupName: a\n  description: a\n"
          + "  ipPermissions: [{ipProtocol: tcp, fromPort: '${1️⃣aws.Vpc.net.id + \"0\"}', toPort: 1}]")),
  WrongCase(
    "itself", 1403,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, tags: {x: '${1️⃣aws.Vpc.a.id}'}}")),
  WrongCase(
    "dash in a dotted name", 1304,
    text: vpc + aws("InternetGateway", "metadata: {name: a}\nspec:\n  vpcId: ${aws.Vpc.prod1️⃣-net.id}")),
  WrongCase(
    "in a block scalar", 1309,
    text: aws(
      "Vpc",
      "metadata: {name: a}\nspec:\n  cidrBlock: 10.0.0.0/16\n  tags:\n    note: |\n      one\n      ${var.1️⃣x} two"
    )),
  WrongCase(
    "in double quotes", 1310,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, tags: {n: \"\\t${1️⃣siez('a')}\"}}")),
  WrongCase(
    "not closed", 1302,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, tags: {n: '1️⃣${aws.Vpc.a.id'}}")),
  WrongCase(
    "constant of the wrong type", 1202,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, enableDnsSupport: 1️⃣'${5}'}")),
  WrongCase(
    "policy variable", 1301,
    text: aws(
      "Bucket",
      "metadata: {name: a}\nspec: {policy: {Statement: [{Resource: 'arn:aws:s3:::b/${aws1️⃣:username}'}]}}")),
  WrongCase(
    "two expressions in one text", 1305, 1305,
    text: aws("Vpc", "metadata: {name: a}\nspec: {cidrBlock: 10.0.0.0/16, tags: {n: '${1️⃣x} é ${2️⃣y}'}}")),
]

@Suite("Wrong manifests")
struct WrongManifestTests {
  @Test("documents that are no manifests", arguments: wrongDocuments)
  func documents(_ wrong: WrongCase) { check(wrong) }

  @Test("fields against their types", arguments: wrongFields)
  func fields(_ wrong: WrongCase) { check(wrong) }

  @Test("references and expressions", arguments: wrongReferences)
  func references(_ wrong: WrongCase) { check(wrong) }

  private func check(_ wrong: WrongCase) {
    let text = MarkedText(wrong.text)
    let fixture = EstateFixture(text.text)
    let expected = zip(wrong.codes, text.markers).map { code, marker in
      "\(code) manifests/a.yaml:\(text.marker(marker).line):\(text.marker(marker).column)"
    }
    #expect(
      fixture.summary == expected,
      "\(fixture.diagnostics.map { "\($0.code) \($0.position?.description ?? "-") \($0.message)" })")
    for diagnostic in fixture.diagnostics where diagnostic.severity == .error {
      #expect(
        diagnostic.message.first?.isUppercase == false && diagnostic.message.last != ".",
        "\(diagnostic.message)")
    }
  }
}

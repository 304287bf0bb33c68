import TestSupport
import Testing

@Suite("environments from the command line")
struct EnvironmentCommandTests {
  /// The example of the repository.
  private static let files: [String: String] = {
    let folder =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
      + "/examples/environments"
    let names = ["plumb.yaml", "manifests/network.yaml", "environments/dev.yaml", "environments/prod.yaml"]
    return Dictionary(uniqueKeysWithValues: names.map { ($0, TextFile.read("\(folder)/\($0)") ?? "") })
  }()

  @Test("two environments stand side by side, and neither touches the other")
  func sideBySide() async throws {
    let plumb = BuiltBinary(Self.files)
    expectSnapshot(
      try await plumb.transcript([
        "validate", "apply --env dev --sandbox --auto-approve", "apply --env prod --sandbox --auto-approve",
        "plan --env dev --sandbox", "plan --env prod --sandbox", "inventory list --env dev --sandbox",
        "inventory list --env prod --sandbox", "inventory verify --env dev --sandbox", "drift --env prod --sandbox",
        "destroy --env dev --sandbox --auto-approve --allow-stateful *", "inventory list --env dev --sandbox",
        "plan --env prod --sandbox",
      ]))
  }

  @Test("an environment that is forgotten, unknown or not there exits with 64 and a hint")
  func forgotten() async throws {
    let plumb = BuiltBinary(Self.files)
    var lines = ["plan", "apply", "destroy", "drift", "inventory list", "output", "console 1", "explain aws.Vpc/main"]
    lines = lines.map { "\($0) --sandbox" } + ["plan --env prd --sandbox"]
    expectSnapshot(try await plumb.transcript(lines))
    let other = BuiltBinary(Self.files, ["PLUMB_ENV": "staging"])
    expectSnapshot(try await other.transcript(["plan --sandbox"]), named: "fromVariable")
  }

  @Test("a saved plan knows its environment and the values of its variables")
  func savedPlan() async throws {
    let plumb = BuiltBinary(Self.files)
    expectSnapshot(
      try await plumb.transcript([
        "plan --env dev --sandbox --var base=10.50 --out a.plan", "apply a.plan --env prod --sandbox",
        "apply a.plan --var base=10.60 --sandbox", "apply a.plan --sandbox",
        "output aws.Vpc/main.cidrBlock --env dev --sandbox",
        "plan --env dev --sandbox --var base=10.50",
      ]))
  }

  @Test("variables from flags and files are checked, and their problems name them")
  func variables() async throws {
    let plumb = BuiltBinary(Self.files.merging(["values.yaml": "base: 10.5\nzone: a\n"]) { $1 })
    expectSnapshot(
      try await plumb.transcript([
        "validate --env dev --var base=11.0", "validate --env dev --var base=10.0", "validate --env dev --var bse=10.1",
        "validate --env dev --var-file values.yaml", "validate --env dev --var-file none.yaml",
        "validate --env dev --var base",
      ]))
  }

  @Test("where the values of a resource come from: expression, variable, overlay")
  func sources() async throws {
    let plumb = BuiltBinary(Self.files)
    expectSnapshot(
      try await plumb.transcript([
        "explain aws.Bucket/logs --env prod --sandbox", "explain aws.Subnet/a --env prod --sandbox",
        "explain aws.Subnet/a --env prod --sandbox --json", "explain Environment.spec.overlays",
      ]))
  }

  @Test("the console evaluates against manifests, variables and the inventory")
  func console() async throws {
    let plumb = BuiltBinary(Self.files)
    let expressions = [
      "var.base", "environment", "aws.Vpc.main.cidrBlock", "aws.Vpc.main.id", "aws.Subnet.a.vpcId", "[1,2].map(x,x*2)",
      "aws.Bucket.logs.tags", "aws.Vpc.mian.id", "var.bse", "var.base+", "1/0", "type(1)",
    ].map { "console \($0) --env prod --sandbox" }
    expectSnapshot(
      try await plumb.transcript(
        expressions + [
          "console aws.Vpc.main.id --env prod --sandbox --output json",
          "apply --env prod --sandbox --auto-approve --only aws.Vpc/main",
          "console aws.Subnet.a.vpcId --env prod --sandbox", "console var --env prod --sandbox --output json",
          "console var.base --env prod --sandbox --json",
        ]))
  }
}

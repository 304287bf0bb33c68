import Platform
import TestSupport
import Testing
import Values

@Suite("saved plans on a live endpoint")
struct SavedPlanTests {
  private func planned() async throws -> LiveEstate {
    let estate = try await LiveEstate("aws-network")
    try await estate.expect("apply --auto-approve", says: "13 added")
    try estate.edit("manifests/network.yaml", "tags: {Name: lab}", "tags: {Name: lab, tier: one}")
    try await estate.expect("plan --out change.plan", says: "0 to add, 1 to change, 0 to destroy")
    return estate
  }

  private func tag(_ estate: LiveEstate, _ address: String, _ key: String, _ value: String) async throws {
    let id = try #require(try await estate.recorded()[address])
    let tag: Value = ["Key": .string(key), "Value": .string(value)]
    try await estate.account.call("ec2.create_tags", ["Resources": [.string(id)], "Tags": [tag]])
  }

  @Test("a plan is stale once what it read of its own resource is different")
  func stale() async throws {
    let estate = try await planned()
    try await tag(estate, "aws.Vpc/lab", "Name", "somebody-elses")
    let mark = try await estate.account.mark()
    try await estate.expect("apply change.plan --sandbox", code: 64, says: "made against the real clouds")
    try await estate.expect("apply change.plan", code: 6, says: "aws.Vpc/lab")
    #expect(try await estate.account.writes(since: mark) == [])
  }

  @Test("what no step reads may change: the plan still applies")
  func unrelated() async throws {
    let estate = try await planned()
    try await tag(estate, "aws.Subnet/public-a", "owner", "somebody-else")
    try await tag(estate, "aws.Vpc/lab", "nobodys", "business")
    try await estate.expect("apply change.plan", says: "0 added, 1 changed, 0 destroyed")
    let vpc = try await estate.account.readBack()["aws.Vpc/lab"]
    #expect(vpc?["tags"] == ["Name": "lab", "nobodys": "business", "owner": "platform", "tier": "one"])
    try await estate.expect("apply change.plan", code: 6, says: "was applied before")
  }
}

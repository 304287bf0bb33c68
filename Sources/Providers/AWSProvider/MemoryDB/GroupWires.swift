import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// Where clusters stand.
struct SubnetGroupWire: MemoryDBWire {
  private static let decoder = AnswerDecoder(names: [
    "subnetGroupName": "Name", "description": "Description", "subnetIds": "Subnets[Identifier]", "arn": "ARN",
    "vpcId": "VpcId",
  ])

  let noun = "SubnetGroup"

  func fields(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Fields? {
    var fields = Self.decoder.fields(raw, type.schema)
    fields["description"] = fields["description"] ?? ""
    return fields
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let own = ["subnetGroupName", "description", "subnetIds"].compactMap { name in
      fields[name].flatMap { $0.isNull ? nil : (name.wireName, $0) }
    }
    let tags = [("Tags", Tagging(fields, marker).parameters)]
    _ = try await task.session.send(.memoryDB("CreateSubnetGroup", .once, own + tags))
    return fields["subnetGroupName"]?.string ?? ""
  }

  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    var parameters = [nameParameter(now.remote.text)]
    if fields.contains("description") { parameters.append(("Description", wanted["description"] ?? "")) }
    if fields.contains("subnetIds"), let subnets = wanted["subnetIds"] { parameters.append(("SubnetIds", subnets)) }
    _ = try await task.session.send(.memoryDB("UpdateSubnetGroup", .repeatable, parameters))
  }
}

/// Settings of clusters: a group begins with those of its family.
struct ParameterGroupWire: MemoryDBWire {
  private static let decoder = AnswerDecoder(names: [
    "parameterGroupName": "Name", "family": "Family", "description": "Description", "arn": "ARN",
  ])
  /// The most that one UpdateParameterGroup takes.
  private static let batch = 20

  let noun = "ParameterGroup"
  let following: Set = ["parameters"]

  func fields(
    _ raw: Value, _ session: AWSSession, _ type: ResourceType
  ) async throws(ProviderError) -> Fields? {
    var fields = Self.decoder.fields(raw, type.schema)
    fields["description"] = fields["description"] ?? ""
    let group = nameParameter(raw.text("Name") ?? "")
    var settings: [(String, Value)] = []
    var token: String?
    repeat {
      let next = token.map { [("NextToken", Value.string($0))] } ?? []
      let answer = try await unlessMissing { () async throws(ProviderError) in
        try await session.send(.memoryDB("DescribeParameters", .read, [group] + next))
      }
      guard let answer else { return nil }
      settings += answer.value.items("Parameters").compactMap { one in
        // An empty value is one.
        guard let name = one.text("Name"), let value = one["Value"]?.string else { return nil }
        return (name, .string(value))
      }
      token = answer.value.text("NextToken")
    } while token != nil
    fields["parameters"] = .map(settings)
    return fields
  }

  func make(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> String {
    let own = ["parameterGroupName", "family", "description"].compactMap { name in
      fields[name].flatMap { $0.isNull ? nil : (name.wireName, $0) }
    }
    let tags = [("Tags", Tagging(fields, marker).parameters)]
    _ = try await task.session.send(.memoryDB("CreateParameterGroup", .once, own + tags))
    return fields["parameterGroupName"]?.string ?? ""
  }

  /// A setting that nobody writes any more is the family's again.
  func write(_ fields: Set<String>, _ wanted: Value, _ now: Observed, _ task: WriteTask) async throws(ProviderError) {
    guard fields.contains("parameters") else { return }
    let group = nameParameter(now.remote.text)
    let settings = wanted["parameters"]?.entries.map { ($0.key, $0.value) } ?? []
    let before = now.fields["parameters"]
    let set = settings.filter { !$0.1.isNull && before?[$0.0] != $0.1 }
    for part in set.chunked(Self.batch) {
      let values = part.map { ["ParameterName": .string($0.0), "ParameterValue": $0.1] as Value }
      _ = try await task.session.send(
        .memoryDB("UpdateParameterGroup", .repeatable, [group, ("ParameterNameValues", .list(values))]))
    }
    let dropped = settings.filter(\.1.isNull).map { Value.string($0.0) }
    guard !dropped.isEmpty || settings.isEmpty else { return }
    let which = settings.isEmpty ? ("AllParameters", true) : ("ParameterNames", Value.list(dropped))
    _ = try await task.session.send(.memoryDB("ResetParameterGroup", .repeatable, [group, which]))
  }
}

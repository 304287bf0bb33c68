import AWSClient
import ProviderKit
import Resources
import Schemas
import Values

/// The routes and associations of a route table, and how they are brought to what is wanted.
enum RouteTableParts {
  // MARK: Reading

  private static let targets = [
    "gatewayId", "natGatewayId", "transitGatewayId", "vpcPeeringConnectionId", "egressOnlyInternetGatewayId",
    "networkInterfaceId",
  ]
  private static let destinations = [
    "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId",
  ]

  /// The routes that are somebody's to write: not the local ones, not propagated ones, not those of endpoints.
  static func routes(_ raw: Value) -> Value {
    .list(
      raw.items("routeSet").compactMap { route in
        guard let destination = destinations.lazy.compactMap({ route.text($0) }).first, !isServiceOwned(route)
        else {
          return nil
        }
        let target = targets.compactMap { name in route.text(name).map { (name, Value.string($0)) } }
        return .map([("destinationCidrBlock", .string(destination))] + target)
      })
  }

  private static func isServiceOwned(_ route: Value) -> Bool {
    let gateway = route.text("gatewayId") ?? ""
    let origin = route.text("origin")
    return gateway == "local" || gateway.hasPrefix("vpce-") || origin == "EnableVgwRoutePropagation"
      || origin == "Advertisement"
  }

  struct Association {
    var id: String
    var subnet: String
  }

  /// The associations with subnets: neither the main one nor those on their way out.
  static func associations(_ raw: Value) -> [Association] {
    raw.items("associationSet").compactMap { item in
      guard let id = item.text("routeTableAssociationId"), let subnet = item.text("subnetId"),
        item.text("main") != "true", item.text("associationState.state") != "disassociated"
      else { return nil }
      return Association(id: id, subnet: subnet)
    }
  }

  // MARK: Writing

  static let routeWriter = EC2Wire.FieldWriter(fields: ["routes"], followsCreate: true) {
    task, now, wanted throws(ProviderError) in
    let before = Array(now.fields["routes"]?.elements ?? Value.null.elements)
    let after = Array(wanted["routes"]?.elements ?? Value.null.elements)
    for route in after {
      let old = before.first { sameDestination($0, route) }
      if let old, FieldType.object(AWSType.routeSchema).equal(old, route) { continue }
      try await write(route, replacing: old != nil, now.id, task)
    }
    for route in before where !after.contains(where: { sameDestination($0, route) }) {
      try await unlessGone { () throws(ProviderError) in
        let parameters = [("RouteTableId", Value.string(now.id)), destination(route)]
        _ = try await task.session.send(.ec2("DeleteRoute", .repeatable, parameters))
      }
    }
  }

  private static func write(
    _ route: Value, replacing: Bool, _ id: String, _ task: WriteTask
  ) async throws(ProviderError) {
    let target = targets.compactMap { name in route[name].map { (name.wireName, $0) } }
    let parameters = [("RouteTableId", Value.string(id)), destination(route)] + target
    do throws(ProviderError) {
      _ = try await task.session.send(
        .ec2(replacing ? "ReplaceRoute" : "CreateRoute", .repeatable, parameters))
    } catch {
      // An earlier try made it, with this way or another.
      guard error.has("RouteAlreadyExists") else { throw error }
      _ = try await task.session.send(.ec2("ReplaceRoute", .repeatable, parameters))
    }
  }

  /// The destination is one of three parameters, told by its form.
  private static func destination(_ route: Value) -> (String, Value) {
    let text = route["destinationCidrBlock"]?.string ?? ""
    if text.hasPrefix("pl-") { return ("DestinationPrefixListId", .string(text)) }
    return (text.contains(":") ? "DestinationIpv6CidrBlock" : "DestinationCidrBlock", .string(text))
  }

  private static func sameDestination(_ left: Value, _ right: Value) -> Bool {
    let (a, b) = (left["destinationCidrBlock"]?.string ?? "", right["destinationCidrBlock"]?.string ?? "")
    if a == b { return true }
    guard let first = CIDRBlock(a), let second = CIDRBlock(b) else { return false }
    return first.masked == second.masked
  }

  static let associationWriter = EC2Wire.FieldWriter(fields: ["associations"], followsCreate: true) {
    task, now, wanted throws(ProviderError) in
    let before = associations(now.raw)
    let after = (wanted["associations"]?.elements ?? Value.null.elements).compactMap {
      $0["subnetId"]?.string
    }
    for subnet in after where !before.contains(where: { $0.subnet == subnet }) {
      try await associate(subnet, now, task)
    }
    for association in before where !after.contains(association.subnet) {
      try await disassociate(association.id, task)
    }
  }

  static func disassociate(_ id: String, _ task: WriteTask) async throws(ProviderError) {
    try await unlessGone { () throws(ProviderError) in
      _ = try await task.session.send(
        .ec2("DisassociateRouteTable", .repeatable, [("AssociationId", .string(id))]))
    }
  }

  private static func associate(
    _ subnet: String, _ now: EC2Wire.Snapshot, _ task: WriteTask
  ) async throws(ProviderError) {
    let table = ("RouteTableId", Value.string(now.id))
    do throws(ProviderError) {
      _ = try await task.session.send(
        .ec2("AssociateRouteTable", .repeatable, [table, ("SubnetId", .string(subnet))]))
    } catch {
      guard error.has("Resource.AlreadyAssociated") else { throw error }
      guard let association = try await takeover(subnet, now, task, refusal: error) else { return }
      _ = try await task.session.send(
        .ec2("ReplaceRouteTableAssociation", .repeatable, [("AssociationId", .string(association)), table]))
    }
  }

  /// The association to take over: from a table of our own scope, which is being replaced or changed too. nil where
  /// the subnet uses this table already; a table of others keeps it.
  private static func takeover(
    _ subnet: String, _ now: EC2Wire.Snapshot, _ task: WriteTask, refusal: ProviderError
  ) async throws(ProviderError) -> String? {
    let filter = EC2Filter(name: "association.subnet-id", values: [subnet])
    let answer = try await task.session.send(
      .ec2("DescribeRouteTables", .read, [("Filter", [filter.parameter])]))
    for table in answer.value.items("routeTableSet") {
      guard let association = associations(table).first(where: { $0.subnet == subnet }) else { continue }
      if table.text("routeTableId") == now.id { return nil }
      let owner = Tagging(table.items("tagSet")).marker
      guard let owner, owner.scope == now.observed.marker?.scope else { throw refusal }
      return association.id
    }
    throw refusal
  }
}

import Platform

/// An estate as text can be made from it: drawn at random, and edited at random.
struct RandomEstate: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case vpc = "Vpc"
    case subnet = "Subnet"
    case internetGateway = "InternetGateway"
    case securityGroup = "SecurityGroup"
    case routeTable = "RouteTable"
    case elasticIp = "ElasticIp"
    case natGateway = "NatGateway"
    case bucket = "Bucket"
    case role = "Role"
    case instanceProfile = "InstanceProfile"

    /// What one cannot be without.
    var needs: [Kind] {
      switch self {
      case .vpc, .elasticIp, .bucket, .role: []
      case .subnet, .internetGateway, .securityGroup, .routeTable: [.vpc]
      case .natGateway: [.subnet, .elasticIp]
      case .instanceProfile: [.role]
      }
    }

    /// True where the field that names what one likes is written late, so that two may name each other.
    var isLateInLikes: Bool { self == .securityGroup || self == .bucket }

    /// What one may refer to besides, and may let go of.
    var likes: Kind? {
      switch self {
      case .securityGroup: .securityGroup
      case .routeTable: .subnet
      case .bucket: .role
      case .role: .bucket
      case .vpc, .subnet, .internetGateway, .elasticIp, .natGateway, .instanceProfile: nil
      }
    }
  }

  struct Item: Sendable {
    var kind: Kind
    var name: String
    /// Makes names and addresses unique; stays when the item is renamed.
    var serial: Int
    var needs: [String] = []
    var likes: [String] = []
    /// Whatever else comes before it, of any kind: an order that edits turn round.
    var follows: [String] = []
    var tags = 0
    var mutable = 0
    var immutable = 0
    var isProtected = false
    var movedFrom: String?

    /// For the story of a seed.
    var gist: String {
      "\(name)(#\(serial) \(tags)/\(mutable)/\(immutable)\(isProtected ? " protected" : "")"
        + "\(movedFrom.map { " was " + $0 } ?? "") \((needs + likes).joined(separator: " "))"
        + "\(follows.isEmpty ? "" : " after " + follows.joined(separator: " ")))"
    }
  }

  private(set) var items: [Item] = []
  private var lastSerial = 0

  init(count: Int, _ random: inout SimulationRandom) {
    while items.count < count { add(random.pick(Kind.allCases), &random) }
    for _ in 0..<count { like(&random) }
  }

  var files: SimulatedFiles {
    SimulatedFiles(["/estate/plumb.yaml": MixedEstate.estate, "/estate/all.yaml": items.map(document).joined()])
  }

  /// Every item without protection.
  var unprotected: RandomEstate {
    var estate = self
    for index in estate.items.indices { estate.items[index].isProtected = false }
    return estate
  }

  // MARK: Edits

  mutating func edit(_ random: inout SimulationRandom) {
    for index in items.indices { items[index].movedFrom = nil }
    for _ in 0..<random.within(1...5) { editOnce(&random) }
  }

  private mutating func editOnce(_ random: inout SimulationRandom) {
    guard !items.isEmpty else { return add(random.pick(Kind.allCases), &random) }
    let index = random.below(items.count)
    switch random.below(12) {
    case 0, 1: items[index].tags += 1
    case 2, 3: items[index].mutable += 1
    case 4: items[index].immutable += 1
    case 5: items[index].isProtected.toggle()
    case 6: remove(index)
    case 7: add(random.pick(Kind.allCases), &random)
    case 8: rename(index, isMove: true)
    case 9: rename(index, isMove: false)
    case 10: retarget(index, &random)
    default: like(&random)
    }
  }

  private mutating func add(_ kind: Kind, _ random: inout SimulationRandom) {
    var needs: [String] = []
    for need in kind.needs {
      if !items.contains(where: { $0.kind == need }) { add(need, &random) }
      needs.append(random.pick(items.filter { $0.kind == need }).name)
    }
    // An address is used by one gateway.
    if kind == .natGateway, items.contains(where: { $0.kind == kind && $0.needs[1] == needs[1] }) { return }
    lastSerial += 1
    var item = Item(kind: kind, name: "\(kind)-\(lastSerial)".lowercased(), serial: lastSerial, needs: needs)
    item.isProtected = random.chance(0.08)
    items.append(item)
  }

  private mutating func like(_ random: inout SimulationRandom) {
    let index = random.below(items.count)
    guard let kind = items[index].kind.likes else { return }
    let others = items.filter { $0.kind == kind }.map(\.name)
    let liked = others.filter { _ in random.chance(0.4) }.suffix(3)
    let name = items[index].name
    items[index].likes = items[index].kind.isLateInLikes ? Array(liked) : liked.filter { !waits(for: name, from: $0) }
  }

  private mutating func retarget(_ index: Int, _ random: inout SimulationRandom) {
    let kind = items[index].kind
    guard let need = kind.needs.first, kind != .natGateway else { return }
    let other = random.pick(items.filter { $0.kind == need }).name
    if !waits(for: items[index].name, from: other) { items[index].needs[0] = other }
  }

  private mutating func remove(_ index: Int) {
    let name = items.remove(at: index).name
    for position in items.indices {
      items[position].likes.removeAll { $0 == name }
      items[position].follows.removeAll { $0 == name }
    }
    while let dependent = items.firstIndex(where: { $0.needs.contains(name) }) { remove(dependent) }
  }

  private mutating func rename(_ index: Int, isMove: Bool) {
    let old = items[index].name
    let new = old + "x"
    items[index].name = new
    items[index].movedFrom = isMove ? old : nil
    // A new object at a new address has names of its own.
    if !isMove {
      lastSerial += 1
      items[index].serial = lastSerial
    }
    for position in items.indices {
      items[position].needs = items[position].needs.map { $0 == old ? new : $0 }
      items[position].likes = items[position].likes.map { $0 == old ? new : $0 }
      items[position].follows = items[position].follows.map { $0 == old ? new : $0 }
    }
  }

  // MARK: An order across kinds

  /// Lets some items follow others, and others no more, without a circle.
  mutating func weave(_ random: inout SimulationRandom) {
    for _ in 0..<items.count {
      let index = random.below(items.count)
      items[index].follows = []
      let other = random.pick(items).name
      if random.chance(0.7), !reaches(items[index].name, from: other) { items[index].follows = [other] }
    }
  }

  /// True where `start` cannot be made before what has this name: then the other way round would be a circle.
  private func waits(for name: String, from start: String) -> Bool {
    var seen: Set<String> = [], open = [start]
    while let next = open.popLast() {
      guard seen.insert(next).inserted, let item = items.first(where: { $0.name == next }) else { continue }
      open += item.needs + item.follows + (item.kind.isLateInLikes ? [] : item.likes)
    }
    return seen.contains(name)
  }

  private func reaches(_ name: String, from start: String) -> Bool {
    var seen: Set<String> = [], open = [start]
    while let next = open.popLast() {
      guard seen.insert(next).inserted, let item = items.first(where: { $0.name == next }) else { continue }
      open += item.needs + item.follows + item.likes
    }
    return seen.contains(name)
  }
}

// MARK: Text

extension RandomEstate {
  private func document(_ item: Item) -> String {
    var metadata = "name: \(item.name)"
    if item.isProtected { metadata += ", protect: true" }
    if let old = item.movedFrom { metadata += ", movedFrom: aws.\(item.kind.rawValue)/\(old)" }
    // Half of them say it by a reference, which is a field that changes, and half in words that no object holds.
    let isWord = item.serial % 2 == 0
    let followed = items.filter { item.follows.contains($0.name) }
    if isWord, !followed.isEmpty {
      metadata += ", dependsOn: [\(followed.map { "aws.\($0.kind.rawValue)/\($0.name)" }.joined(separator: ", "))]"
    }
    var spec = fields(item)
    var tags = item.tags > 0 ? ["turn: \"\(item.tags)\"", "t\(item.tags % 3): x"] : []
    if !isWord { tags += followed.map { "after: \(reference($0.kind, $0.name))" } }
    if !tags.isEmpty { spec.append("tags: {\(tags.joined(separator: ", "))}") }
    return """
      ---
      apiVersion: aws.plumb.dev/v1
      kind: \(item.kind.rawValue)
      metadata: {\(metadata)}
      spec: {\(spec.joined(separator: ", "))}

      """
  }

  private func reference(_ kind: Kind, _ name: String, _ field: String = "id") -> String {
    "\"${aws.\(kind.rawValue)['\(name)'].\(field)}\""
  }

  private func fields(_ item: Item) -> [String] {
    let isOdd = item.mutable % 2 == 1
    switch item.kind {
    case .vpc: return ["cidrBlock: 10.\(item.immutable % 200).0.0/16", "enableDnsHostnames: \(isOdd)"]
    case .subnet:
      return [
        "vpcId: \(reference(.vpc, item.needs[0]))", "mapPublicIpOnLaunch: \(isOdd)",
        "cidrBlock: 10.\(item.immutable % 200).\(item.serial % 250).0/24",
      ]
    case .internetGateway: return ["vpcId: \(reference(.vpc, item.needs[0]))"]
    case .securityGroup: return group(item)
    case .routeTable:
      let subnets = item.likes.map { "{subnetId: \(reference(.subnet, $0))}" }.joined(separator: ", ")
      return ["vpcId: \(reference(.vpc, item.needs[0]))", "associations: [\(subnets)]"]
    case .elasticIp: return []
    case .natGateway:
      return [
        "subnetId: \(reference(.subnet, item.needs[0]))", "allocationId: \(reference(.elasticIp, item.needs[1]))",
      ]
    case .bucket: return bucket(item)
    case .role: return role(item)
    case .instanceProfile:
      return [
        "instanceProfileName: profile-\(item.serial)", "roles: [\(reference(.role, item.needs[0], "roleName"))]",
        "path: /\(item.immutable)/",
      ]
    }
  }

  private func group(_ item: Item) -> [String] {
    let rules = item.likes.enumerated().map { port, other in
      """
      {ipProtocol: tcp, fromPort: \(port + 1), toPort: \(item.mutable + 9), \
      userIdGroupPairs: [{groupId: \(reference(.securityGroup, other))}]}
      """
    }
    return [
      "vpcId: \(reference(.vpc, item.needs[0]))", "groupName: group-\(item.serial)",
      "description: text \(item.immutable)", "ipPermissions: [\(rules.joined(separator: ", "))]",
    ]
  }

  private func bucket(_ item: Item) -> [String] {
    var fields = ["bucket: bucket-\(item.serial)-\(item.immutable)"]
    if item.mutable % 3 > 0 { fields.append("versioning: {status: Enabled}") }
    guard !item.likes.isEmpty else { return fields }
    let roles = item.likes.map { reference(.role, $0, "arn") }.joined(separator: ", ")
    fields.append(
      "policy: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"s3:*\", Principal: {AWS: [\(roles)]}}]}")
    return fields
  }

  private func role(_ item: Item) -> [String] {
    let buckets = item.likes.map { reference(.bucket, $0, "arn") }.joined(separator: ", ")
    let policy =
      item.likes.isEmpty
      ? "" : "data: {Version: \"2012-10-17\", Statement: [{Effect: Allow, Action: \"s3:*\", Resource: [\(buckets)]}]}"
    return [
      "roleName: role-\(item.serial)", "path: /\(item.immutable)/", "description: text \(item.mutable)",
      "assumeRolePolicyDocument: {Version: \"2012-10-17\", Statement: []}", "policies: {\(policy)}",
    ]
  }
}

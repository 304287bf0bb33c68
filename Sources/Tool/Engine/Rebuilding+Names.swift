import Planning
import ProviderKit
import Resources
import Values

/// What no marker tells, found by the names that the present manifests give.
extension Rebuilding {
  /// The names to look up next: of what is wanted, has no record, and belongs to a type whose objects cannot be known
  /// by a marker. Each is asked for once.
  mutating func questions() -> [HolderQuestion] {
    let questions = Planner.questions(input).filter { question in
      !asked.contains(question.address) && workspace.catalog[question.type]?.marker.isRewritable == false
    }
    asked.formUnion(questions.map(\.address))
    return questions.map(byID)
  }

  /// What stands whether or not somebody creates it (a key ring, an enabled service) has no holder: it is read by the
  /// id that its name makes.
  private func byID(_ question: HolderQuestion) -> HolderQuestion {
    guard case .naturalKey(let fields) = question.evidence, let type = workspace.catalog[question.type],
      type.lifespan != .own, let path = type.identity.idPath, let account = survey.identities[question.target]?.account
    else { return question }
    var question = question
    question.evidence = .id(RemoteID(IdentityPath(path).text(fields, account: account)))
    return question
  }

  mutating func take(_ holders: [Address: [Observed]]) {
    let known = Dictionary(
      records.values.map { ("\($0.type) \($0.remote)", $0.key) }, uniquingKeysWith: { first, _ in first })
    for (address, found) in holders.sorted(by: { $0.key < $1.key }) {
      guard let resource = workspace.desired.resources.first(where: { $0.address == address }),
        let target = survey.identities[resource.target], let object = found.first
      else { continue }
      if let problem = objection(to: found, known["\(object.type) \(object.remote)"]) {
        unknown.append("whether `\(address)` stands: \(problem)")
        continue
      }
      take(object, at: address, target, known["\(object.type) \(object.remote)"])
    }
  }

  /// Why these objects, or the one among them, are not taken for what a manifest names.
  private func objection(to found: [Observed], _ known: RecordKey?) -> String? {
    let object = found[0]
    guard found.count == 1 else {
      return "\(found.map { "`\($0.remote)`" }.joined(separator: " and ")) fit its name"
    }
    if let marker = object.marker, marker.scope != workspace.scope {
      return "`\(object.remote)` has its name, and is `\(marker.address)` of scope `\(marker.scope)`"
    }
    guard let known, !made.contains(known) || isDesired(known.address) else { return nil }
    return "`\(object.remote)` has its name, and is recorded as `\(known.address)`"
  }

  /// - Parameter old: where a marker, which cannot be written anew, still says the address that it was moved from.
  private mutating func take(_ object: Observed, at address: Address, _ target: TargetIdentity, _ old: RecordKey?) {
    var record = Recorded(
      address: address, incarnation: old?.incarnation ?? 1, type: object.type, target: target, remote: object.remote,
      owned: .map([]))
    if let old {
      record.isProtected = records.removeValue(forKey: old)?.isProtected ?? false
      made.remove(old)
    } else {
      named.insert(record.key)
      unknown.append(
        "whether `\(object.remote)` was ours: objects of \(object.type) carry no marker, and it has the name of "
          + "`\(address)`")
    }
    records[record.key] = record
    objects[record.key] = object
    made.insert(record.key)
  }
}

import ProviderKit
import Resources
import Values

/// What the questions about a plan come to.
struct PreflightNeeds: Sendable {
  struct Metric: Hashable, Sendable {
    var metric: String
    var region: String?
  }

  let project: String
  let region: String?
  var permissions: [String: Set<TypeName>] = [:]
  /// The objects on which a permission is needed, where all of them stand already.
  var objects: [String: Set<String>] = [:]
  var services: [String: Set<TypeName>] = [:]
  var enabled: Set<String> = []
  var quotas: [Metric: (count: Int, type: TypeName)] = [:]
  /// Permissions that are needed where nothing stands yet, or on something that has no name yet.
  private var elsewhere: Set<String> = []

  init(_ project: String, _ region: String?) {
    self.project = project
    self.region = region
  }

  mutating func add(_ question: PreflightQuestion, _ type: ResourceType?) {
    guard let type, let facts = type.operations[question.operation] else { return }
    let ids = question.objects.map { Self.object($0, type, question.operation, project) }
    for permission in facts.permissions {
      permissions[permission, default: []].insert(type.name)
      services[GCPService.host(of: permission), default: []].insert(type.name)
      add(permission, ids)
    }
    guard question.operation == .create else { return }
    for fields in question.objects {
      if type.name.text == "gcp/ProjectService", let service = fields["name"]?.string { enabled.insert(service) }
      guard let code = facts.quotaCode else { continue }
      let place = type.scope == .region ? fields["region"]?.string ?? region : nil
      quotas[Metric(metric: code, region: place), default: (0, type.name)].count += 1
    }
  }

  private mutating func add(_ permission: String, _ ids: [String?]) {
    if ids.contains(nil) { elsewhere.insert(permission) }
    if elsewhere.contains(permission) { return objects[permission] = nil }
    objects[permission, default: []].formUnion(ids.compactMap(\.self))
  }

  private static let policy = "/iam/"

  /// The object that an operation is done on: that whose policy holds a grant, else the object itself where it stands.
  private static func object(
    _ fields: Value, _ type: ResourceType, _ operation: Operation, _ project: String
  ) -> String? {
    if let field = type.identity.idField {
      return operation == .create ? nil : fields[field]?.string.map { "b/\($0)" }
    }
    guard var pattern = type.identity.idPath else { return nil }
    if let cut = pattern.firstRange(of: policy) {
      pattern = String(pattern[..<cut.lowerBound])
    } else if operation == .create {
      return nil
    }
    let path = IdentityPath(pattern)
    guard path.fields.allSatisfy({ fields[$0]?.string != nil }) else { return nil }
    return path.text(fields, account: project)
  }

  func types(of sets: [Set<TypeName>]) -> [TypeName] {
    sets.reduce(into: Set()) { $0.formUnion($1) }.sorted()
  }
}

import Diagnostics
import Manifests
import Resources
import Schemas
import Values

extension Assembly {
  /// The settings under `metadata`; their types were checked when the document was read.
  mutating func lifecycle(of resource: Declared) -> Lifecycle {
    if let expansion = resource.expansion { return lifecycle(of: resource, expansion) }
    return lifecycle(written: resource.document.settings, resource)
  }

  mutating func lifecycle(written metadata: Value?, _ resource: Declared) -> Lifecycle {
    var lifecycle = Lifecycle()
    guard let metadata, metadata.count > (metadata["name"] == nil ? 0 : 1) else { return lifecycle }
    lifecycle.protect = metadata["protect"]?.bool ?? false
    lifecycle.managementPolicy = metadata["managementPolicy"]?.string.flatMap { .init(rawValue: $0) } ?? .full
    lifecycle.createBeforeDestroy = metadata["createBeforeDestroy"]?.bool
    lifecycle.dependsOn = dependsOn(metadata, resource)
    lifecycle.ignore = ignored(metadata, resource)
    lifecycle.movedFrom = movedFrom(metadata)
    lifecycle.adopt = adoption(metadata, resource)
    return lifecycle
  }

  private mutating func dependsOn(_ metadata: Value, _ resource: Declared) -> [Address] {
    guard let written = metadata["dependsOn"], let owner = index[resource.address.text] else { return [] }
    var addresses: [Address] = []
    for item in written.elements {
      guard let text = item.string else { continue }
      dependencies.append(Dependency(owner: owner, address: text, position: item.origin))
      addresses.append(Address(text))
    }
    return addresses
  }

  private mutating func ignored(_ metadata: Value, _ resource: Declared) -> [ValuePath] {
    guard let written = metadata["ignore"] else { return [] }
    let schema = resource.facts.type.schema
    var paths: [ValuePath] = []
    for item in written.elements {
      guard let text = item.string else { continue }
      guard let path = ValuePath(text), let name = path.field else {
        problem(
          "`\(text)` is no path to a field", item,
          hint: "write a field such as `tags`, or a way into it such as `tags.owner`")
        continue
      }
      guard schema[name] != nil else {
        problem(
          "`\(resource.facts.type.name)` has no field `\(name)`", item,
          hint: Suggestion.hint(for: name, among: schema.fields.map(\.name)))
        continue
      }
      paths.append(path)
    }
    return paths
  }

  private mutating func movedFrom(_ metadata: Value) -> Address? {
    guard let written = metadata["movedFrom"], let text = written.string else { return nil }
    guard text.contains("/"), !text.hasPrefix("/"), !text.hasSuffix("/") else {
      problem(
        "`\(text)` is no address", written,
        hint: "an address reads `aws.Vpc/name` or `Network/name/subnet[a]`")
      return nil
    }
    return Address(text)
  }

  private mutating func adoption(_ metadata: Value, _ resource: Declared) -> Adoption? {
    guard let written = metadata["adopt"], written.kind == .map else { return nil }
    let id = written["id"]?.string, byKey = written["naturalKey"]?.bool
    switch (id, byKey) {
    case (let id?, nil) where !id.isEmpty: return .id(RemoteID(id))
    case (nil, true?):
      guard resource.facts.type.identity.naturalKey.isEmpty else { return .naturalKey }
      problem(
        "`\(resource.facts.type.name)` has no natural key to find an object by",
        written["naturalKey"] ?? written,
        hint: "write `adopt: {id: …}`")
    default:
      problem(
        "`adopt` says not exactly one object", written, hint: "write either `{id: …}` or `{naturalKey: true}`"
      )
    }
    return nil
  }

  private mutating func problem(_ message: String, _ value: Value, hint: String? = nil) {
    diagnostics.append(
      .error(
        .lifecycleSetting, message, at: value.origin, length: max(1, value.spelling.unicodeScalars.count),
        hint: hint))
  }
}

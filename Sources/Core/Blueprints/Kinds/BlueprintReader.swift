import Diagnostics
import Manifests
import Resources
import Schemas
import Values

/// Reads `Blueprint` documents. Total: what is wrong is reported at its line and left out.
struct BlueprintReader {
  /// Names that expressions have already, so that no loop or `let` may take them.
  static let reserved: Set = [
    "spec", "metadata", "var", "target", "environment", "parameters", "resources", "outputs", "self", "true", "false",
    "null",
    "in", "size", "has", "all", "exists", "map", "filter",
  ]
  static let anyProvider = "any"

  let providers: [String]
  private(set) var diagnostics: [Diagnostic] = []

  init(providers: [String]) { self.providers = providers }

  /// - Parameter isBuiltin: our own group may be used.
  mutating func read(_ document: ManifestDocument, isBuiltin: Bool) -> BlueprintDocument? {
    guard let spec = document.spec, spec.kind == .map else {
      problem("a blueprint needs `spec`", document.body)
      return nil
    }
    let earlier = diagnostics.count
    diagnostics += ManifestSchemas.blueprint.validate(spec, path: "spec")
    guard let (kind, isExtension) = kind(spec, isBuiltin: isBuiltin) else { return nil }
    // What has the wrong shape was reported; reading on would only repeat it.
    guard !diagnostics[earlier...].hasErrors else { return nil }
    if isExtension {
      for field in ["schema", "parameters", "placement", "description"] where spec[field] != nil {
        problem("`\(field)` stands where the kind is defined, not in an extension", spec[field] ?? spec)
      }
      if spec["resources"] == nil { problem("an extension needs `resources`", spec) }
    } else if spec["schema"] == nil {
      problem("a blueprint needs a `schema`", spec, hint: "write `schema: {properties: {…}}`")
    }
    var names = Self.reserved
    let lets = named(spec["let"], &names, "`let`")
    var outputNames: Set<String> = []
    return BlueprintDocument(
      name: document.name, kind: kind, isExtension: isExtension, summary: spec["description"]?.string ?? "",
      schema: spec["schema"], parameters: parameters(spec["parameters"]),
      placement: spec["placement"].map { Array($0.elements) } ?? [], lets: lets,
      validations: (spec["validations"]?.elements).map { Array($0) }?.map { validation($0, names) } ?? [],
      variants: variants(spec["resources"], names), outputs: named(spec["outputs"], &outputNames, "`outputs`"),
      readiness: (spec["readiness"]?.elements).map { Array($0) }?.compactMap { readiness($0) } ?? [],
      origin: document.origin)
  }

  // MARK: Kind

  private mutating func kind(_ spec: Value, isBuiltin: Bool) -> (KindName, isExtension: Bool)? {
    let defines = spec["defines"], extends = spec["extends"]
    guard let written = defines ?? extends, defines == nil || extends == nil else {
      problem("a blueprint has either `defines` or `extends`", extends ?? spec)
      return nil
    }
    guard let version = written["apiVersion"]?.string, let kind = written["kind"]?.string else { return nil }
    let isExtension = defines == nil
    if !isExtension, !isBuiltin, version == ManifestSchemas.ownVersion || !Self.isGroup(version) {
      problem(
        "`\(version)` cannot be the group of a kind of yours", written["apiVersion"] ?? written,
        hint: "write a group with a dot in it and a version, such as `acme.dev/v1`")
      return nil
    }
    guard Self.isKind(kind) else {
      problem(
        "`\(kind)` cannot be a kind", written["kind"] ?? written, hint: "a kind is a name such as `TeamSpace`")
      return nil
    }
    if LanguageKind.names.contains(kind) {
      problem("`\(kind)` is a kind of the language itself", written["kind"] ?? written)
      return nil
    }
    return (KindName(version, kind), isExtension)
  }

  private static func isGroup(_ version: String) -> Bool {
    let halves = version.split(separator: "/", omittingEmptySubsequences: false)
    return halves.count == 2 && halves[0].contains(".") && !halves[1].isEmpty && !halves[0].hasSuffix("plumb.dev")
  }

  private static func isKind(_ text: String) -> Bool {
    (text.utf8.first.map { (0x41...0x5A).contains($0) } ?? false) && text.utf8.count <= 63 && isName(text)
  }

  /// A letter, then letters and digits.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) else { return false }
    return text.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
  }

  // MARK: Parts

  private mutating func named(_ value: Value?, _ taken: inout Set<String>, _ what: String)
    -> [BlueprintDocument.Named]
  {
    guard let value else { return [] }
    if value.count > BlueprintLimits.expressions {
      problem("\(what) has more than \(BlueprintLimits.expressions) names", value)
      return []
    }
    return value.entries.compactMap { entry in
      let name = entry.key
      guard Self.isName(name), taken.insert(name).inserted else {
        diagnostics.append(
          .error(
            .blueprintForm, Self.isName(name) ? "the name `\(name)` is taken" : "`\(name)` cannot be a name",
            at: entry.keyOrigin, length: name.unicodeScalars.count,
            hint: "a name has letters and digits, and begins with a letter"))
        return nil
      }
      return BlueprintDocument.Named(name: name, value: entry.value, origin: entry.keyOrigin)
    }
  }

  private func parameters(_ value: Value?) -> [BlueprintDocument.Named] {
    (value?.entries).map { Array($0) }?.map {
      BlueprintDocument.Named(name: $0.key, value: $0.value, origin: $0.keyOrigin)
    } ?? []
  }

  private mutating func validation(_ item: Value, _ names: Set<String>) -> BlueprintDocument.Validation {
    BlueprintDocument.Validation(
      rule: item["rule"] ?? .null, path: item["path"] ?? .null, message: item["message"] ?? .null,
      hint: item["hint"]?.string, when: item["when"], warnWhen: item["warnWhen"],
      isWarning: item["severity"]?.string == "warning",
      loop: item["forEach"].flatMap { loop($0, names, needsKey: false) })
  }

  private mutating func readiness(_ item: Value) -> BlueprintDocument.Readiness? {
    guard let rule = item["rule"], let message = item["message"] else { return nil }
    var limit = BlueprintLimits.readiness
    if let seconds = item["timeoutSeconds"], let number = seconds.int {
      if !(1...BlueprintLimits.longestReadiness.components.seconds).contains(number) {
        problem(
          "`timeoutSeconds` is between 1 and \(BlueprintLimits.longestReadiness.components.seconds)", seconds)
      }
      limit = .seconds(number)
    }
    return BlueprintDocument.Readiness(rule: rule, message: message, limit: limit)
  }

  private mutating func loop(_ value: Value, _ taken: Set<String>, needsKey: Bool) -> BlueprintDocument.Loop? {
    guard let source = value["in"] else { return nil }
    let written = value["as"].map { Array($0.elements) } ?? []
    var names: [String] = []
    for item in written {
      guard let name = item.string, Self.isName(name), !taken.contains(name), !names.contains(name) else {
        problem(
          "`\(item.spelling)` cannot be the name of an item", item,
          hint: "a name has letters and digits, and is not used otherwise")
        continue
      }
      names.append(name)
    }
    if !(1...2).contains(names.count), names.count == written.count {
      problem("`as` has one name or two", value["as"] ?? value, hint: "`[item]`, or `[key, value]` for a map")
    }
    if needsKey, value["key"] == nil {
      problem("`forEach` needs a `key`", value, hint: "the text in the address by which an item is always known")
    }
    return BlueprintDocument.Loop(source: source, names: names, key: value["key"])
  }

  private mutating func variants(_ value: Value?, _ names: Set<String>)
    -> [(provider: String, entries: [BlueprintDocument.Entry])]
  {
    guard let value else { return [] }
    return value.entries.compactMap { variant in
      guard variant.key == Self.anyProvider || providers.contains(variant.key) else {
        // Embedded kinds know all providers, whichever this run has.
        if variant.keyOrigin?.file.hasPrefix("plumb:") == true { return nil }
        diagnostics.append(
          .error(
            .unknownProvider, "there is no provider `\(variant.key)`", at: variant.keyOrigin,
            length: variant.key.unicodeScalars.count,
            hint: Suggestion.hint(for: variant.key, among: providers)
              ?? "it is `any` or one of: \(providers.joined(separator: ", "))"))
        return nil
      }
      if variant.value.count > BlueprintLimits.entries {
        problem("the variant has more than \(BlueprintLimits.entries) entries", variant.value)
        return nil
      }
      return (variant.key, variant.value.elements.compactMap { entry($0, names) })
    }
  }

  private mutating func entry(_ item: Value, _ names: Set<String>) -> BlueprintDocument.Entry? {
    guard let role = item["role"]?.string, let typeValue = item["type"], let type = typeValue.string,
      let template = item["template"]
    else { return nil }
    if !Self.isName(role) {
      problem("`\(role)` cannot be a role", item["role"] ?? item, hint: "a letter, then letters and digits")
      return nil
    }
    return BlueprintDocument.Entry(
      role: role, type: TypeName(type), typeValue: typeValue, summary: item["description"]?.string ?? "",
      when: item["when"], loop: item["forEach"].flatMap { loop($0, names, needsKey: true) }, target: item["target"],
      metadata: item["metadata"], template: template, origin: item.origin)
  }

  private mutating func problem(_ message: String, _ value: Value, hint: String? = nil) {
    diagnostics.append(
      .error(
        .blueprintForm, message, at: value.origin, length: max(1, value.spelling.unicodeScalars.count), hint: hint))
  }
}

import Blueprints
import Diagnostics
import Engine
import Manifests
import Planning
import Policies
import ProviderKit
import Reports
import Resources
import Values

extension DiagnosticCode {
  static let unknownSubject = DiagnosticCode(6040)
  static let notInPlan = DiagnosticCode(6041)
}

extension CommandOption {
  static let planFile = CommandOption(
    "plan", .text("FILE"), completion: .file, "explain a saved plan instead of a fresh one")
  static let explainFormat = CommandOption(
    "format", .choice(["text", "markdown"]), "`markdown`: the reference page of a blueprint's kind; else `text`")
}

extension Command {
  static let explain = Command(
    "explain", "Explain a kind and its fields, or an address: why it changes, and where its values come from.",
    discussion:
      "A name without a slash is a kind; with a slash it is an address, for which a plan is made (or read). "
      + "For each value of an address stands the line, expression, variable or overlay that made it.",
    examples: [
      ("plumb explain aws.Vpc", "what a kind is, and all its fields"),
      ("plumb explain aws.SecurityGroup.ipPermissions", "one field"),
      ("plumb explain Network.cidr", "a kind of a blueprint, the estate's own ones included, or a field of it"),
      ("plumb explain Network --format markdown > Network.md", "the reference page of a blueprint's kind"),
      ("plumb explain Estate", "a kind of the language itself; `metadata` is what every resource can have"),
      ("plumb explain aws.Subnet/a --sandbox", "why this address changes, down to the lines of manifests"),
      ("plumb explain aws.Subnet/a --plan change.plan", "the same from a saved plan, without asking a cloud"),
    ],
    options: [.planFile, .explainFormat] + CommandOption.estate,
    positionals: [Positional("KIND[.FIELD]|ADDRESS", "`aws.Vpc`, `aws.Vpc.tags` or `aws.Vpc/prod`")]
  ) { invocation in
    let subject = invocation.arguments.positionals.first ?? ""
    let (catalog, kinds) = invocation.vocabulary()
    if invocation.arguments.text(.explainFormat) == "markdown" { return invocation.page(subject, catalog, kinds) }
    if let (kind, path) = KindName.find(subject) { return invocation.explain(kind, path) }
    let types = KindName.find(subject, in: catalog)
    if let (kind, path) = KindName.find(subject, in: kinds) {
      return invocation.explain(kind, path, others: path.segments.isEmpty ? types.map(\.type.name) : [])
    }
    if let (type, path) = types.first {
      return invocation.explain(type, path, others: types.dropFirst().map(\.type.name))
    }
    guard subject.contains("/") else { return invocation.fail(KindName.unknown(subject, in: catalog)) }
    return await invocation.explain(Address(subject))
  }
}

/// `aws.Vpc`, `aws/Vpc` or `Vpc`, and what follows as the path of a field.
enum KindName {
  /// A kind of the language itself: `Estate`, `Target.spec.credentials`, `metadata.protect`.
  static func find(_ text: String) -> (LanguageKind, ValuePath)? {
    for kind in LanguageKind.all + [PolicyTestSchemas.kind] where text == kind.name || text.hasPrefix(kind.name + ".") {
      return ValuePath(String(text.dropFirst(kind.name.count + 1))).map { (kind, $0) }
    }
    return nil
  }

  /// A kind of a blueprint, such as `Network.spec.cidr`, or shorter `Network.cidr`.
  static func find(_ text: String, in kinds: KindCatalog) -> (Kind, ValuePath)? {
    guard !text.contains("/") else { return nil }
    let name = String(text.prefix { $0 != "." && $0 != "[" })
    guard let kind = kinds[name] else { return nil }
    let rest = text.dropFirst(name.count)
    return ValuePath(String(rest.first == "." ? rest.dropFirst() : rest)).map { (kind, $0) }
  }

  /// All types that may be meant, since services call different things the same.
  static func find(_ text: String, in catalog: TypeCatalog) -> [(type: ResourceType, path: ValuePath)] {
    catalog.names.compactMap { type in
      guard let name = names(type).first(where: { text == $0 || text.hasPrefix($0 + ".") }),
        let path = ValuePath(String(text.dropFirst(name.count + 1)))
      else { return nil }
      return catalog[type].map { ($0, path) }
    }
  }

  private static func names(_ type: TypeName) -> [String] {
    [type.text, "\(type.provider).\(type.kind)", type.kind]
  }

  static func unknown(_ text: String, in catalog: TypeCatalog) -> Diagnostic {
    let kind = text.split(separator: ".").prefix(2).joined(separator: ".")
    let known = catalog.names.flatMap { names($0).dropFirst() } + LanguageKind.all.map(\.name)
    return .error(
      .unknownSubject, "there is no kind `\(text)`",
      hint: Suggestion.hint(for: kind, among: known)
        ?? "`plumb provider list` shows all kinds; an address has a slash")
  }
}

extension Invocation {
  fileprivate func explain(_ kind: LanguageKind, _ path: ValuePath) -> ExitCode {
    guard let lines = KindText.lines(kind, at: path, reporter.palette) else {
      return fail(
        .error(
          .unknownSubject, "`\(kind.name)` has no field `\(path)`",
          hint: "`plumb explain \(kind.name)` shows what there is"))
    }
    return explain(lines, ("kind", .string(kind.name)))
  }

  /// - Parameter others: what else is called so.
  fileprivate func explain(_ kind: Kind, _ path: ValuePath, others: [TypeName]) -> ExitCode {
    guard let lines = KindText.lines(kind, at: path, reporter.palette) else {
      return fail(
        .error(
          .unknownSubject, "`\(kind.name.kind)` has no field `\(path)`",
          hint: "`plumb explain \(kind.name.kind)` shows what there is"))
    }
    return explain(lines + also(others), ("kind", .string(kind.name.kind)))
  }

  private func also(_ others: [TypeName]) -> [String] {
    guard !others.isEmpty else { return [] }
    return ["", "Called so as well: \(others.map { "`\($0)`" }.joined(separator: ", "))."]
  }

  /// The reference page of a blueprint's kind.
  fileprivate func page(_ subject: String, _ catalog: TypeCatalog, _ kinds: KindCatalog) -> ExitCode {
    guard let kind = kinds[subject] else {
      return fail(
        .error(
          .unknownSubject, "there is no page for `\(subject)`: no blueprint defines a kind of this name",
          hint: Suggestion.hint(for: subject, among: kinds.names)
            ?? "pages are of kinds that blueprints define, as a whole: `plumb explain Network --format markdown`"))
    }
    let text = KindPage.text(kind, catalog: catalog)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    return explain(lines, ("kind", .string(subject)))
  }

  /// Prints lines, as text and as an event about one subject.
  private func explain(_ lines: [String], _ subject: (String, Value)...) -> ExitCode {
    reporter.report { $0.lines(lines) }
    reporter.event(
      EventLine("explanation", lines.first ?? "", subject + [("lines", .list(lines.map { .string($0) }))]))
    return .ok
  }

  fileprivate func explain(_ type: ResourceType, _ path: ValuePath, others: [TypeName]) -> ExitCode {
    let lines =
      path.segments.isEmpty
      ? TypeText.lines(type, reporter.palette) : TypeText.lines(type, at: path, reporter.palette)
    guard let lines else {
      let parent = ValuePath(path.segments.dropLast())
      let names = TypeText.names(type, at: parent)
      let last = path.segments.last.map { ValuePath([$0]).description } ?? ""
      return fail(
        .error(
          .unknownSubject, "`\(type.name)` has no field `\(path)`",
          hint: Suggestion.hint(for: last, among: names) ?? "`plumb explain \(type.name)` shows what there is"
        ))
    }
    return explain(lines + also(others), ("resource_type", .string(type.name.text)))
  }

  fileprivate func explain(_ address: Address) async -> ExitCode {
    if let file = arguments.text(.planFile) {
      switch await readPlan(file) {
      case .failure(let problem): return fail(problem.diagnostics)
      case .success(let plan): return explain(address, plan)
      }
    }
    return await withSession { (session) throws(EngineFailure) in
      let outcome = try await session.engine.plan(PlanRequest())
      if outcome.diagnostics.hasErrors { session.reporter.diagnostics(outcome.diagnostics) }
      return explain(address, outcome.plan, try session.engine.sources(of: address) ?? [])
    }
  }

  private func explain(_ address: Address, _ plan: Plan, _ sources: [FieldSource] = []) -> ExitCode {
    guard let lines = CauseText(plan, reporter.palette).lines(address) else {
      return fail(
        .error(
          .notInPlan, "the plan knows no `\(address)`",
          hint: Suggestion.hint(for: address.text, among: plan.changes.map(\.address.text))))
    }
    let text = lines + SourceText(reporter.palette, plan).lines(sources)
    return explain(text, ("address", .string(address.text)), ("values", SourceText.value(sources)))
  }
}

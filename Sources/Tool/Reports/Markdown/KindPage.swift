import Blueprints
import Resources
import Schemas
import Values

/// The reference page of a kind, as Markdown: everything is read from its blueprints.
package enum KindPage {
  /// `example` is YAML; the catalog says what resource types are. Links to other kinds lead to pages beside this one.
  package static func text(_ kind: Kind, catalog: TypeCatalog, example: String? = nil) -> String {
    var lines = ["# \(kind.name.kind)", ""]
    if !kind.summary.isEmpty { lines += [kind.summary, ""] }
    lines += ["`apiVersion: \(kind.name.apiVersion)`, `kind: \(kind.name.kind)`", ""]
    if let example { lines += section("Example", fence(example)) }
    lines += section("Fields of `spec`", MarkdownTable.lines(FieldRows.titles, FieldRows.rows(kind.schema)))
    lines += section("Resources", resources(kind, catalog))
    lines += section("Rules", rules(kind))
    lines += section("Names in these expressions", names(kind))
    lines += section("Policy parameters", parameters(kind))
    lines += section("Outputs", outputs(kind))
    return lines.dropLast().joined(separator: "\n") + "\n"
  }

  /// The list of all kinds, with links to their pages.
  package static func index(_ kinds: [Kind]) -> String {
    let providers = Set(kinds.flatMap(\.providers)).sorted()
    let rows = kinds.map { kind in
      ["[\(kind.name.kind)](\(kind.name.kind).md)", kind.summary]
        + providers.map { provider in
          let types = kind.resourceTypes(on: provider).map { MarkdownTable.code($0.kind) }
          return types.isEmpty ? "–" : types.joined(separator: ", ")
        }
    }
    let intro = [
      "# Kinds", "",
      "What administrators write, and the resource types that each stands for. `plumb explain KIND` shows a kind in a",
      "terminal; with `--format markdown` it writes such a page, of the kinds of an estate's own blueprints too.", "",
    ]
    return (intro + MarkdownTable.lines(["Kind", ""] + providers, rows)).joined(separator: "\n") + "\n"
  }

  private static func section(_ title: String, _ body: [String]) -> [String] {
    body.isEmpty ? [] : ["## \(title)", ""] + body + [""]
  }

  private static func fence(_ example: String) -> [String] {
    var lines = example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return ["```yaml"] + lines + ["```"]
  }

  // MARK: Resources

  private static func resources(_ kind: Kind, _ catalog: TypeCatalog) -> [String] {
    let providers = kind.providers
    let tables = providers.map { provider in
      ["### On \(provider)", ""]
        + MarkdownTable.lines(
          ["Role", "Type", "What", "One for each", "When"],
          kind.resources(on: provider).map { row($0, catalog) })
    }
    let table = Array(tables.joined(separator: [""]))
    guard !table.isEmpty else { return [] }
    let name = kind.name.kind
    return ["A role is part of the address: `\(name)/NAME/ROLE`, with its key `\(name)/NAME/ROLE[KEY]`.", ""] + table
  }

  private static func row(_ resource: Kind.Resource, _ catalog: TypeCatalog) -> [String] {
    let summary = resource.summary.isEmpty ? catalog[resource.type]?.summary ?? "" : resource.summary
    return [
      MarkdownTable.code(resource.role), MarkdownTable.code(resource.type.text), summary,
      resource.loop.map(phrase) ?? "", MarkdownTable.code(resource.when ?? ""),
    ]
  }

  /// The names that one item goes by, and where the items come from.
  private static func phrase(_ loop: Kind.Loop) -> String {
    let names = loop.names.joined(separator: ", ")
    let key = loop.key.map { ", by \(MarkdownTable.code($0))" } ?? ""
    return "\(MarkdownTable.code(names)) of \(MarkdownTable.code(loop.source))\(key)"
  }

  // MARK: Rules, parameters, outputs

  private static func rules(_ kind: Kind) -> [String] {
    let rows = kind.parts.flatMap { part in part.rules.map { row($0, of: part) } }
    return MarkdownTable.lines(["On", "At", "Message", "Holds when", "Level"], rows)
  }

  private static func row(_ rule: Kind.Rule, of part: Kind.Part) -> [String] {
    let hint = rule.hint.map { " (hint: \($0))" } ?? ""
    var condition = MarkdownTable.code(rule.rule)
    if let when = rule.when { condition += ", asked when \(MarkdownTable.code(when))" }
    if let loop = rule.loop { condition += ", for each \(phrase(loop))" }
    let level =
      if rule.isWarning {
        "warning"
      } else if let mild = rule.warnWhen {
        "error; warning when \(MarkdownTable.code(mild))"
      } else {
        "error"
      }
    return [
      on(part), MarkdownTable.code(rule.path),
      rule.message + hint, condition, level,
    ]
  }

  private static func names(_ kind: Kind) -> [String] {
    let rows = kind.parts.flatMap { part in
      part.names.map { [on(part), MarkdownTable.code($0.name), MarkdownTable.code($0.expression.spelling)] }
    }
    return MarkdownTable.lines(["On", "Name", "Stands for"], rows)
  }

  private static func on(_ part: Kind.Part) -> String {
    part.providers.isEmpty ? "all" : part.providers.joined(separator: ", ")
  }

  private static func parameters(_ kind: Kind) -> [String] {
    let rows = kind.parameters.map { parameter in
      [
        MarkdownTable.code(parameter.name), parameter.field.type.description,
        MarkdownTable.code(parameter.standard.map { JSONWriter().text($0) } ?? ""), parameter.field.summary,
      ]
    }
    return MarkdownTable.lines(["Parameter", "Type", "Default", "Meaning"], rows)
  }

  private static func outputs(_ kind: Kind) -> [String] {
    let rows = kind.outputNames.map { name in
      let writers = kind.parts.filter { part in part.outputs.contains { $0.name == name } }
      return [MarkdownTable.code(name), writers.map(on).joined(separator: ", ")]
    }
    let name = kind.name.kind
    let table = MarkdownTable.lines(["Output", "On"], rows)
    return table.isEmpty ? [] : ["Others read them as `${\(name)[\"NAME\"].outputs.OUTPUT}`.", ""] + table
  }
}

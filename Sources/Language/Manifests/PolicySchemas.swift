import Schemas
import Values

/// What a `Policy` document may hold.
package enum PolicySchemas {
  package static let effects = ["deny", "warn", "skip"]
  package static let undecided = ["deny", "warn", "recheck"]
  package static let severities = ["low", "medium", "high", "critical"]
  package static let actions = [
    "no-op", "create", "update", "replace", "create-then-delete", "delete", "adopt", "move", "forget",
  ]

  package static let metadata = Schema([
    Field("name", .string, .required, "The policy's name.")
  ])

  package static let spec = Schema([
    Field("description", .string, [], "One sentence about it."),
    Field("packs", .list(.string, .unordered), [], "Packs of rules that are part of the program."),
    Field("parameters", .map(.object(parameter)), [], "Settings by name, read as `parameters[\"name\"]`."),
    Field("rules", .list(.object(rule), .keyed(by: "id")), [], "What is allowed."),
    Field("effects", .map(.object(effect)), [], "Other effects for rules, by their id."),
    Field("waivers", .list(.object(waiver)), [], "What is let be, by whom, why and until when."),
    Field("prices", .object(prices), [], "Prices that take the place of the program's own."),
  ])

  private static let parameter = Schema([
    Field(
      "type", .string, [], allowed: ["string", "integer", "number", "boolean", "array", "object"],
      "Declares a new parameter."),
    Field("items", .any, [], "The type of a list's items, or of a map's values: `{type: string}`."),
    Field("value", .any, .required, "Its value."),
    Field("reason", .string, [], "Why a pack's parameter is set otherwise."),
    Field("description", .string, [], "One sentence about it."),
  ])

  private static let rule = Schema([
    Field("id", .string, .required, "Names the rule in findings and waivers; unique in the estate."),
    Field("description", .string, [], "One sentence: what it asks for."),
    Field("match", .object(match), .required, "What it looks at."),
    Field("rule", .string, .required, "An expression; true allows."),
    Field(
      "effect", .string, serverDefault: "deny", allowed: effects,
      "What happens where it is not true."),
    Field(
      "onUnknown", .string, serverDefault: "recheck", allowed: undecided,
      "What happens where it cannot be decided while planning."),
    Field("message", .string, [], "What is wrong; a template."),
    Field("hint", .string, [], "What to do about it; a template."),
    Field("severity", .string, [], allowed: severities, "How bad it is."),
    Field("references", .list(.string), [], "Names that others give the rule, and links."),
  ])

  private static let match = Schema([
    Field("kind", .any, [], "Manifests of a kind, or of several: `Network`, `aws.*`."),
    Field("resource", .any, [], "Resources of a type, or of several: `aws/Bucket`, `kubernetes/*`."),
    Field("estate", .bool, [], "`true`: once, over everything."),
    Field("address", .string, [], "Only addresses that match this pattern."),
    Field(
      "actions", .list(.string), [], allowed: actions,
      "Only planned changes that do one of these; everything that is wanted where it is not written."),
  ])

  private static let effect = Schema([
    Field(
      "effect", .string, .required, allowed: effects, "What the rule does here."),
    Field("reason", .string, .required, "Why."),
  ])

  private static let waiver = Schema([
    Field("rule", .string, .required, "The rule's id."),
    Field("address", .string, .required, "A pattern of addresses."),
    Field("owner", .string, .required, "Who answers for it."),
    Field("reason", .string, .required, "Why."),
    Field("expires", .string, .required, "The last day on which it holds, such as `2027-03-01`."),
  ])

  package static let prices = Schema([
    Field("date", .string, .required, "The day of the prices, such as `2026-05-01`."),
    Field("source", .string, [], "Where they come from."),
    Field("table", .list(.object(price)), .required, "Prices of resource types."),
  ])

  private static let price = Schema([
    Field("resource", .string, .required, "The resource type, such as `aws/NatGateway`."),
    Field("regions", .list(.string, .unordered), [], "Patterns of regions; all where it is not written."),
    Field("when", .string, [], "An expression over the resource: only those for which it is true."),
    Field("free", .bool, [], "`true`: it costs nothing by itself."),
    Field("components", .list(.object(component), .keyed(by: "name")), [], "What is paid for."),
  ])

  private static let component = Schema([
    Field("name", .string, .required, "What is paid for."),
    Field("unit", .string, .required, "What the price is for: `hour`, `GB-month`."),
    Field("price", .double, .required, "US dollars for one unit."),
    Field(
      "quantity", .string, [],
      "An expression: units in a month. Without it the cost depends on use, and the price alone is shown."),
  ])
}

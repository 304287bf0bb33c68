import Diagnostics
import ProviderKit
import Reports
import Resources
import Values

extension Command {
  static let provider = Command(
    "provider", "What this program can manage.",
    examples: [("plumb provider list", "providers and their resource types")],
    [
      Command(
        "list", "List the providers and their resource types.",
        examples: [
          ("plumb provider list", "what there is"), ("plumb provider list --json", "the same for scripts"),
        ]
      ) { invocation in
        for provider in Composition.providers(invocation.host).sorted(by: { $0.name < $1.name }) {
          let types = provider.catalog.all
          invocation.reporter.report { sink in
            sink.line("\(provider.name): \(types.count) resource types")
            for type in types { sink.line("  \(type.name): \(type.summary)") }
          }
          invocation.reporter.event(
            EventLine(
              "provider", "\(provider.name): \(types.count) resource types",
              [
                ("provider", .string(provider.name)),
                ("resource_types", .list(types.map { .string($0.name.text) })),
              ]))
        }
        return .ok
      }
    ])
}

extension FunctionLibrary {
  /// Formats by name.
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library
  package static let format = FunctionLibrary(
    name: "format",
    overloads: named + [
      .function(
        "format.named", [.string], .optional(kind),
        .unary { name in .optional(NamedFormat(rawValue: name.text ?? "").map { .opaque($0) }) }),
      .method(
        "validate", [kind, .string], .optional(.list(.string)), cost: .linear,
        .binary { value, text in
          let format: NamedFormat? = value.opaque()
          let problems = format?.problems(text.text ?? "") ?? []
          return .optional(problems.isEmpty ? nil : .list(problems.map { .string($0) }))
        }),
    ], types: [NamedFormat.celName: kind])

  private static let kind = ExpressionType.opaque(NamedFormat.celName)

  private static let named = NamedFormat.allCases.map { format in
    Overload.function("format.\(format.rawValue)", [], kind, .many { _ in .opaque(format) })
  }
}

extension NamedFormat: OpaqueValue {
  package static let celName = "kubernetes.NamedFormat"
  package var typeName: String { Self.celName }
  package var text: String { rawValue }
}

extension FunctionLibrary {
  /// URLs: absolute ones and absolute paths.
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library
  package static let url = FunctionLibrary(
    name: "url",
    overloads: [
      .function("url", [.string], kind, cost: .linear, .unary { (text) throws(EvaluationError) in try made(text) }),
      // `try?`: whether it is one is asked, not why it is none.
      .function("isURL", [.string], .bool, cost: .linear, .unary { .bool((try? made($0)) != nil) }),
      .function("string", [kind], .string, .unary { .string($0.opaqueText) }),
      part("getScheme") { $0.scheme },
      part("getHost") { $0.host },
      part("getHostname") { $0.hostName },
      part("getPort") { $0.port },
      part("getEscapedPath") { $0.escapedPath },
      .method(
        "getQuery", [kind], .map(.string, .list(.string)), cost: .linear,
        .unary { value in
          let address: WebAddress? = value.opaque()
          let entries = (address?.parameters ?? []).map { entry in
            (entry.key, Operand.list(entry.values.map { .string($0) }))
          }
          return .map(OperandMap(entries))
        }),
    ], types: [WebAddress.celName: kind])

  private static let kind = ExpressionType.opaque(WebAddress.celName)

  private static func part(_ name: String, _ body: @escaping @Sendable (WebAddress) -> String) -> Overload {
    .method(
      name, [kind], .string, cost: .linear,
      .unary { value in
        let address: WebAddress? = value.opaque()
        return .string(address.map(body) ?? "")
      })
  }

  private static func made(_ text: Operand) throws(EvaluationError) -> Operand {
    do throws(WebAddress.Problem) {
      return .opaque(try WebAddress(text.text ?? ""))
    } catch {
      throw EvaluationError("the text is no URL: \(error.message)")
    }
  }
}

extension WebAddress: OpaqueValue {
  package static let celName = "kubernetes.URL"
  package var typeName: String { Self.celName }
}

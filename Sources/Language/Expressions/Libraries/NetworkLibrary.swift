import Values

extension FunctionLibrary {
  /// Addresses and blocks of addresses.
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-ip-address-library
  /// https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-cidr-library
  package static let network = FunctionLibrary(
    name: "network", overloads: addresses + classes + blocks + containments,
    types: [IPAddress.celName: ip, CIDRBlock.celName: cidr])

  private static let ip = ExpressionType.opaque(IPAddress.celName)
  private static let cidr = ExpressionType.opaque(CIDRBlock.celName)

  private static let addresses: [Overload] = [
    .function(
      "ip", [.string], ip, .unary { (text) throws(EvaluationError) in .opaque(try parse(address: text)) }),
    .function("isIP", [.string], .bool, .unary { .bool(IPAddress($0.text ?? "") != nil) }),
    .function(
      "ip.isCanonical", [.string], .bool,
      .unary { (text) throws(EvaluationError) in .bool(try parse(address: text).description == text.text) }),
    .function("string", [ip], .string, .unary { .string($0.opaqueText) }),
    .method("family", [ip], .int, .unary { .int(Int64(addressOf($0)?.version ?? 0)) }),
  ]

  private static let classes: [Overload] =
    [
      test("isUnspecified") { $0.isUnspecified },
      test("isLoopback") { $0.isLoopback },
      test("isLinkLocalMulticast") { $0.isLinkLocalMulticast },
      test("isLinkLocalUnicast") { $0.isLinkLocalUnicast },
      test("isGlobalUnicast") { $0.isGlobalUnicast },
    ]

  private static func test(_ name: String, _ answer: @escaping @Sendable (IPAddress) -> Bool) -> Overload {
    .method(name, [ip], .bool, .unary { .bool(addressOf($0).map(answer) ?? false) })
  }

  private static let blocks: [Overload] = [
    .function("cidr", [.string], cidr, .unary { (text) throws(EvaluationError) in .opaque(try parse(block: text)) }),
    .function("isCIDR", [.string], .bool, .unary { .bool(CIDRBlock($0.text ?? "") != nil) }),
    .function("string", [cidr], .string, .unary { .string($0.opaqueText) }),
    .method("prefixLength", [cidr], .int, .unary { .int(Int64(blockOf($0)?.prefix ?? 0)) }),
    .method("masked", [cidr], cidr, .unary { value in blockOf(value).map { .opaque($0.masked) } ?? value }),
    .method("ip", [cidr], ip, .unary { value in blockOf(value).map { .opaque($0.address) } ?? value }),
  ]

  private static let containments: [Overload] = [
    .method(
      "containsIP", [cidr, ip], .bool,
      .binary { block, other in
        guard let block = blockOf(block), let other = addressOf(other) else { return .bool(false) }
        return .bool(block.contains(other))
      }),
    .method(
      "containsIP", [cidr, .string], .bool,
      .binary { (block, text) throws(EvaluationError) in
        let other = try parse(address: text)
        return .bool(blockOf(block)?.contains(other) ?? false)
      }),
    .method(
      "containsCIDR", [cidr, cidr], .bool,
      .binary { block, other in
        guard let block = blockOf(block), let other = blockOf(other) else { return .bool(false) }
        return .bool(block.contains(other))
      }),
    .method(
      "containsCIDR", [cidr, .string], .bool,
      .binary { (block, text) throws(EvaluationError) in
        let other = try parse(block: text)
        return .bool(blockOf(block)?.contains(other) ?? false)
      }),
  ]

  private static func parse(address text: Operand) throws(EvaluationError) -> IPAddress {
    guard let address = IPAddress(text.text ?? "") else {
      throw EvaluationError(
        "`\(text.text ?? "")` is no IP address", hint: "such as `10.0.0.1` or `2001:db8::1`, without a zone")
    }
    return address
  }

  private static func parse(block text: Operand) throws(EvaluationError) -> CIDRBlock {
    guard let block = CIDRBlock(text.text ?? "") else {
      throw EvaluationError(
        "`\(text.text ?? "")` is no CIDR block",
        hint: "write an address and a prefix length, such as `10.0.0.0/16`")
    }
    return block
  }

  private static func addressOf(_ value: Operand) -> IPAddress? { value.opaque() }
  private static func blockOf(_ value: Operand) -> CIDRBlock? { value.opaque() }
}

extension Operand {
  /// The value of a library's type; nil where it is of another.
  func opaque<T: OpaqueValue>() -> T? {
    if case .opaque(let value) = self { value as? T } else { nil }
  }

  var opaqueText: String {
    if case .opaque(let value) = self { value.text } else { "" }
  }
}

extension OpaqueValue where Self: Equatable {
  package func isEqual(to other: any OpaqueValue) -> Bool { (other as? Self) == self }
}

extension OpaqueValue where Self: CustomStringConvertible {
  package var text: String { description }
}

extension IPAddress: OpaqueValue {
  package static let celName = "net.IP"
  package var typeName: String { Self.celName }
}

extension CIDRBlock: OpaqueValue {
  package static let celName = "net.CIDR"
  package var typeName: String { Self.celName }
}

import Expressions
import Schemas
import Values

/// Functions of rules beyond those of the language: doors of firewalls and policy documents.
package enum PlumbLibrary {
  package static let library = FunctionLibrary(
    name: "plumb",
    overloads: [
      // isWorld("0.0.0.0/0"): every address there is.
      .function("isWorld", [.string], .bool, .unary { block in .bool(isWorld(block.text ?? "")) }),
      // after.ipPermissions[0].opensToWorld(): one of its blocks is the world.
      .method("opensToWorld", [.dyn], .bool, cost: .linear, .unary { .bool(opensToWorld($0)) }),
      // after.ipPermissions[0].includesPort(22), "8000-8999".includesPort(8080)
      .method("includesPort", [.dyn, .int], .bool, .binary { range, port in .bool(includes(range, port)) }),
      // policyStatements(text): the statements of an AWS policy document in their long form.
      .function(
        "policyStatements", [.dyn], .list(.map(.string, .dyn)), cost: .linear,
        .unary { document in statements(document) }),
      // podSpec(after), podLabels(after): of a pod, or of what a workload makes pods from.
      .function("podSpec", [.dyn], .dyn, .unary { workload in pod(workload).member(.string("spec")) ?? empty }),
      .function(
        "podLabels", [.dyn], .map(.string, .string),
        .unary { workload in
          pod(workload).member(.string("metadata"))?.member(.string("labels")) ?? empty
        }),
    ])

  private static let empty = Operand.map(OperandMap([]))

  /// The pod itself, or the template of a workload: `spec.template`, `spec.jobTemplate.spec.template`.
  private static func pod(_ workload: Operand) -> Operand {
    let spec = workload.member(.string("spec"))
    let job = spec?.member(.string("jobTemplate"))?.member(.string("spec")) ?? spec
    return job?.member(.string("template")) ?? workload
  }

  /// What rules may call.
  static let all: [FunctionLibrary] = FunctionLibrary.all + [library]

  private static func isWorld(_ block: String) -> Bool { CIDRBlock(block)?.prefix == 0 }

  private static func opensToWorld(_ permission: Operand) -> Bool {
    let lists = [("ipRanges", "cidrIp"), ("ipv6Ranges", "cidrIpv6")]
    return lists.contains { list, key in
      (permission.member(.string(list))?.items ?? []).contains { item in
        item.member(.string(key))?.text.map(isWorld) ?? false
      }
    }
  }

  /// A permission of a security group, or a text such as `22` or `8000-8999`.
  private static func includes(_ range: Operand, _ port: Operand) -> Bool {
    guard case .int(let port) = port else { return false }
    if let text = range.text { return includes(text, port) }
    let `protocol` = range.member(.string("ipProtocol"))?.text ?? "-1"
    if `protocol` == "-1" { return true }
    guard ["tcp", "udp", "6", "17"].contains(`protocol`) else { return false }
    guard case .int(let first)? = range.member(.string("fromPort")) else { return true }
    guard case .int(let last)? = range.member(.string("toPort")) else { return true }
    return first == -1 || (first...max(first, last)).contains(port)
  }

  private static func includes(_ text: String, _ port: Int64) -> Bool {
    let ends = text.split(separator: "-").map { Int64($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return false }
    return (first...last).contains(port)
  }

  private static func statements(_ document: Operand) -> Operand {
    switch document {
    case .value(let value): .list(StatementForm.statements(value).map { .value($0) })
    case .string(let text): .list(StatementForm.statements(.string(text)).map { .value($0) })
    default: .list([])
    }
  }
}

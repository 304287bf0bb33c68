import KubernetesClient
import Resources
import Values

extension Proposal.Refusal {
  /// Why the server would refuse the write, its field in our words.
  init(_ status: APIStatus) {
    let cause = status.causes.first { !$0.field.isEmpty } ?? status.causes.first
    let isImmutable = !status.causes.isEmpty && status.causes.allSatisfy(Self.asksForNew)
    let path = cause.flatMap { ValuePath(serverPath: $0.field) } ?? .root
    self.init(
      status.message.isEmpty ? "HTTP \(status.code)" : status.message, path: path, needsReplacement: isImmutable)
  }

  /// Servers have no word of their own for fields that only a new object can change; these are their sentences.
  private static func asksForNew(_ cause: APIStatus.Cause) -> Bool {
    [
      "field is immutable", "cannot change roleRef", "updates to statefulset spec for fields other than",
      "may not change once set", "spec is immutable after creation", "updates to parameters are forbidden",
      "updates to provisioner are forbidden", "updates to reclaimPolicy are forbidden",
    ]
    .contains { cause.message.contains($0) }
  }
}

extension ValuePath {
  /// `spec.hard[cpu]`, `.spec.template.spec.containers[name="app"].image`, `spec.ports[0].port`.
  /// https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/element.go
  init?(serverPath text: String) {
    var segments: [Segment] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "[" {
        guard let close = Self.closing(rest) else { return nil }
        let inner = rest[rest.index(after: rest.startIndex)..<close]
        segments.append(Self.segment(inner))
        rest = rest[rest.index(after: close)...]
      } else {
        if first == "." { rest = rest.dropFirst() }
        let name = rest.prefix { $0 != "." && $0 != "[" }
        guard !name.isEmpty else { return nil }
        segments.append(.key(String(name)))
        rest = rest[name.endIndex...]
      }
    }
    if segments.isEmpty { return nil }
    self.init(segments)
  }

  /// The bracket that ends the first one; those inside quotes do not count.
  private static func closing(_ text: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in text.indices {
      switch text[index] {
      case "\"": isQuoted.toggle()
      case "]" where !isQuoted: return index
      default: continue
      }
    }
    return nil
  }

  /// An index, a map's key, or the first key field of an item: `name="app"`.
  private static func segment(_ inner: Substring) -> Segment {
    if let index = Int(inner) { return .index(index) }
    guard let equals = inner.firstIndex(of: "=") else { return .key(inner.trimmingQuotes) }
    let value = inner[inner.index(after: equals)...].prefix { $0 != "," }
    return .key(value.trimmingQuotes)
  }
}

extension Substring {
  fileprivate var trimmingQuotes: String {
    hasPrefix("\"") && hasSuffix("\"") && count > 1 ? String(dropFirst().dropLast()) : String(self)
  }
}

extension FieldConflict {
  /// `conflict with "kubectl-edit" using apps/v1 at 2026-01-02T03:04:05Z`, or without version and time.
  /// https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
  init?(_ cause: APIStatus.Cause) {
    guard cause.reason == "FieldManagerConflict", let path = ValuePath(serverPath: cause.field) else { return nil }
    let parts = cause.message.split(separator: "\"", omittingEmptySubsequences: false)
    let name = parts.count > 1 ? String(parts[1]) : "another writer"
    let time = cause.message.firstRange(of: " at ").map { String(cause.message[$0.upperBound...]) }
    self.init(path: path, author: FieldAuthor(name: name, time: time))
  }
}

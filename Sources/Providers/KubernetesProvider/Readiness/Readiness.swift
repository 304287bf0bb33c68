import Values

/// How far an object is, from what its status says, in the manner of kstatus.
/// https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
package enum Readiness: Sendable, Equatable {
  /// It is as its spec says.
  case current
  /// It is on its way: what it waits for.
  case inProgress(String)
  /// It will not get there by itself: why.
  case failed(String)

  /// - Parameters:
  ///   - group: the API group, empty for the core.
  ///   - object: the object as the API has it.
  package static func of(_ group: String, _ kind: String, _ object: Value) -> Readiness {
    if object["metadata"]?["deletionTimestamp"]?.string != nil { return .failed("it is being deleted") }
    if let general = general(object) { return general }
    if let rule = rules["\(group)/\(kind)"] { return rule(object) }
    return byReadyCondition(object)
  }

  /// What holds for every kind; nil where it says nothing.
  private static func general(_ object: Value) -> Readiness? {
    if let wanted = object["metadata"]?["generation"]?.int, let seen = object["status"]?["observedGeneration"]?.int,
      seen < wanted
    {
      return .inProgress("its controller has seen generation \(seen) of \(wanted)")
    }
    if let stalled = condition("Stalled", of: object), stalled.isTrue { return .failed(stalled.text) }
    if let busy = condition("Reconciling", of: object), busy.isTrue { return .inProgress(busy.text) }
    return nil
  }

  private static func byReadyCondition(_ object: Value) -> Readiness {
    guard let ready = condition("Ready", of: object), !ready.isTrue else { return .current }
    return .inProgress(ready.text)
  }

  // MARK: Conditions

  struct Condition {
    var type: String
    var status: String
    var reason: String
    var message: String

    var isTrue: Bool { status == "True" }
    /// `Available is False: MinimumReplicasUnavailable (Deployment does not have minimum availability)`
    var text: String {
      let why = [reason, message.isEmpty ? "" : "(\(message))"].filter { !$0.isEmpty }.joined(separator: " ")
      return "`\(type)` is \(status)" + (why.isEmpty ? "" : ": \(why)")
    }
  }

  static func condition(_ type: String, of object: Value) -> Condition? {
    guard let found = object["status"]?["conditions"]?.elements.first(where: { $0["type"]?.string == type }) else {
      return nil
    }
    return Condition(
      type: type, status: found["status"]?.string ?? "Unknown", reason: found["reason"]?.string ?? "",
      message: found["message"]?.string ?? "")
  }
}

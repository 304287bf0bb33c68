import Diagnostics
import Expressions
import Resources
import Values

/// A saved plan: JSON that keeps Terraform's names where the idea is the same. Sensitive values are never in it.
///
/// `schemas/plan.schema.json` describes the format. Within format 1 fields may be added, never taken away.
package enum PlanFile {
  package static let formatVersion = "1.0"
  /// The newest major version that can be read.
  static let majorVersion = 1

  /// Bytes of one file: enough for half a million changes.
  package static let sizeLimit = 512 << 20
}

/// Bounds on what a plan file may make us do.
package struct PlanFileLimits: Sendable {
  package var bytes = PlanFile.sizeLimit
  package var changes = 1_000_000
  package var steps = 4_000_000
  /// Containers inside containers.
  package var depth = 128

  package init() {}
}

extension DiagnosticCode {
  /// The file is no plan, or was damaged.
  package static let planDamaged = DiagnosticCode(2901)
  /// The file was written by a newer version.
  package static let planNewer = DiagnosticCode(2902)
  /// The file is larger than any plan of ours.
  package static let planTooLarge = DiagnosticCode(2903)
}

/// Why a file was refused as a plan.
package struct PlanFileError: Error, Sendable {
  package let diagnostic: Diagnostic
}

extension Plan {
  /// Addresses to be written whose sensitive values a saved plan does not hold: such a plan cannot be applied from
  /// its file, only from the manifests.
  package var withheldAddresses: [Address] {
    let writing: Set<Int> = Set(
      steps.filter { $0.operation == .create || $0.operation == .update || $0.operation == .setLate }.map(
        \.change))
    return writing.sorted().compactMap { position in
      changes[position].after?.holdsKnownSecret == true ? changes[position].address : nil
    }
  }

  /// The values of variables that are not sensitive.
  var openVariables: Value {
    .map(variables.entries.filter { !$0.value.holdsSecret }.map { ($0.key, $0.value) })
  }

  /// What unknowns are made from. The text of a secret one may hold a secret as well, and is left out: whoever applies
  /// the plan takes it from the manifests, by `takingTexts`.
  var slotsWithoutSecrets: [Deferred] {
    var secret: Set<Int> = []
    for change in changes {
      for value in [change.before, change.after].compactMap({ $0 })
        + change.fields.flatMap({ [$0.before, $0.after].compactMap { $0 } })
      {
        Self.collectSecretSlots(value, false, &secret)
      }
    }
    // A template that was evaluated in part holds the values of variables.
    let values = variables.entries.filter { $0.value.holdsSecret }.map(\.value.spelling).filter { !$0.isEmpty }
    for (index, slot) in slots.enumerated() where values.contains(where: slot.template.source.contains) {
      secret.insert(index)
    }
    guard !secret.isEmpty else { return slots }
    return slots.enumerated().map { index, slot in
      guard secret.contains(index), slot.secret == nil else { return slot }
      return Deferred(template: Template(source: ""), owner: slot.owner, path: slot.path, origin: slot.origin)
    }
  }

  /// A plan that was read back, with the texts of secret unknowns that its file does not hold, from the manifests that
  /// it was made from.
  package func takingTexts(from slots: [Deferred]) -> Plan {
    guard self.slots.contains(where: { $0.template.source.isEmpty && $0.secret == nil }) else { return self }
    var known: [String: Deferred] = [:]
    for slot in slots { known["\(slot.owner) \(slot.path)"] = slot }
    var plan = self
    for index in plan.slots.indices where plan.slots[index].template.source.isEmpty && plan.slots[index].secret == nil {
      if let slot = known["\(plan.slots[index].owner) \(plan.slots[index].path)"] { plan.slots[index] = slot }
    }
    return plan
  }

  private static func collectSecretSlots(_ value: Value, _ isSecret: Bool, _ found: inout Set<Int>) {
    let isSecret = isSecret || value.isSensitive
    if isSecret, let slot = value.unknown { found.insert(Int(slot.index)) }
    for element in value.elements { collectSecretSlots(element, isSecret, &found) }
    for entry in value.entries { collectSecretSlots(entry.value, isSecret, &found) }
  }

}

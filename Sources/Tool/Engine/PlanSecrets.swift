import Applying
import Diagnostics
import Resources
import Values

extension DiagnosticCode {
  static let unreadSecret = DiagnosticCode(4005)
}

extension Engine {
  func secrets(_ workspace: Workspace) -> EstateSecrets {
    EstateSecrets(world, root: root, targets: workspace.desired.targets)
  }

  /// Reads the secrets of resources that stand already, so that their hashes can be compared. They stay in memory, and
  /// no plan holds them.
  ///
  /// - Returns: a warning for each place that cannot be read; such fields count as not compared.
  func readSecrets(_ workspace: Workspace, _ records: [Recorded], into desired: inout DesiredEstate) async
    -> [Diagnostic]
  {
    guard desired.slots.contains(where: { $0.secret != nil }) else { return [] }
    let secrets = secrets(workspace), recorded = Set(records.map(\.address))
    let targets = Dictionary(desired.resources.map { ($0.address, $0.target) }, uniquingKeysWith: { first, _ in first })
    var problems: [Diagnostic] = []
    for (index, slot) in desired.slots.enumerated() {
      guard let reference = slot.secret, recorded.contains(slot.owner), let target = targets[slot.owner] else {
        continue
      }
      do throws(SecretProblem) {
        desired.secrets[Slot(index: UInt32(index))] = try await secrets.value(reference, for: target)
      } catch {
        problems.append(
          .warning(
            .unreadSecret, "`\(slot.owner)`: whether `\(slot.path)` has changed is not known, since \(error.message)",
            at: slot.origin))
      }
    }
    return problems
  }
}

import Diagnostics
import Resources
import Values

/// How manifests, records and reality differ, told apart: what was changed behind our back, what the manifests
/// want and nobody has applied yet, and what stands beside us that nobody of us made. Made by `DriftBuilder`.
package struct DriftReport: Sendable {
  /// What stands is not what was applied last. By address.
  package var drifted: [Drifted] = []
  /// What others put on our objects where no manifest writes anything: information, left alone by `plan`.
  package var additions: [Addition] = []
  /// What the manifests want and was not applied yet. By address.
  package var pending: [Pending] = []
  /// Objects that nobody of us made and that hang on objects of ours. By type and id.
  package var unmanaged: [Unmanaged] = []
  /// Objects without a marker, of types that we own objects of in the target, that hang on nothing at all: another
  /// network, another bucket. By type and id.
  package var beside: [Unmanaged] = []
  /// By type and target.
  package var coverage: [TypeCoverage] = []
  /// Addresses compared with nothing found.
  package var clean: Int = 0

  package init() {}

  package var isComplete: Bool { coverage.allSatisfy { $0.unreadable.isEmpty } }
}

extension DriftReport {
  /// One object that is not as it was left.
  package struct Drifted: Sendable {
    package var address: Address
    package var type: TypeName
    package var target: TargetName
    package var remote: RemoteID
    /// It was deleted; `fields` is empty.
    package var isGone: Bool
    package var fields: [DriftedField]
    /// The manifest document of the address; nil where no manifest has it any more.
    package var origin: SourcePosition?
  }

  /// One field that is not as it was left.
  package struct DriftedField: Sendable {
    package var path: ValuePath
    /// As applied last; nil where the manifest wrote nothing.
    package var recorded: Value?
    /// As it stands; nil where it is gone.
    package var observed: Value?
    /// No manifest writes the field, so that `plan` leaves it alone until one does.
    package var isUnwritten: Bool
    /// The line of the manifest that writes it.
    package var origin: SourcePosition?
    /// Who changed it, and when, where the service keeps that.
    package var author: FieldAuthor?
  }

  package struct Addition: Sendable {
    package var address: Address
    package var type: TypeName
    package var path: ValuePath
    package var value: Value
    package var origin: SourcePosition?
  }

  package struct Pending: Sendable {
    package var address: Address
    package var type: TypeName
    package var action: Action
    /// Fields that would change.
    package var paths: [ValuePath]
    /// One sentence, where the action alone does not say enough.
    package var remark: String?
    package var origin: SourcePosition?
  }

  package struct Unmanaged: Sendable {
    package var type: TypeName
    package var target: TargetName
    package var remote: RemoteID
    /// Its `Name` tag, or else the text of its natural key.
    package var name: String?
    /// The addresses of ours that it hangs on; none where it only stands beside us.
    package var owners: [Address]
    /// Whose it is, where it carries a marker: another scope's, or ours without a record.
    package var marker: Marker?
  }

  package struct TypeCoverage: Sendable {
    package var type: TypeName
    package var target: TargetName
    package var compared: Int = 0
    /// Fields left out by `metadata.ignore`, and secrets, which services do not give back.
    package var ignored: Int = 0
    /// Address or type, and why.
    package var unreadable: [String: String] = [:]
  }
}

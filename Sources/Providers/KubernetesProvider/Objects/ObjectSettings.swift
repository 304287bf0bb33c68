import Values

/// What annotations of an object in `plumb.dev/` say about its treatment. They stand on the object, so that they hold
/// when its manifest is gone.
struct ObjectSettings: Sendable {
  /// Takes fields over from other writers.
  static let forceKey = "plumb.dev/force"
  /// What a delete does with what the object owns: `foreground`, `orphan`, or `contents` for a namespace that may go
  /// with objects that nobody of us made.
  static let deletionKey = "plumb.dev/deletion"

  /// `none` lets others go on while the object is not ready yet.
  static let waitKey = "plumb.dev/wait"

  enum Deletion: String, Sendable, CaseIterable { case foreground, orphan, contents }

  var isForced = false
  var deletion = Deletion.foreground
  var waits = true

  /// - Parameter fields: of a manifest or of an object.
  init(_ fields: Value) {
    let annotations = fields["metadata"]?["annotations"]
    isForced = annotations?[Self.forceKey]?.string == "true"
    waits = annotations?[Self.waitKey]?.string != "none"
    deletion = annotations?[Self.deletionKey]?.string.flatMap(Deletion.init) ?? .foreground
  }
}

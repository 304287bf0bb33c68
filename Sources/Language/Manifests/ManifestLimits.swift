/// How large an estate may be.
package enum ManifestLimits {
  /// Files that the include patterns find.
  package static let files = 50_000
  /// Bytes of one file.
  package static let fileBytes = 64 << 20
  /// Bytes of a manifest's name: names stand in tags and file names.
  package static let nameBytes = 128
  /// Folders looked at above the working directory for an estate.
  package static let foldersAbove = 64
  /// Variables of one estate.
  package static let variables = 1_000
  /// Bytes of one variable's value, when it comes from a flag, the process's environment or a file of its own.
  package static let variableBytes = 1 << 20
  /// Environments of one estate.
  package static let environments = 1_000
  /// Overlays of one environment.
  package static let overlays = 10_000
}

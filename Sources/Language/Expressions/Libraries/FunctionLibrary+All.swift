extension FunctionLibrary {
  /// What every expression may use.
  package static let all: [FunctionLibrary] = [
    .standard, .strings, .math, .lists, .maps, .sets, .encoders, .regex, .network, .quantity, .semver, .format, .url,
  ]
}

import Manifests
import Values

extension LoadedEstate {
  /// The value of `environment`: empty where the estate has none.
  var expressionEnvironment: String { environment?.name ?? "" }
}

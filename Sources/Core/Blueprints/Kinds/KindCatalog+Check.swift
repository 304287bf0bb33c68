import Diagnostics
import Manifests
import Resources
import Values

extension KindCatalog {
  /// Compiles every variant of every kind, the embedded ones included; gives what is wrong with them.
  ///
  /// - Parameter loaded: an estate, whose variables may be read.
  package func check(types: TypeCatalog, in loaded: LoadedEstate) -> [Diagnostic] {
    var expander = Expander(loaded, types: types, kinds: self, parameters: .map([]))
    expander.checkKinds(withBuiltins: true)
    return expander.findings
  }
}

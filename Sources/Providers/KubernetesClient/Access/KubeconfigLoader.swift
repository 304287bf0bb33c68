import Diagnostics
import Platform
import Values
import YAML

/// Finds and reads kubeconfigs: a given file, else those of `KUBECONFIG`, else `~/.kube/config`.
package enum KubeconfigLoader {
  /// Bytes of one file.
  static let fileLimit = 8 << 20
  /// Files in `KUBECONFIG`.
  static let listLimit = 64

  /// - Parameter file: a path, `~/` allowed; nil looks where kubectl looks.
  package static func load(_ file: String?, _ environment: Environment, _ files: any FileSystem) throws(AccessError)
    -> Kubeconfig
  {
    if let file { return try read(expand(file, environment), files) }
    if let list = environment.nonEmpty("KUBECONFIG") {
      let paths = list.split(separator: ":").map(String.init)
      guard paths.count <= listLimit else { throw AccessError("KUBECONFIG names more than \(listLimit) files") }
      var merged = Kubeconfig()
      // Files of the list that do not exist are passed over, as kubectl does.
      for path in paths where files.exists(path) { merged.merge(try read(path, files)) }
      if merged.files.isEmpty { throw AccessError("none of the files that KUBECONFIG names exists") }
      return merged
    }
    guard let home = environment.nonEmpty("HOME") else {
      throw AccessError("no kubeconfig: neither KUBECONFIG nor HOME is set")
    }
    return try read("\(home)/.kube/config", files)
  }

  private static func read(_ path: String, _ files: any FileSystem) throws(AccessError) -> Kubeconfig {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try files.read(path, limit: fileLimit) } catch {
      throw AccessError("\(error.description) (the kubeconfig)")
    }
    var limits = YAMLLimits()
    limits.bytes = fileLimit
    let (documents, diagnostics) = YAMLReader.parse(bytes, file: path, limits: limits)
    if let problem = diagnostics.first(where: { $0.severity == .error }) {
      // The message of a reader may quote the text, which may be a secret: the place must do.
      let place = problem.position.map { "\($0.line):\($0.column)" } ?? "1:1"
      throw AccessError("kubeconfig `\(path)` cannot be read: its YAML is wrong at \(place)")
    }
    guard let document = documents.first, documents.count == 1 else {
      throw AccessError("kubeconfig `\(path)` holds \(documents.count) documents instead of one")
    }
    return try KubeconfigReader(file: path).read(document)
  }

  static func expand(_ path: String, _ environment: Environment) -> String {
    guard path.hasPrefix("~/"), let home = environment.nonEmpty("HOME") else { return path }
    return home + path.dropFirst()
  }
}

import Resources
import Schemas
import Values

/// The battery's samples as manifests, so that they can go through the whole program; where a sample takes a value from
/// another's object, its manifest has an expression.
package struct BatteryManifests: Sendable {
  private let samples: [BatterySample]
  private let catalog: TypeCatalog

  package init(_ samples: [BatterySample], _ catalog: TypeCatalog) {
    self.samples = samples
    self.catalog = catalog
  }

  /// All documents of one file.
  /// - Parameter isUpdated: as the samples are after their update, where they have one.
  package func text(isUpdated: Bool) -> String {
    var objects = BatteryObjects()
    for sample in samples { objects[sample.name] = expressions(sample) }
    return samples.map { sample in
      let plain = isUpdated ? (sample.updated ?? sample.fields)(objects) : sample.fields(objects)
      let late = sample.late?(objects) ?? .map([])
      let fields = [plain, late].flatMap(\.entries).map { ($0.key, $0.value) }
      return JSONWriter(.pretty).text(.map(head(sample, fields)))
    }.joined(separator: "\n---\n")
  }

  /// Objects that have metadata of their own (Kubernetes) are written as they are.
  private func head(_ sample: BatterySample, _ fields: [(String, Value)]) -> [(String, Value)] {
    guard catalog[sample.type]?.schema["metadata"] == nil else {
      let version = sample.type.text.split(separator: "/").dropFirst().dropLast().joined(separator: "/")
      return [("apiVersion", .string(version)), ("kind", .string(sample.type.kind))] + fields
    }
    return [
      ("apiVersion", .string("\(sample.type.provider).plumb.dev/v1")), ("kind", .string(sample.type.kind)),
      ("metadata", ["name": .string(sample.name)]), ("spec", .map(fields)),
    ]
  }

  private func expressions(_ sample: BatterySample) -> Observed {
    let name = "\(sample.type.provider).\(sample.type.kind)[\"\(sample.name)\"]"
    let fields = catalog[sample.type]?.schema.fields ?? []
    return Observed(
      type: sample.type, remote: RemoteID("${\(name).id}"),
      fields: .map(fields.map { ($0.name, .string("${\(name).\($0.name)}")) }))
  }
}

import Diagnostics
import Manifests
import Platform
import Schemas
import Values

/// Small estates for tests of this room.
enum EstateFiles {
  static let providers = ["aws", "gcp", "kubernetes"]
  static let head = "apiVersion: plumb.dev/v1\nkind: Estate\nmetadata: {name: test, id: est-1}\n"
  static let environment = "apiVersion: plumb.dev/v1\nkind: Environment\nmetadata: {name: prod}\n"

  /// `aws.Net` has subnets that are told apart by `key`.
  static let schemas: KindSchemas = { version, kind in
    guard version == "aws.plumb.dev/v1", kind == "Net" else { return nil }
    let subnet = Schema([
      Field("key", .string, .required, ""), Field("cidr", .string, [], ""), Field("tags", .map(.string), [], ""),
    ])
    return Schema([
      Field("subnets", .list(.object(subnet), .keyed(by: "key")), [], ""),
      Field("zones", .list(.string), [], ""), Field("tags", .map(.string), [], ""), Field("cidr", .string, [], ""),
    ])
  }

  static func load(
    _ files: [String: String], _ environment: String? = nil, _ variables: [VariableInput] = [],
    process: [String: String] = [:]
  ) -> LoadedEstate {
    let system = SimulatedFiles(
      Dictionary(files.map { ("/e/\($0.key)", $0.value) }, uniquingKeysWith: { $1 }))
    return load(system, environment, variables, process: process)
  }

  static func load(
    _ system: SimulatedFiles, _ environment: String? = nil, _ variables: [VariableInput] = [],
    process: [String: String] = [:]
  ) -> LoadedEstate {
    var inputs = EstateInputs()
    inputs.environment = environment
    inputs.variables = variables
    return EstateLoader(
      files: system, providers: providers, schemas: schemas, process: Environment(process)
    ).load(root: "/e", inputs: inputs)
  }

  static func manifest(_ kind: String, _ name: String, _ spec: String) -> String {
    "apiVersion: aws.plumb.dev/v1\nkind: \(kind)\nmetadata: {name: \(name)}\nspec: \(spec)\n"
  }

  /// Diagnostics as a user sees them.
  static func text(_ loaded: LoadedEstate) -> String {
    DiagnosticRenderer(.plain, width: 110) { loaded.sources.bytes(of: $0) }.text(loaded.diagnostics.inSourceOrder())
  }
}

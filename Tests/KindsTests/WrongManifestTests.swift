import Blueprints
import Builtins
import Diagnostics
import Platform
import TestSupport
import Testing
import Values
import YAML

@Suite("what the kinds refuse")
struct WrongManifestTests {
  private static func estate(_ kind: String) throws -> KindEstate {
    let folder = "\(KindEstate.project)/Tests/KindsTests/Fixtures/Wrong"
    func text(_ name: String) throws -> String {
      String(decoding: try LocalFiles().read("\(folder)/\(name).yaml"), as: UTF8.self)
    }
    return KindEstate(["plumb.yaml": try text("estate"), "manifests/\(kind).yaml": try text(kind)])
  }

  @Test("each rule that is broken is shown at its line", arguments: KindEstate.kinds)
  func wrong(_ kind: String) throws {
    expectSnapshot(try Self.estate(kind).report, named: kind)
  }

  @Test("every rule of every kind has a manifest here that breaks it")
  func everyRule() throws {
    var shown: Set<String> = []
    for kind in KindEstate.kinds {
      for note in try Self.estate(kind).diagnostics.flatMap(\.notes) { note.position.map { _ = shown.insert("\($0)") } }
    }
    let rules = try Self.rules()
    #expect(rules.count > 60)
    #expect(rules.filter { !shown.contains($0) } == [])
  }

  /// The places of all rules in the embedded files.
  private static func rules() throws -> [String] {
    BuiltinFile.all(below: "Blueprints").flatMap { file in
      YAMLReader.parse(file.bytes, file: "plumb:\(file.name)").documents.flatMap { document in
        document["spec"]?["validations"]?.elements.compactMap { $0["rule"]?.origin.map { "\($0)" } } ?? []
      }
    }
  }
}

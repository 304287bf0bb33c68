import ProviderKit
import Resources
import Schemas
import Testing
import Values

@Suite("catalog lint")
struct CatalogLintTests {
  private func catalog(
    _ fields: [Field], _ identity: Identity = Identity(idPrefix: "t-"), marker: MarkerPlace = .tags,
    recovery: CreateRecovery = .markerOnCreate
  ) -> TypeCatalog {
    TypeCatalog([
      ResourceType(
        TypeName("test/Thing"), "A thing.", schema: Schema(fields), identity: identity, marker: marker,
        recovery: recovery, scope: .region)
    ])
  }

  private static let name = Field("name", .string, [.required, .immutable], "A name.")

  struct Wrong: Sendable {
    var field: Field
    var complaint: String
  }

  static let wrongFields = [
    Wrong(field: Field("a", .string, [.late, .immutable], "A."), complaint: "`a` is late"),
    Wrong(field: Field("a", .string, [.late, .required], "A."), complaint: "`a` is late"),
    Wrong(field: Field("a", .string, [.computed, .required], "A."), complaint: "`a` is computed"),
    Wrong(field: Field("a", .string, [.exclusive], "A."), complaint: "`a` is exclusive"),
    Wrong(field: Field("a", .string, [], ""), complaint: "`a` has no summary"),
    Wrong(field: Field("Big", .string, [], "A."), complaint: "`Big` is not spelled"),
    Wrong(field: Field("snake_case", .string, [], "A."), complaint: "`snake_case` is not spelled"),
    Wrong(field: Field("id", .string, [], "A."), complaint: "`id` is the remote id"),
    Wrong(field: Field("a", .string, references: "test/Nothing", "A."), complaint: "refers to test/Nothing"),
    Wrong(field: Field("a", .int, serverDefault: "x", "A."), complaint: "a default that is no integer"),
    Wrong(field: Field("a", .string, serverDefault: "x", allowed: ["y"], "A."), complaint: "not allowed"),
    Wrong(field: Field("a", .string, .required, serverDefault: "x", "A."), complaint: "never used"),
    Wrong(
      field: Field("a", .list(.object(Schema([Field("k", .string, [], "K.")])), .keyed(by: "k")), [], "A."),
      complaint: "keyed by `k`"),
    Wrong(
      field: Field("a", .object(Schema([Field("b", .string, .late, "B.")])), [], "A."),
      complaint: "`a.b` is late inside"),
    Wrong(
      field: Field("a", .map(.object(Schema([Field("b", .string, [], "")]))), [], "A."),
      complaint: "`a.b` has no summary"),
  ]

  @Test("a wrong field is named", arguments: wrongFields)
  func fields(_ wrong: Wrong) {
    let problems = CatalogLint.problems(catalog([Self.name, wrong.field]))
    #expect(problems.count == 1)
    #expect(problems.first?.contains(wrong.complaint) == true, "\(problems)")
  }

  @Test("a sound type has no problems")
  func sound() {
    #expect(CatalogLint.problems(catalog([Self.name])) == [])
    let named = Identity(naturalKey: ["name"], idField: "name")
    #expect(CatalogLint.problems(catalog([Self.name], named, recovery: .naturalKey)) == [])
  }

  @Test(
    "a type says where its id comes from, once, and its natural key has fields",
    arguments: [
      Identity(), Identity(idPrefix: "t-", idField: "name"), Identity(idField: "nothing"),
      Identity(idField: "free"),
      Identity(naturalKey: ["nothing"], idPrefix: "t-"), Identity(naturalKey: ["late"], idPrefix: "t-"),
    ])
  func identity(_ identity: Identity) {
    let fields = [Self.name, Field("free", .string, [], "Free."), Field("late", .string, .late, "Late.")]
    #expect(CatalogLint.problems(catalog(fields, identity)).count == 1)
  }

  @Test("a type declares a way of recovery that it has")
  func recovery() {
    #expect(CatalogLint.problems(catalog([Self.name], recovery: .naturalKey)).count == 1)
    #expect(CatalogLint.problems(catalog([Self.name], marker: .none, recovery: .markerOnCreate)).count == 1)
    #expect(CatalogLint.problems(catalog([Self.name], marker: .none, recovery: .token)) == [])
  }
}

import GCPClient
import HTTP
import Platform
import ProviderKit
import Resources
import Schemas
import Values

/// A collection of objects in one of Google's REST APIs, as data: where its objects are, how they are made, changed and
/// deleted, and how long-running work is waited for. Paths hold `{account}`, the target's project, and `{region}`.
struct RESTWire: Sendable {
  var service: GCPService
  /// The collection as the discovery document names it: `networks`, `projects.locations.instances`.
  var collection: String
  var naming = Naming.name
  var lists: [ListPlace]
  var creation = Creation()
  /// Fields that are written by methods of their own, in the order of the calls.
  var writers: [FieldWriter] = []
  /// How all other fields are changed.
  var update: UpdateStyle
  var deletion = Deletion()
  var operations: OperationStyle
  var marking: Marking
  var lifeCycle = LifeCycle()
  /// The field that guards concurrent changes, sent back as it was read; nil where there is none.
  var guardField: String?
  /// Wire names of fields that the schema calls otherwise, by the schema's dotted path.
  var names: [String: String] = [:]
  /// What an object holds and nobody may send.
  var setByService: Set<String> = []
  /// Path fields that stand in the object's body too.
  var bodyFields: Set<String> = ["name"]
  /// What has to be sent beside what is written, and what it is at this time.
  var fill: @Sendable (_ written: Value, _ now: Instant) -> [(String, Value)] = { _, _ in [] }
  /// What the schema's fields cannot be read from directly.
  var refine: @Sendable (_ raw: Value, _ fields: inout Fields) -> Void = { _, _ in }

  /// Where an answer holds the object's id.
  enum Naming: Sendable {
    /// `selfLink`, from `projects/` on.
    case selfLink
    /// `name` is the whole path.
    case name
    /// `name` is short: the path is made of the written fields.
    case path
  }

  /// One list of a collection.
  struct ListPlace: Sendable {
    var path: String
    var verb = "list"
    /// The field of an answer that holds the objects.
    var items = "items"
    var isAggregated = false
    var query: [(name: String, value: String)] = []
    /// The parameter that asks for a page's size, and the largest that is allowed; nil where lists have no pages.
    var size: (name: String, most: Int)?
    /// Where the objects lie below others that are listed first: `path` then is what follows the parent's id.
    var parent: (@Sendable () -> GCPType)?
  }

  struct Creation: Sendable {
    /// The collection's path; nil is the id's without its last part.
    var path: String?
    var verb = "create"
    /// What follows the path: `:enable`.
    var suffix = ""
    /// Where the last part of the id is given: nil in the body.
    var idParameter: String?
    /// The fields that stand beside the object, and the name under which it stands in the body; nil is the body itself.
    var wrap: String?
    var beside: Set<String> = []
    var query: [(name: String, value: String)] = []
    /// The body whatever the fields.
    var body: Value?
    /// Whether the object's own whole name stands in the body.
    var namesItself = false
    /// What the API wants to be told and the schema calls a default, where it is not written.
    var standards: [String: Value] = [:]
    /// Undoes a delete that only marked the object.
    var revive: (@Sendable (WriteTask, RESTWire, String) async throws(ProviderError) -> Void)?
  }

  enum UpdateStyle: Sendable {
    /// A JSON merge patch: nulls remove, and the guard's field stands in it.
    case patch
    /// A patch of the fields that `updateMask` names.
    case mask
    /// The same with object and mask in the body.
    case wrappedMask(String)
    /// The whole object as it was read, with what changes: the method's name and how it is asked.
    case whole(String, HTTPMethod)
    /// Nothing can be changed but by `writers`.
    case none
  }

  struct Deletion: Sendable {
    var verb = "delete"
    /// What follows the id, asked with POST: `:disable`.
    var suffix: String?
    var body: Value?
    var query: [(name: String, value: String)] = []
    /// What must go first, such as associations.
    var before: (@Sendable (WriteTask, RESTWire, Snapshot) async throws(ProviderError) -> Void)?
    /// What is done in place of the call, where the API has none.
    var instead: (@Sendable (WriteTask, RESTWire, Snapshot) async throws(ProviderError) -> Void)?
  }

  enum OperationStyle: Sendable { case compute, longRunning, container, none }

  enum Marking: Sendable {
    /// A map of labels by this name; written by the create call, or after it where the call ignores labels.
    case labels(String)
    case description
    case createOnlyDescription
    case none
  }

  /// How states tell whether an object can be used.
  struct LifeCycle: Sendable {
    var field: String?
    var pending: Set<String> = []
    var failed: Set<String> = []
    /// On its way out, or kept only to be had back.
    var gone: Set<String> = []
    /// What else tells that it is gone.
    var isGone: @Sendable (Value) -> Bool = { _ in false }
    /// The field that says why it failed.
    var message: String?
  }
}

/// One object as it was read, with the answer it came in.
struct Snapshot: Sendable {
  var observed: Observed
  var raw: Value

  var id: String { observed.remote.text }
}

/// Fields that one method of the API writes.
struct FieldWriter: Sendable {
  var fields: Set<String>
  /// Whether a create has to call it for the fields it was given.
  var followsCreate = false
  /// What of the object it sends back beside the schema's fields: a fingerprint.
  var reads: Set<String> = []
  var write: @Sendable (WriteTask, RESTWire, Snapshot, Wanted) async throws(ProviderError) -> Void
}

/// What a change leads to.
struct Wanted: Sendable {
  /// The fields of the object when it is done, as far as they are known.
  var fields: Value
  var changes: [FieldChange]
  var marker: Marker?
  /// The writer's fields that change.
  var touched: Set<String>
}

extension RESTWire {
  /// `:undelete`, for objects that are kept for some days.
  @Sendable
  static func undelete(_ task: WriteTask, _ wire: RESTWire, _ id: String) async throws(ProviderError) {
    try await wire.run(
      GCPCall(wire.service, "\(wire.collection).undelete", .repeatable, .post, "\(id):undelete", body: .map([])), task)
  }

  /// A global, regional or zonal collection of Compute Engine.
  static func compute(
    _ collection: String, _ lists: [ListPlace], update: UpdateStyle, marking: Marking,
    guardField: String? = "fingerprint", _ more: (inout RESTWire) -> Void = { _ in }
  ) -> RESTWire {
    var wire = RESTWire(
      service: .compute, collection: collection, naming: .selfLink, lists: lists, update: update,
      operations: .compute, marking: marking)
    wire.creation.verb = "insert"
    wire.guardField = guardField
    more(&wire)
    return wire
  }

  /// A collection of the newer services, with ids given in a parameter of their own.
  static func resources(
    _ service: GCPService, _ collection: String, id: String?, _ lists: [ListPlace], update: UpdateStyle = .mask,
    operations: OperationStyle = .none, marking: Marking, guardField: String? = nil,
    _ more: (inout RESTWire) -> Void = { _ in }
  ) -> RESTWire {
    var wire = RESTWire(
      service: service, collection: collection, lists: lists, update: update, operations: operations, marking: marking)
    wire.creation.idParameter = id
    wire.guardField = guardField
    wire.bodyFields = []
    more(&wire)
    return wire
  }
}

extension RESTWire.ListPlace {
  /// All of a project, whatever their region or zone.
  static func aggregated(_ collection: String) -> Self {
    Self(
      path: "projects/{account}/aggregated/\(collection)", verb: "aggregatedList", items: collection,
      isAggregated: true, size: ("maxResults", 500))
  }

  static func global(_ collection: String) -> Self {
    Self(path: "projects/{account}/global/\(collection)", size: ("maxResults", 500))
  }

  static func pages(
    _ path: String, _ items: String, query: [(name: String, value: String)] = [], most: Int = 500
  ) -> Self {
    Self(path: path, items: items, query: query, size: ("pageSize", most))
  }

  /// Below every object of another type.
  static func below(
    _ parent: @escaping @Sendable () -> GCPType, _ path: String, _ items: String, most: Int? = 500
  ) -> Self {
    Self(path: path, items: items, size: most.map { ("pageSize", $0) }, parent: parent)
  }
}

import AWSClient
import ProviderKit
import Resources
import Values

/// How a type of EC2 is observed and written: mostly data, and small closures where types differ in kind.
struct EC2Wire: Sendable {
  /// Where objects are listed, and what of an answer is one object.
  var describe: Describe
  var decoder = AnswerDecoder()
  /// Sets right what the decoder cannot know. The first value is the object as it came.
  var refine: @Sendable (_ raw: Value, _ fields: inout Fields) -> Void = { _, _ in }
  /// Reads what the list leaves open: of the fields marked `apart`, those that are asked for. Declared as
  /// `requestsPerObject`.
  var complete:
    (
      @Sendable (_ session: AWSSession, _ id: String, _ fields: [String]) async throws(ProviderError) -> [(
        String, Value
      )]
    )?
  var lifeCycle = LifeCycle()
  var creation: Creation
  var writers: [FieldWriter] = []
  var deletion: Deletion

  struct Describe: Sendable {
    var operation: String
    /// Path of the list in the answer: `vpcSet`.
    var list: String
    /// The id's member within an object, `vpcId`, and the filter that selects by it, `vpc-id`.
    var id: String
    var idFilter: String
    /// The largest page; nil where the operation has no pages.
    var pageSize: Int? = 1000
    /// Filters by field of the natural key: `cidrBlock` is `cidr-block`.
    var filters: [String: String] = [:]
    /// How the operation calls its list of filters.
    var filterParameter = "Filter"
  }

  /// States by which an object says where it is in its life; lower case.
  struct LifeCycle: Sendable {
    /// The member that holds the state; nil where objects have none.
    var state: String?
    var ready: Set<String> = ["available"]
    /// Of no use any more: not observed.
    var gone: Set<String> = []
    /// A new object in one of these has failed; the member that says why.
    var failed: Set<String> = []
    var failureMessage = "failureMessage"
    /// States that end a deletion, beside being absent.
    var deleted: Set<String> = []
  }

  struct Creation: Sendable {
    var operation: String
    /// Fields that are parameters, by their own names unless `names` says otherwise.
    var fields: [String]
    var names: [String: String] = [:]
    /// Of these, the ones that the API has no default for although the type has: sent where nothing is written.
    var standards: Set<String> = []
    /// Path of the new object in the answer; empty where the answer is the object.
    var answer: String
    /// Where the answer holds ids alone: the path of their list.
    var idList: String?
    /// The type's name in `TagSpecification`.
    var tagResource: String
    /// The API honours `ClientToken`: repeated calls are one.
    var takesToken = false
  }

  /// Brings one or more fields from what they are to what they should be; repeatable, and silent where nothing differs.
  struct FieldWriter: Sendable {
    var fields: Set<String>
    /// Also run after the create, for fields that its call cannot set.
    var followsCreate: Bool
    var write: @Sendable (_ task: WriteTask, _ now: Snapshot, _ wanted: Wanted) async throws(ProviderError) -> Void
  }

  struct Deletion: Sendable {
    var operation: String
    var idParameter: String
    /// The operation takes a list of ids.
    var takesList = false
    /// What holds the object and is taken away first.
    var before: (@Sendable (_ task: WriteTask, _ now: Snapshot) async throws(ProviderError) -> Void)?
  }

  /// An object as it was just read.
  struct Snapshot: Sendable {
    var observed: Observed
    var raw: Value
    var id: String { observed.remote.text }
    var fields: Value { observed.fields }
  }

  /// The fields to reach; one that is to be removed is nil.
  struct Wanted: Sendable {
    var fields: Value
    /// The fields that this call is about.
    var touched: Set<String>
    subscript(name: String) -> Value? { touched.contains(name) ? fields[name] : nil }
  }
}

/// A read by filters.
struct EC2Filter: Sendable {
  var name: String
  var values: [String]

  static let batch = 200

  /// `*`, `?` and `\` would match more than themselves.
  var parameter: Value {
    ["Name": .string(name), "Value": .list(values.map { .string(Self.escaped($0)) })]
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 42 || $0 == 63 || $0 == 92 }) else { return text }
    return text.reduce(into: "") { $0 += "*?\\".contains($1) ? "\\\($1)" : String($1) }
  }
}

extension AWSCall {
  static func ec2(_ operation: String, _ effect: Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(.ec2, operation, effect, .map(parameters))
  }
}

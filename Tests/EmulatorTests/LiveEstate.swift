import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

/// A copy of an example in a folder and an account of its own, worked on by the built program.
struct LiveEstate: BuiltEstate {
  let account: MotoAccount
  let folder = TemporaryDirectory()
  let environment: Environment

  /// Waits of a stand-in whose lists are never stale: two seconds are far above what a request takes here.
  static let quick = #"{"leaseMilliseconds":1000,"windowMilliseconds":2000}"#

  private init(_ account: MotoAccount, _ standIn: String?) {
    self.account = account
    var variables = account.environment.variables
    variables["PATH"] = "/usr/bin:/bin"
    variables["PLUMB_STAND_IN"] = standIn
    environment = Environment(variables)
  }

  /// Files by name, in which `ACCOUNT` stands for the account.
  init(files: [String: String], standIn: String? = quick) async throws {
    self.init(try await MotoAccount(), standIn)
    for (name, text) in files { folder.write(text.replacing("ACCOUNT", with: account.id), to: name) }
  }

  /// - Parameter example: a folder below `examples`; its account and its buckets' names become this account's.
  init(_ example: String, standIn: String? = nil) async throws {
    self.init(try await MotoAccount(), standIn)
    let from = "\(Moto.packageFolder)/examples/\(example)"
    for name in try LocalFiles().list("\(from)/manifests").map({ "manifests/\($0)" }) + ["plumb.yaml"] {
      let text = try #require(TextFile.read("\(from)/\(name)"))
      folder.write(
        text.replacing("123456789012", with: account.id).replacing("acme-quickstart", with: "b\(account.id)")
          .replacing("plumb-example", with: "b\(account.id)"), to: name)
    }
  }

  /// Expects a plan that finds nothing to do, and reads without a word that writes.
  func expectNothingToDo(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let mark = try await account.mark()
    try await expect("plan --detailed-exitcode", says: "No changes.", sourceLocation: sourceLocation)
    #expect(try await account.writes(since: mark) == [], sourceLocation: sourceLocation)
  }
}

/// What boto3 says.
extension MotoAccount {
  /// One thing that stands in the account; the address is nil where it carries no marker.
  struct Standing: Hashable, Sendable, CustomStringConvertible {
    var kind: String
    var id: String
    var address: String?
    var description: String { "\(kind) \(id) \(address ?? "without a marker")" }
  }

  /// Everything that stands in some accounts, marked or not, by account.
  static func standing(_ accounts: [MotoAccount]) async throws -> [String: [Standing]] {
    guard let port = accounts.first?.moto.port else { return [:] }
    let answer = try await python("standing.py", ["\(port)", "us-west-2"] + accounts.map(\.id))
    let found = answer.entries.map { entry in
      let items = entry.value.elements.map {
        Standing(kind: $0["kind"]?.string ?? "", id: $0["id"]?.string ?? "", address: $0["address"]?.string)
      }
      return (entry.key, items)
    }
    return Dictionary(uniqueKeysWithValues: found)
  }

  func standing() async throws -> [Standing] { try await Self.standing([self])[id] ?? [] }

  /// What is ours, in fields, by address.
  func readBack() async throws -> Value {
    try await Self.python("read_back.py", ["\(moto.port)", id, "us-west-2"])
  }

  /// Does something as somebody else would: `ec2.create_tags`.
  @discardableResult
  func call(_ operation: String, _ parameters: Value) async throws -> Value {
    try await Self.python("call.py", ["\(moto.port)", "us-west-2", id, operation, JSONWriter().text(parameters)])
  }

  /// The requests that change something, oldest first.
  func writes(since: Int = 0) async throws -> [String] {
    try await actions(since: since).filter { action in
      let name = action.split(separator: ".").last ?? ""
      return !["Describe", "Get", "List", "Head"].contains { name.hasPrefix($0) }
    }
  }

  /// The actions that change something, as the emulator matches them.
  static let writing = "[a-z0-9]+[.](?!Describe|Get|List|Head).*"

  /// The same for whole actions, `ec2.CreateVpc`, with what the kind of fault needs.
  ///
  /// - Parameter key: of requests to a bucket, which objects they are about.
  func fault(_ kind: String, for actions: String, key: String? = nil, _ more: KeyValuePairs<String, Value>) async throws
  {
    try await fault(actions, key: key, kind, more.map { ($0.key, $0.value) })
  }

  private static func python(_ script: String, _ arguments: [String]) async throws -> Value {
    let path = "\(Moto.packageFolder)/Tests/Emulators/\(script)"
    let result = try await ProcessGate.run([Moto.python, path] + arguments)
    try #require(result.code == 0, "\(result.errorText)")
    return try JSONReader.parse(result.output)
  }
}

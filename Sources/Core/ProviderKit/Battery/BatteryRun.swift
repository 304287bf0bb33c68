import Resources
import Values

/// What a running battery knows and has found.
struct BatteryRun: Sendable {
  let scope: ScopeID
  var objects = BatteryObjects()
  var failures: [String] = []

  init(scope: ScopeID) { self.scope = scope }

  /// Pages of one list, at most; more is a list without an end.
  static let pageLimit = 10_000

  func address(_ sample: BatterySample) -> Address {
    Address(group: sample.type.provider, kind: sample.type.kind, name: sample.name)
  }

  func marker(_ sample: BatterySample) -> Marker { Marker(scope: scope, address: address(sample)) }

  func desired(_ sample: BatterySample, _ target: TargetName) -> Desired {
    Desired(address: address(sample), type: sample.type, target: target, fields: sample.fields(objects))
  }

  mutating func note(_ sample: BatterySample, _ text: String) {
    failures.append("\(sample.type) \(sample.name): \(text)")
  }

  /// Notes what an answer gets wrong: fields, marker, fields without a place in the schema.
  mutating func check(
    _ sample: BatterySample, _ type: ResourceType, _ operation: String, _ written: Value, _ answer: Observed
  ) {
    for name in FieldCheck.differences(written, answer.fields, type.schema) {
      note(sample, "\(operation) gives another value of \(name)")
    }
    for name in FieldCheck.unknownFields(answer.fields, type.schema) {
      note(sample, "\(operation) gives `\(name)`, which the schema does not have")
    }
    if type.marker != .none, answer.marker != marker(sample) {
      note(sample, "\(operation) does not give the marker back")
    }
    for name in answer.unreadable { note(sample, "\(operation) could not read \(name)") }
  }

  mutating func attempt<R: Sendable>(
    _ sample: BatterySample, _ operation: String, _ body: () async throws(ProviderError) -> R,
    then: (inout BatteryRun, R) -> Void
  ) async {
    do throws(ProviderError) {
      let answer = try await body()
      then(&self, answer)
    } catch {
      note(sample, "\(operation) fails: \(error.message) (\(error.request.code ?? "\(error.reason)"))")
    }
  }

  static func pages(
    _ type: TypeName, _ filter: ListFilter, _ reader: any ResourceReader
  ) async throws(ProviderError) -> [[Observed]] {
    var pages: [[Observed]] = []
    var next: PageToken?
    repeat {
      let page = try await reader.list(type, filter, after: next)
      pages.append(page.items)
      next = page.next
    } while next != nil && pages.count < pageLimit
    return pages
  }
}

extension Evidence {
  var name: String {
    switch self {
    case .marker: "marker"
    case .token: "token"
    case .naturalKey: "natural key"
    }
  }
}

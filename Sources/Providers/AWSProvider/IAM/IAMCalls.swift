import AWSClient
import ProviderKit
import Values

extension AWSCall {
  static func iam(_ operation: String, _ effect: Effect, _ parameters: [(String, Value)]) -> AWSCall {
    AWSCall(.iam, operation, effect, .map(parameters))
  }
}

extension AWSSession {
  /// The largest page of IAM's lists.
  private static let iamPageSize = 1000

  /// One page of a list, and where the next begins. IAM's answers stand in `OperationResult`.
  func iamPage(
    _ operation: String, _ parameters: [(String, Value)] = [], after: String? = nil
  ) async throws(ProviderError) -> (result: Value, next: String?) {
    var parameters = parameters + [("MaxItems", .int(Self.iamPageSize))]
    if let after { parameters.append(("Marker", .string(after))) }
    let answer = try await send(.iam(operation, .read, parameters))
    let result = answer.value["\(operation)Result"] ?? .null
    return (result, result.text("IsTruncated") == "true" ? result.text("Marker") : nil)
  }

  /// All items of a list.
  func iamItems(
    _ operation: String, _ list: String, _ parameters: [(String, Value)] = []
  ) async throws(ProviderError) -> [Value] {
    var items: [Value] = []
    var next: String?
    repeat {
      let page = try await iamPage(operation, parameters, after: next)
      items += page.result.items(list)
      next = page.next
    } while next != nil
    return items
  }
}

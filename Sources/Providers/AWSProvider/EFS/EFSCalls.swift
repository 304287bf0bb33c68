import AWSClient
import HTTP
import ProviderKit
import Values

extension AWSCall {
  /// https://docs.aws.amazon.com/efs/latest/ug/api-reference.html
  ///
  /// - Parameter path: below the API's version, such as `file-systems`.
  static func efs(
    _ operation: String, _ effect: Effect, _ method: HTTPMethod, _ path: String,
    query: [(name: String, value: String)] = [], body: [(String, Value)]? = nil
  ) -> AWSCall {
    let bytes = body.map { JSONWriter(secrets: .revealed).bytes(.map($0)) } ?? []
    return AWSCall(
      AWSService("elasticfilesystem", .restJSON, id: "EFS"), operation, effect,
      rest: RESTParts(method, key: "2015-02-01/\(path)", query: query, body: bytes))
  }
}

extension AWSSession {
  /// The largest page of DescribeFileSystems.
  private static let filePageSize = "100"

  /// One page of file systems as they came.
  func fileSystems(after: String?) async throws(ProviderError) -> (items: [Value], next: String?) {
    let query = [(name: "MaxItems", value: Self.filePageSize)] + (after.map { [(name: "Marker", value: $0)] } ?? [])
    let answer = try await send(.efs("DescribeFileSystems", .read, .get, "file-systems", query: query))
    return (answer.value.items("FileSystems"), answer.value.text("NextMarker"))
  }

  /// What is deleted for good; `deleting` still holds what it stands in.
  func isGone(_ call: AWSCall, _ list: String) async throws(ProviderError) -> Bool {
    let answer = try await unlessMissing { () async throws(ProviderError) in try await send(call) }
    return !(answer?.value.items(list) ?? []).contains { $0.text("LifeCycleState") != "deleted" }
  }
}

extension Value {
  /// Nobody's to find any more.
  var isLeavingFiles: Bool { ["deleting", "deleted"].contains(text("LifeCycleState") ?? "") }
}

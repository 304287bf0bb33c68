import ProviderKit
import Values

/// Who the keys belong to.
package struct CallerIdentity: Sendable, Equatable {
  package var account: String
  package var arn: String

  /// Asks STS, which answers everybody with valid keys.
  package static func ask(_ client: AWSClient) async throws(ProviderError) -> CallerIdentity {
    let answer = try await client.send(AWSCall(.sts, "GetCallerIdentity", .read, .map([])))
    guard let account = answer.value.text("GetCallerIdentityResult.Account") else {
      throw ProviderError(
        .unsupported, effect: .none, "`sts:GetCallerIdentity` named no account",
        request: RequestFacts(service: "sts", operation: "GetCallerIdentity", status: answer.status))
    }
    return CallerIdentity(account: account, arn: answer.value.text("GetCallerIdentityResult.Arn") ?? "")
  }
}

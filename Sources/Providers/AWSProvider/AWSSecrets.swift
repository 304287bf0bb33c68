import AWSClient
import ProviderKit
import Resources
import Values

extension AWSService {
  /// https://docs.aws.amazon.com/secretsmanager/latest/apireference/
  static let secretsManager = AWSService("secretsmanager", .json("secretsmanager"), id: "Secrets Manager")
}

extension AWSProvider {
  package var secretPermissions: [String] { ["secretsmanager:GetSecretValue"] }
}

extension AWSReader {
  /// The current version of a secret of Secrets Manager, by name or ARN.
  func resolve(_ secret: SecretReference) async throws(ProviderError) -> Value {
    guard case .secretManager(let name, _) = secret.place else {
      throw ProviderError(.unsupported, effect: .none, "only secrets of Secrets Manager are kept here")
    }
    let answer = try await session.client.send(
      AWSCall(.secretsManager, "GetSecretValue", .read, ["SecretId": .string(name)]))
    guard let text = answer.value["SecretString"]?.string else {
      throw ProviderError(.unsupported, effect: .none, "the secret holds no text")
    }
    return Value.string(text).markedSensitive
  }
}

import AWSProvider
import ProviderKit
import Resources
import Testing
import Values

@Suite("secrets of Secrets Manager")
struct AWSSecretTests {
  @Test("a secret is read by name and by ARN, marked; one that is missing says so and shows nothing")
  func resolve() async throws {
    let account = try await MotoAccount()
    let made = try await account.call(
      "secretsmanager.create_secret", ["Name": "app/db", "SecretString": "{\"password\": \"c4n4ry\"}"])
    let reader = try await account.provider.reader(account.target())
    let value = try await reader.resolve(SecretReference(.secretManager("app/db", key: "password")))
    #expect(value.isSensitive)
    #expect(value.spelling == "{\"password\": \"c4n4ry\"}")
    let arn = try #require(made["ARN"]?.string)
    let same = try await reader.resolve(SecretReference(.secretManager(arn, key: nil)))
    #expect(same.spelling == value.spelling)
    let error = await #expect(throws: ProviderError.self) {
      _ = try await reader.resolve(SecretReference(.secretManager("app/none", key: nil)))
    }
    #expect(error?.reason == .notFound)
    #expect(error?.request.code == "ResourceNotFoundException")
  }
}

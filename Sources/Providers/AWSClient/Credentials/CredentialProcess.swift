import Platform
import ProviderKit
import Values

/// Keys from a program, as `credential_process` of a profile names it: it prints JSON of version 1.
enum CredentialProcess {
  /// A person may have to touch a token.
  static let timeout = Duration.seconds(60)

  static func run(
    _ command: String, _ children: any ChildRunner, _ environment: Environment
  ) async throws(ProviderError) -> AWSCredentials {
    guard let words = ShellWords.split(command), !words.isEmpty else {
      throw CredentialError.failed("`credential_process` names no program: a quote may be open")
    }
    var child = ChildCommand(words, environment: environment)
    child.timeout = timeout
    let result: ChildResult
    do throws(ChildError) {
      result = try await children.run(child)
    } catch {
      throw CredentialError.failed("`credential_process`: \(error)")
    }
    guard result.status == .exited(0) else {
      throw CredentialError.failed("`credential_process` ended with status \(result.status.code)")
    }
    return try read(result.output)
  }

  private static func read(_ output: [UInt8]) throws(ProviderError) -> AWSCredentials {
    let answer: Value
    do throws(JSONError) { answer = try JSONReader.parse(output) } catch {
      throw CredentialError.failed("`credential_process` printed no JSON")
    }
    guard answer["Version"]?.int == 1, let id = answer["AccessKeyId"]?.string,
      let secret = answer["SecretAccessKey"]?.string
    else { throw CredentialError.failed("`credential_process` printed no keys of version 1") }
    let expiry = answer["Expiration"]?.string.flatMap { Instant(rfc3339: $0) }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret, sessionToken: answer["SessionToken"]?.string, expires: expiry)
  }
}

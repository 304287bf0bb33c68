import Cryptography
import GCPClient
import HTTP
import ProviderKit
import Resources
import Values

extension FieldWriter {
  /// A new value is a new version. One that is the newest already is left, so that a create may begin again.
  static let secretVersion = FieldWriter(fields: ["payload"], followsCreate: true) {
    task, wire, now, wanted async throws(ProviderError) in
    guard let payload = wanted.fields["payload"]?.string else { return }
    if try await SecretPayload.newest(of: now.id, task.session) == payload { return }
    let data = Value.string(Base64.encode(Array(payload.utf8))).markedSensitive
    try await wire.run(
      GCPCall(
        wire.service, "\(wire.collection).addVersion", .once, .post, "\(now.id):addVersion",
        body: ["payload": .map([("data", data)])]), task)
  }
}

enum SecretPayload {
  /// The text of the newest version that is enabled; nil where there is none, where it is no text, and where we may not
  /// see it.
  static func newest(of id: String, _ session: GCPSession) async throws(ProviderError) -> String? {
    do throws(ProviderError) {
      let answer = try await session.send(
        .get(.secretManager, "projects.secrets.versions.access", "\(id)/versions/latest:access"))
      return answer["payload"]?["data"]?.string.flatMap { Base64.decode($0) }.flatMap {
        String(validating: $0, as: UTF8.self)
      }
    } catch {
      switch error.reason {
      case .notFound, .denied, .conflict, .invalid: return nil
      case .throttled, .transient, .quota, .unsupported, .cancelled, .other: throw error
      }
    }
  }
}

extension GCPProvider {
  package var secretPermissions: [String] { ["secretmanager.versions.access"] }
}

extension GCPReader {
  /// The newest version of a secret of Secret Manager, by its name or its id `projects/…/secrets/…`.
  func resolve(_ secret: SecretReference) async throws(ProviderError) -> Value {
    guard case .secretManager(let name, _) = secret.place else {
      throw ProviderError(.unsupported, effect: .none, "only secrets of Secret Manager are kept here")
    }
    let id = name.contains("/") ? name : "projects/\(session.project)/secrets/\(name)"
    let answer = try await session.send(
      .get(.secretManager, "projects.secrets.versions.access", "\(id)/versions/latest:access"))
    guard let data = answer["payload"]?["data"]?.string, let bytes = Base64.decode(data),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw ProviderError(.unsupported, effect: .none, "the secret holds no text") }
    return Value.string(text).markedSensitive
  }
}

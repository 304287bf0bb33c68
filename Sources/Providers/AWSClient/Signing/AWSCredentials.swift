import Platform

/// Keys of an AWS identity. They never show in descriptions or dumps.
package struct AWSCredentials: Hashable, Sendable {
  package var accessKeyID: String
  package var secretAccessKey: String
  /// Of temporary credentials.
  package var sessionToken: String?
  /// When temporary credentials end.
  package var expires: Instant?

  package init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expires: Instant? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expires = expires
  }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "AWS credentials \(accessKeyID)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID]) }
}

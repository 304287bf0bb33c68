import ProviderKit
import Values

extension AWSProvider {
  /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
  package func accessPolicy(_ permissions: [String], name: String) -> AccessPolicy {
    let services = Dictionary(grouping: permissions) { $0.prefix { $0 != ":" } }
    let statements = services.sorted { $0.key < $1.key }.map { service, actions in
      Value.map([
        ("Sid", .string(Self.sid("\(name)-\(service)"))), ("Effect", "Allow"),
        ("Action", .list(actions.map { .string($0) })), ("Resource", "*"),
      ])
    }
    let policy = Value.map([("Version", "2012-10-17"), ("Statement", .list(statements))])
    return AccessPolicy("an IAM policy", JSONWriter(.pretty).text(policy) + "\n")
  }

  /// `plumb-apply-ec2` as `PlumbApplyEc2`, since only letters and digits may stand there.
  private static func sid(_ words: String) -> String {
    words.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

import Platform

/// Estates of any size on disk: networks of one VPC, eight subnets, four security groups, four roles, two buckets and a
/// route table each, in files of about a hundred resources.
struct EstateCorpus {
  static let resourcesPerNetwork = 20
  let folder: String
  let files = LocalFiles()

  /// Writes an estate of about `count` resources into the folder.
  func write(_ count: Int) throws(FileError) {
    try files.makeDirectory("\(folder)/manifests")
    try files.write(Array(Self.estate.utf8), to: "\(folder)/plumb.yaml")
    let networks = max(1, count / Self.resourcesPerNetwork)
    for start in stride(from: 0, to: networks, by: 5) {
      let text = (start..<min(start + 5, networks)).map(Self.network).joined()
      try files.write(Array(text.utf8), to: "\(folder)/manifests/net-\(start).yaml")
    }
  }

  static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: bench, id: est-bench0}
    spec:
      include: ["manifests/*.yaml"]
      defaults: {targets: {aws: main}, tags: {owner: platform}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}

    """

  private static func network(_ number: Int) -> String {
    let block = "10.\(number % 250)"
    var text = direct("Vpc", "net-\(number)", ["cidrBlock: \(block).0.0/16", "enableDnsHostnames: true"])
    text += direct("RouteTable", "routes-\(number)", ["vpcId: '${aws.Vpc[\"net-\(number)\"].id}'"])
    for index in 0..<8 {
      text += direct(
        "Subnet", "sub-\(number)-\(index)",
        [
          "vpcId: '${aws.Vpc[\"net-\(number)\"].id}'", "cidrBlock: \(block).\(index * 16).0/20",
          "availabilityZone: us-west-2\(["a", "b", "c", "d"][index % 4])", "mapPublicIpOnLaunch: false",
        ])
    }
    for index in 0..<4 {
      text += direct(
        "SecurityGroup", "sg-\(number)-\(index)",
        [
          "vpcId: '${aws.Vpc[\"net-\(number)\"].id}'", "groupName: sg-\(number)-\(index)", "description: tier \(index)",
          "ipPermissions: [{ipProtocol: tcp, fromPort: 443, toPort: 443, ipRanges: [{cidrIp: 10.0.0.0/8}]}]",
        ])
      text += direct(
        "Role", "role-\(number)-\(index)",
        [
          "assumeRolePolicyDocument:",
          "  Version: \"2012-10-17\"",
          "  Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: ec2.amazonaws.com}}]",
        ])
    }
    for index in 0..<2 { text += direct("Bucket", "bench-\(number)-\(index)", ["versioning: {status: Enabled}"]) }
    return text
  }

  static func direct(_ kind: String, _ name: String, _ fields: [String]) -> String {
    """
    ---
    apiVersion: aws.plumb.dev/v1
    kind: \(kind)
    metadata: {name: \(name)}
    spec:
    \(fields.map { "  \($0)\n" }.joined())
    """
  }
}

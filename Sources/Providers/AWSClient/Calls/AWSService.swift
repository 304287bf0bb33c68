/// A service of AWS, as far as requests to it differ from those to others.
package struct AWSService: Hashable, Sendable {
  package enum Wire: Hashable, Sendable {
    /// Form parameters, lists as `Name.1`.
    case ec2Query
    /// Form parameters, lists as `Name.member.1`.
    case query
    /// Methods, paths and XML bodies.
    case restXML
    /// JSON both ways, the operation in a header after this name.
    case json(String)
    /// Methods, paths and JSON bodies.
    case restJSON
  }

  /// Names the service in signatures and permissions, and in endpoints and environment variables unless these say
  /// otherwise.
  package var name: String
  package var wire: Wire
  /// The API's version; empty where requests carry none.
  package var version: String
  /// One endpoint for a whole partition.
  package var isGlobal: Bool
  /// What its hosts begin with, such as `memory-db`.
  package var host: String
  /// What the SDKs call it, such as `SSO Admin`.
  /// https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html
  package var id: String

  package init(
    _ name: String, _ wire: Wire, version: String = "", isGlobal: Bool = false, host: String? = nil, id: String? = nil
  ) {
    self.name = name
    self.wire = wire
    self.version = version
    self.isGlobal = isGlobal
    self.host = host ?? name
    self.id = id ?? name
  }

  package static let ec2 = AWSService("ec2", .ec2Query, version: "2016-11-15")
  package static let iam = AWSService("iam", .query, version: "2010-05-08", isGlobal: true)
  package static let sts = AWSService("sts", .query, version: "2011-06-15")
  package static let s3 = AWSService("s3", .restXML)
  /// Gives keys after a single sign-on; asked by hand, for its endpoint of its own endpoint variable.
  static let sso = AWSService("sso", .restXML)

  /// `AWS_ENDPOINT_URL_EC2`.
  var endpointVariable: String {
    "AWS_ENDPOINT_URL_" + String(id.map { $0 == " " ? "_" : $0 }).uppercased()
  }
}

extension AWSService.Wire {
  /// Whether answers are JSON.
  var speaksJSON: Bool {
    switch self {
    case .json, .restJSON: true
    case .ec2Query, .query, .restXML: false
    }
  }
}

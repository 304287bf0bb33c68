import AWSClient
import HTTP
import Platform
import ProviderKit
import Values

/// A token in a file, which is read each time, since it is replaced before it ends.
struct FileSubject: SubjectTokenSource {
  var path: String
  var format: SubjectTokenFormat
  var file: CredentialFile

  private static let maximumSize = 256 << 10

  func subjectToken() async throws(ProviderError) -> String {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try file.machine.files.read(path, limit: Self.maximumSize) } catch {
      throw file.failed("the subject token cannot be read: \(error)")
    }
    guard let token = format.token(bytes), !token.isEmpty else {
      throw file.failed("`\(path)` holds no subject token")
    }
    return token
  }
}

/// A token from a server, such as that of a CI system.
struct URLSubject: SubjectTokenSource {
  private let url: HTTPURL
  private let headers: [(name: String, value: String)]
  private let format: SubjectTokenFormat
  private let file: CredentialFile

  init(_ text: String, _ source: Value, _ file: CredentialFile) throws(ProviderError) {
    guard let url = HTTPURL(text) else { throw file.failed("`url` of `credential_source` is no URL") }
    self.url = url
    self.file = file
    headers =
      source["headers"]?.entries.compactMap { field in
        field.value.string.map { (name: field.key, value: $0) }
      } ?? []
    format = try SubjectTokenFormat(source, file)
  }

  func subjectToken() async throws(ProviderError) -> String {
    let server = KeyServer(name: "the server of subject tokens at \(url.authority)", machine: file.machine)
    let body = try await server.ask(.get, url, headers)
    guard let token = format.token(body), !token.isEmpty else {
      throw file.failed("the server at \(url.authority) gave no subject token")
    }
    return token
  }
}

/// For who runs on AWS: a request to AWS's STS that is signed and not sent; Google sends it and sees who signed.
///
/// https://google.aip.dev/auth/4117#determining-the-subject-token-in-aws
struct AWSSubject: SubjectTokenSource {
  private let verification: String
  private let regionURL: String?
  private let sessionURL: String?
  private let audience: String
  private let file: CredentialFile

  private static let usualVerification =
    "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"

  init(_ source: Value, _ file: CredentialFile, _ audience: String) throws(ProviderError) {
    guard let id = source["environment_id"]?.string, id == "aws1" else {
      throw file.failed("`environment_id` of `credential_source` is not `aws1`")
    }
    verification = source["regional_cred_verification_url"]?.string ?? Self.usualVerification
    regionURL = source["region_url"]?.string
    sessionURL = source["imdsv2_session_token_url"]?.string
    self.audience = audience
    self.file = file
  }

  /// The keys come from wherever AWS's own tools find them.
  func subjectToken() async throws(ProviderError) -> String {
    let machine = file.machine
    let profiles: Profiles
    do throws(FileError) { profiles = try Profiles.load(machine.environment, machine.files) } catch {
      throw file.failed("\(error)")
    }
    let region = try await region()
    let endpoints = AWSEndpoints(environment: machine.environment)
    let chain = CredentialChain(machine, profiles: profiles, region: region, endpoints: endpoints)
    let keys = try await chain.source(.init(), targetProfile: nil).credentials()
    guard let url = HTTPURL(verification.replacing("{region}", with: region)) else {
      throw file.failed("`regional_cred_verification_url` is no URL")
    }
    var request = HTTPRequest(.post, url, headers: ["x-goog-cloud-target-resource": audience])
    SigV4Signer(region: region, service: "sts").sign(&request, with: keys, at: machine.time.now)
    let host = (name: "host", value: url.authority)
    let fields = ([host] + request.headers.fields.map { (name: $0.name, value: $0.value) }).map { field in
      ["key": .string(field.name), "value": .string(field.value)] as Value
    }
    let signed: Value = ["url": .string(url.description), "method": "POST", "headers": .list(fields)]
    return PercentEncoding.encode(JSONWriter(secrets: .revealed).text(signed))
  }

  private func region() async throws(ProviderError) -> String {
    let environment = file.machine.environment
    if let region = environment.nonEmpty("AWS_REGION") ?? environment.nonEmpty("AWS_DEFAULT_REGION") { return region }
    guard let regionURL, let url = HTTPURL(regionURL) else {
      throw file.failed("the region of AWS is not known: set `AWS_REGION`, or `region_url` of `credential_source`")
    }
    let server = KeyServer(name: "instance metadata at \(url.authority)", machine: file.machine)
    var proof: [(name: String, value: String)] = []
    if let sessionURL, let session = HTTPURL(sessionURL) {
      let life = [(name: "X-aws-ec2-metadata-token-ttl-seconds", value: "60")]
      proof = [("X-aws-ec2-metadata-token", try await server.text(.put, session, life))]
    }
    // A zone, such as `us-west-2b`.
    return String(try await server.text(.get, url, proof).dropLast())
  }
}

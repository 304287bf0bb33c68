import AWSClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

/// Buckets: S3 lists names alone, so each bucket's tags are read to know whose it is, and the settings of ours one by
/// one.
struct BucketWire: Sendable {
  func list(
    _ session: AWSSession, _ type: ResourceType, _ filter: ListFilter, after: PageToken?
  ) async throws(ProviderError) -> ObservedPage {
    var query = [(name: "max-buckets", value: "1000"), (name: "bucket-region", value: session.region)]
    if let after { query.append((name: "continuation-token", value: after.text)) }
    let answer = try await session.send(
      AWSCall(.s3, "ListBuckets", .read, rest: RESTParts(.get, query: query)))
    let names = answer.value.items("Buckets.Bucket").compactMap { $0.text("Name") }
    let buckets = try await concurrently(names) { name throws(ProviderError) in
      try await one(session, type, name, ifMarked: filter)
    }
    return ObservedPage(
      items: buckets.compactMap { $0 }, next: answer.value.text("ContinuationToken").map { PageToken($0) })
  }

  func one(_ session: AWSSession, _ type: ResourceType, _ name: String) async throws(ProviderError) -> Observed? {
    try await one(session, type, name, ifMarked: nil)
  }

  /// One bucket with all its settings; nil where there is none, or none that the filter asks for.
  func one(
    _ session: AWSSession, _ type: ResourceType, _ name: String, ifMarked filter: ListFilter?
  ) async throws(ProviderError) -> Observed? {
    let tagging: Tagging?
    do throws(ProviderError) { tagging = try await tags(session, name) } catch {
      if error.reason == .notFound { return nil }
      // In a list, a bucket of another region or one that is closed to us is not ours.
      if filter != nil, error.request.status == 301 || error.isDenied || error.isMisdirected { return nil }
      guard error.isDenied else { throw error }
      return closed(name, type)
    }
    if let filter, !filter.includes(tagging?.marker) { return nil }
    var fields = Fields()
    fields["bucket"] = .string(name)
    var unreadable: [String] = []
    let parts = BucketPart.all.filter { filter?.wants($0.field) ?? true }
    let values = try await concurrently(parts) { part throws(ProviderError) in
      do throws(ProviderError) { return Part.value(try await value(part, session, name)) } catch {
        guard error.isDenied else { throw error }
        return Part.denied
      }
    }
    for (part, value) in zip(parts, values) {
      switch value {
      case .value(let value): fields[part.field] = value
      case .denied: unreadable.append(part.field)
      }
    }
    fields["tags"] = (tagging ?? Tagging([])).fields
    fields["arn"] = .string(Self.arn(name, session.region))
    return Observed(
      type: type.name, remote: RemoteID(name), fields: fields.value, marker: tagging?.marker,
      unreadable: unreadable)
  }

  /// A bucket that stands there and tells us nothing, such as one of another account.
  private func closed(_ name: String, _ type: ResourceType) -> Observed {
    Observed(
      type: type.name, remote: RemoteID(name), fields: ["bucket": .string(name)],
      unreadable: type.schema.fields.map(\.name).filter { $0 != "bucket" })
  }

  private enum Part: Sendable {
    case value(Value?)
    case denied
  }

  /// The tags; nil where the bucket carries none at all.
  func tags(_ session: AWSSession, _ name: String) async throws(ProviderError) -> Tagging? {
    do throws(ProviderError) {
      let answer = try await session.send(.bucket("GetBucketTagging", .read, .get, name, query: "tagging"))
      return Tagging(answer.value.items("TagSet.Tag"))
    } catch {
      guard error.has("NoSuchTagSet", "NoSuchTagSetError") else { throw error }
      return nil
    }
  }

  func value(_ part: BucketPart, _ session: AWSSession, _ name: String) async throws(ProviderError) -> Value? {
    do throws(ProviderError) {
      return part.read(try await session.send(.bucket(part.get, .read, .get, name, query: part.query)))
    } catch {
      guard let absent = part.absent, error.has(absent) else { throw error }
      return part.field == "cors" ? .list([]) : nil
    }
  }

  private static func arn(_ name: String, _ region: String) -> String {
    let partition = region.hasPrefix("cn-") ? "aws-cn" : region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    return "arn:\(partition):s3:::\(name)"
  }
}

extension ProviderError {
  var isDenied: Bool { if case .denied = reason { true } else { false } }
  /// The bucket lies in another region than the one that was asked.
  var isMisdirected: Bool {
    has("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException")
  }
}

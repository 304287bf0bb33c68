import AWSClient
import HTTP
import Inventory
import Platform
import ProviderKit
import Values

/// Objects in a bucket of S3, or of a service that speaks its API and honours `If-None-Match` and `If-Match` on
/// `PutObject` (Amazon S3 User Guide, "Conditional writes").
package struct S3Bucket: ObjectStore {
  private static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  private let client: AWSClient
  private let bucket: String
  private let owner: String?
  private let encryption: S3StoreSettings.Encryption?

  /// `owner` is the account the bucket must belong to: names of buckets are shared by everybody.
  package init(
    _ bucket: String, owner: String? = nil, client: AWSClient, encryption: S3StoreSettings.Encryption? = nil
  ) {
    self.bucket = bucket
    self.owner = owner
    self.client = client
    self.encryption = encryption
  }

  private func send(
    _ operation: String, _ effect: AWSCall.Effect, _ parts: RESTParts
  ) async throws(ProviderError) -> AWSAnswer {
    var parts = parts
    if let owner { parts.headers.append((name: "x-amz-expected-bucket-owner", value: owner)) }
    return try await client.send(AWSCall(.s3, operation, effect, rest: parts))
  }

  package func get(_ key: String) async throws(StoreError) -> StoredObject? {
    do throws(ProviderError) {
      let answer = try await send("GetObject", .read, RESTParts(.get, bucket: bucket, key: key))
      guard let etag = answer.headers["ETag"] else {
        throw ProviderError(.other, effect: .none, "the answer for `\(key)` has no entity tag")
      }
      return StoredObject(bytes: answer.body, etag: etag, age: Self.age(answer.headers))
    } catch {
      if error.request.status == 404, error.request.code == "NoSuchKey" { return nil }
      throw failure(error, .unreadable)
    }
  }

  private static func age(_ headers: HTTPHeaders) -> Duration? {
    guard let now = headers["Date"].flatMap(HTTPDate.parse),
      let stored = headers["Last-Modified"].flatMap(HTTPDate.parse)
    else { return nil }
    return now - stored
  }

  package func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) -> PutOutcome {
    var parts = RESTParts(.put, bucket: bucket, key: key, body: bytes)
    switch condition {
    case .absent: parts.headers.append((name: "If-None-Match", value: "*"))
    case .matches(let etag): parts.headers.append((name: "If-Match", value: etag))
    }
    parts.headers += encryptionHeaders
    do throws(ProviderError) {
      let answer = try await send("PutObject", .conditional, parts)
      return answer.headers["ETag"].map(PutOutcome.done) ?? .unknown("the answer has no entity tag")
    } catch {
      // 404: the object that If-Match names is gone. 409: another write of the key went on at the same time.
      if error.request.status == 412 || error.request.code == "NoSuchKey" { return .refused }
      if error.request.code == "ConditionalRequestConflict" { return .unknown(error.message) }
      if case .unknown = error.effect { return .unknown(error.message) }
      throw failure(error, .unwritable)
    }
  }

  private var encryptionHeaders: [(name: String, value: String)] {
    let name = "x-amz-server-side-encryption"
    switch encryption {
    case nil: return []
    case .aes256: return [(name: name, value: "AES256")]
    case .kms(let key):
      return [(name: name, value: "aws:kms")] + (key.map { [(name: "\(name)-aws-kms-key-id", value: $0)] } ?? [])
    }
  }

  package func list(_ prefix: String, after: String) async throws(StoreError) -> ObjectListing {
    var listing = ObjectListing()
    var next: String?
    var pages = 0
    repeat {
      guard pages < S3Limits.pages else {
        throw StoreError(.unreadable, "the bucket `\(bucket)` has too many objects below `\(prefix)`")
      }
      pages += 1
      let position = next.map { (name: "continuation-token", value: $0) } ?? (name: "start-after", value: after)
      let query = [(name: "list-type", value: "2"), (name: "prefix", value: prefix), position]
      let answer: AWSAnswer
      do throws(ProviderError) {
        answer = try await send("ListObjectsV2", .read, RESTParts(.get, bucket: bucket, query: query))
      } catch {
        throw failure(error, .unreadable)
      }
      listing.date = answer.headers["Date"].flatMap(HTTPDate.parse) ?? listing.date
      listing.items += answer.value.items("Contents").compactMap { item in
        let modified = item.text("LastModified").flatMap { Instant(rfc3339: $0) }
        return item.text("Key").map { ObjectListing.Item(key: $0, modified: modified) }
      }
      next = answer.value.text("IsTruncated") == "true" ? answer.value.text("NextContinuationToken") : nil
    } while next != nil
    return listing
  }

  package func delete(_ keys: [String]) async throws(StoreError) {
    for start in stride(from: 0, to: keys.count, by: S3Limits.keysPerDelete) {
      let part = keys[start..<min(start + S3Limits.keysPerDelete, keys.count)]
      let objects = part.map { key -> Value in ["Key": .string(key)] }
      let body: Value = ["Object": .list(objects), "Quiet": true]
      var parts = RESTParts(.post, bucket: bucket, query: [(name: "delete", value: "")], needsDigest: true)
      parts.body = XMLWriter.write(body, root: "Delete", namespace: Self.namespace)
      do throws(ProviderError) {
        _ = try await send("DeleteObjects", .repeatable, parts)
      } catch {
        throw failure(error, .unwritable)
      }
    }
  }

  private func failure(_ error: ProviderError, _ reason: StoreError.Reason) -> StoreError {
    StoreError(reason, "the inventory's bucket `\(bucket)`: \(error.message)")
  }
}

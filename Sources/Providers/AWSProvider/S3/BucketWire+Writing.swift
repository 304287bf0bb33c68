import AWSClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

extension BucketWire: NamedWire {
  /// S3 takes no tags in the create call, so the marker follows at once.
  ///
  /// A bucket that stands there already is gone on with where it carries our marker, or where it is ours to name: in
  /// this account, without tags and without objects, as a create that was cut off leaves it. The caller has seen the
  /// name free before. Any other bucket is a conflict.
  func create(_ fields: Value, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Observed {
    let name = fields["bucket"]?.string ?? ""
    if try await !stands(name, marker, task) { try await make(name, task) }
    let bare = Observed(
      type: task.type.name, remote: RemoteID(name), fields: ["bucket": .string(name)], isReady: false)
    do throws(ProviderError) {
      try await put(Tagging(fields, marker), name, task)
      for part in BucketPart.all where fields[part.field].map({ !$0.isNull }) ?? false {
        try await write(part, fields[part.field], name, task)
      }
      return try await reread(name, task)
    } catch {
      var left = bare
      left.marker = try? await tags(task.session, name)?.marker  // What stands there is told as well as it can be.
      throw error.leaving(left)
    }
  }

  /// Whether the bucket is there and may be gone on with.
  private func stands(_ name: String, _ marker: Marker, _ task: WriteTask) async throws(ProviderError) -> Bool {
    let tagging: Tagging?
    do throws(ProviderError) { tagging = try await tags(task.session, name) } catch {
      if error.reason == .notFound { return false }
      throw error
    }
    if let tagging {
      if tagging.marker == marker { return true }
      throw conflict("bucket \(name) exists and carries tags of others")
    }
    let query = [(name: "list-type", value: "2"), (name: "max-keys", value: "1")]
    let listed = try await task.session.send(
      AWSCall(.s3, "ListObjectsV2", .read, rest: RESTParts(.get, bucket: name, query: query)))
    guard listed.value.items("Contents").isEmpty else {
      throw conflict("bucket \(name) exists, without a marker and with objects in it")
    }
    return true
  }

  private func conflict(_ message: String) -> ProviderError {
    ProviderError(
      .conflict, effect: .none, message, request: RequestFacts(service: "s3", operation: "CreateBucket"))
  }

  private func make(_ name: String, _ task: WriteTask) async throws(ProviderError) {
    let region = task.session.region
    let body =
      region == "us-east-1"
      ? []
      : XMLWriter.write(
        ["LocationConstraint": .string(region)], root: "CreateBucketConfiguration",
        namespace: BucketPart.namespace)
    var call = AWSCall.bucket("CreateBucket", .once, .put, name, body: body)
    call.rest?.needsDigest = false
    _ = try await task.session.send(call)
    try await task.wait(until: "bucket \(name) can be seen") { () async throws(ProviderError) -> Void? in
      try await exists(name, task) ? () : nil
    }
  }

  private func exists(_ name: String, _ task: WriteTask) async throws(ProviderError) -> Bool {
    do throws(ProviderError) {
      _ = try await task.session.send(.bucket("HeadBucket", .read, .head, name))
      return true
    } catch {
      guard error.reason == .notFound else { throw error }
      return false
    }
  }

  /// Tags are written whole.
  private func put(_ tagging: Tagging, _ name: String, _ task: WriteTask) async throws(ProviderError) {
    let body = XMLWriter.write(
      ["TagSet": ["Tag": tagging.withoutServiceTags.parameters]], root: "Tagging",
      namespace: BucketPart.namespace)
    _ = try await task.session.send(
      .bucket("PutBucketTagging", .repeatable, .put, name, query: "tagging", body: body))
  }

  /// Sets one part, or takes it away; silent where it is as it should be.
  private func write(
    _ part: BucketPart, _ wanted: Value?, _ name: String, _ task: WriteTask
  ) async throws(ProviderError) {
    let now = try await value(part, task.session, name)
    let isEmpty = wanted.map { $0.isNull || ($0.kind == .list && $0.count == 0) } ?? true
    if let wanted, !isEmpty {
      if let now, let field = task.type.schema[part.field], field.equal(now, wanted) { return }
      let call = AWSCall.bucket(
        part.put, .repeatable, .put, name, query: part.query, body: part.body(wanted, now))
      try await task.retryingPrincipals { () async throws(ProviderError) in _ = try await task.session.send(call) }
    } else if now != nil, let operation = part.delete {
      try await unlessGone { () throws(ProviderError) in
        _ = try await task.session.send(.bucket(operation, .repeatable, .delete, name, query: part.query))
      }
    } else if now != nil {
      let body = part.body([:], nil)
      _ = try await task.session.send(
        .bucket(part.put, .repeatable, .put, name, query: part.query, body: body))
    }
  }

  func update(
    _ change: FieldChanges, of observed: Observed, _ task: WriteTask
  ) async throws(ProviderError) -> Observed {
    let name = observed.remote.text
    let released = Set(change.changes.filter { $0.effect == .release }.compactMap(\.path.field))
    let touched = Set(change.fields).subtracting(released)
    do throws(ProviderError) {
      let edit = TagEdit(change, of: observed)
      if !edit.isEmpty {
        let now = try await tags(task.session, name) ?? Tagging([])
        try await put(now.applying(edit), name, task)
      }
      let wanted = change.wanted
      for part in BucketPart.all where touched.contains(part.field) {
        try await write(part, wanted[part.field], name, task)
      }
      return try await reread(name, task)
    } catch {
      throw error.reason == .notFound ? error : error.leaving(observed)
    }
  }

  private func reread(_ name: String, _ task: WriteTask) async throws(ProviderError) -> Observed {
    guard let now = try await one(task.session, task.type, name) else {
      throw ProviderError(.notFound, effect: .none, "bucket \(name) is gone")
    }
    return now
  }

  /// Empties nothing: a bucket with objects is an error that says so.
  func delete(_ observed: Observed, _ task: WriteTask) async throws(ProviderError) {
    let name = observed.remote.text
    do throws(ProviderError) {
      try await unlessGone { () throws(ProviderError) in
        _ = try await task.session.send(.bucket("DeleteBucket", .repeatable, .delete, name))
      }
    } catch {
      guard error.has("BucketNotEmpty") else { throw error }
      var clear = error
      clear.message = "bucket \(name) holds objects, and objects are never deleted here: empty it first"
      throw clear
    }
    try await task.wait(until: "bucket \(name) is gone") { () async throws(ProviderError) -> Void? in
      try await exists(name, task) ? nil : ()
    }
  }
}

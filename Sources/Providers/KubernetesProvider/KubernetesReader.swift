import KubernetesClient
import ProviderKit
import Resources
import Values

/// The half that cannot write: its client lets GET and `dryRun=All` through.
struct KubernetesReader: ResourceReader {
  let cluster: Cluster

  /// Items of one page, and how often a list whose pages expired is begun again.
  static let pageSize = 500, restarts = 3
  /// Requests for single collections under way at once.
  static let width = 8

  // MARK: Lists

  /// All objects in one answer: a chain of pages of one `resourceVersion`. Of one collection, or, where the
  /// credentials do not reach so far, of those of the namespaces that were named.
  func list(_ type: TypeName, _ filter: ListFilter, after: PageToken?) async throws(ProviderError) -> ObservedPage {
    // A kind whose definition is not there yet has no objects.
    guard let form = try await cluster.form(ifServed: type) else { return ObservedPage(items: []) }
    let selector = filter.scope.map { ScopeLabel.selector($0) }
    do throws(ProviderError) {
      return ObservedPage(items: try await chain(form, namespace: nil, selector))
    } catch {
      guard case .denied = error.reason, error.request.status == 403, form.kind.isNamespaced, !filter.namespaces.isEmpty
      else { return try served(error) }
    }
    let pages = try await Bounded.map(filter.namespaces.sorted(), width: Self.width) {
      namespace throws(ProviderError) in try await chain(form, namespace: namespace, selector)
    }
    return ObservedPage(items: pages.flatMap { $0 })
  }

  /// A kind that discovery still tells of and that is not served any more has no objects.
  private func served(_ error: ProviderError) throws(ProviderError) -> ObservedPage {
    if error.reason == .unsupported, error.request.status == 404 { return ObservedPage(items: []) }
    throw error
  }

  /// One collection, page after page; begun again where the pages expire before their end.
  /// https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
  func chain(
    _ form: ObjectForm, namespace: String?, _ selector: String?, field: String? = nil
  ) async throws(ProviderError) -> [Observed] {
    var items: [Observed] = []
    var next: String?
    var begun = 1
    while true {
      var query = [(name: "limit", value: String(Self.pageSize))]
      if let selector { query.append(("labelSelector", selector)) }
      if let field { query.append(("fieldSelector", field)) }
      if let next { query.append(("continue", next)) }
      let answer: KubernetesAnswer
      do throws(ProviderError) {
        answer = try await cluster.client.send(.get(form.kind.path(namespace: namespace), query: query))
      } catch {
        guard error.request.status == 410, begun <= Self.restarts else { throw error }
        begun += 1
        next = nil
        items = []
        continue
      }
      for item in answer.value["items"]?.elements ?? Value.null.elements { items.append(form.observed(item)) }
      guard let token = answer.value["metadata"]?["continue"]?.string, !token.isEmpty else { return items }
      next = token
    }
  }

  func find(_ type: TypeName, _ evidence: [Evidence]) async throws(ProviderError) -> [[Observed]] {
    guard let form = try await cluster.form(ifServed: type) else { return evidence.map { _ in [] } }
    let names = evidence.compactMap { one in if case .naturalKey(let fields) = one { form.remote(fields) } else { nil }
    }
    let named = try await read(type, Array(Set(names)).sorted())
    var marked: [ScopeID: [Observed]] = [:]
    for case .marker(let marker) in evidence where marked[marker.scope] == nil {
      var filter = ListFilter.scope(marker.scope)
      filter.namespaces = Set(names.compactMap { form.names($0).namespace })
      marked[marker.scope] = try await list(type, filter, after: nil).items
    }
    return evidence.map { one in
      switch one {
      case .naturalKey(let fields): named.filter { $0.remote == form.remote(fields) }
      case .marker(let marker):
        marked[marker.scope, default: []].filter {
          $0.marker?.address == marker.address && $0.marker?.incarnation == marker.incarnation
            && $0.marker?.scope == marker.scope
        }
      case .token: []
      }
    }
  }

  // MARK: Proposals

  func propose(_ questions: [ProposalQuestion]) async throws(ProviderError) -> [Proposal?] {
    try await ObjectProposals(cluster, questions).answers(questions)
  }

  func author(of path: ValuePath, in object: Observed) -> FieldAuthor? {
    let place = FieldPath(path, in: object.fields)
    return ManagedFields(of: object.fields).others(of: place, beside: ObjectForm.manager).first?.author
  }
}

extension FieldPath {
  /// Fields that tell the items of a list apart, where the schema is not at hand.
  static let itemKeys = ["name", "containerPort", "key", "ip", "mountPath", "port"]

  /// A path in our words as a way through sets of fields; items of keyed lists are found in the object.
  init(_ path: ValuePath, in fields: Value) {
    var steps: [String] = []
    var current: Value? = fields
    for segment in path.segments {
      switch segment {
      case .index(let index):
        steps.append("i:\(index)")
        current = current?[index]
      case .key(let key) where current?.kind == .list:
        let named = Self.itemKeys.first { name in
          current?.elements.contains { $0[name]?.spelling == key } ?? false
        }
        current = named.flatMap { name in current?.elements.first { $0[name]?.spelling == key } }
        let value = named.flatMap { current?[$0] }.map {
          String(decoding: JSONWriter(.compact).bytes($0), as: UTF8.self)
        }
        steps.append("k:{\"\(named ?? "name")\":\(value ?? "\"\(key)\"")}")
      case .key(let key):
        steps.append("f:\(key)")
        current = current?[key]
      }
    }
    self.init(steps: steps)
  }
}

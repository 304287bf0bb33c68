import KubernetesClient
import ProviderKit
import Resources
import Values

/// Objects by their names.
extension KubernetesReader {
  /// Names of one namespace that are asked for one by one; more are looked for in its list.
  static let nameLimit = 4
  /// Namespaces that are asked one by one; of more, those that stand are looked for first.
  static let namespaceLimit = 4

  private struct Question: Sendable {
    var namespace: String?
    /// nil asks for all of the namespace.
    var name: String?
  }

  /// The objects with these ids: by their names where they are few, else from the lists of their namespaces. A
  /// namespace that is not there holds nothing, and is not asked.
  func read(_ type: TypeName, _ ids: [RemoteID]) async throws(ProviderError) -> [Observed] {
    guard !ids.isEmpty, let form = try await cluster.form(ifServed: type) else { return [] }
    let wanted = Set(ids)
    var places: [String?: [String]] = [:]
    for id in wanted {
      let (namespace, name) = form.names(id)
      places[namespace, default: []].append(name)
    }
    if form.kind.isNamespaced, places.count > Self.namespaceLimit, let standing = try await standingNamespaces() {
      places = places.filter { $0.key.map(standing.contains) ?? true }
    }
    let questions = places.flatMap { namespace, names in Self.questions(namespace, names.sorted()) }
    let answers = try await Bounded.map(questions, width: Self.width) { question throws(ProviderError) in
      try await ask(form, question)
    }
    return answers.flatMap { $0 }.filter { wanted.contains($0.remote) }
  }

  private static func questions(_ namespace: String?, _ names: [String]) -> [Question] {
    names.count > nameLimit
      ? [Question(namespace: namespace)] : names.map { Question(namespace: namespace, name: $0) }
  }

  /// A list with a field selector, and not a GET: that something is not there is no error, and the verb that the
  /// credentials need is the same.
  private func ask(_ form: ObjectForm, _ question: Question) async throws(ProviderError) -> [Observed] {
    do throws(ProviderError) {
      return try await chain(
        form, namespace: question.namespace, nil, field: question.name.map { "metadata.name=\($0)" })
    } catch {
      if error.reason == .unsupported, error.request.status == 404 { return [] }
      throw error
    }
  }

  /// The names of all namespaces; nil where the credentials may not list them.
  private func standingNamespaces() async throws(ProviderError) -> Set<String>? {
    let form = try await cluster.form(TypeName("kubernetes/v1/Namespace"))
    do throws(ProviderError) {
      return Set(try await chain(form, namespace: nil, nil).map(\.remote.text))
    } catch {
      if case .denied = error.reason, error.request.status == 403 { return nil }
      throw error
    }
  }
}

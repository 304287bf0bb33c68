import Planning
import ProviderKit
import Resources
import Values

extension Observer {
  /// What services that merge the fields of several writers would make of the changes; all of one target at once.
  func proposals(_ questions: [ProposalQuestion]) async throws(ProviderError) -> [Address: Proposal] {
    let groups = Dictionary(grouping: questions, by: \.target).sorted { $0.key < $1.key }
    let answers = await mapConcurrently(groups, width: Self.width) { target, questions in
      await propose(questions, readers[target])
    }
    var proposals: [Address: Proposal] = [:]
    for ((_, questions), answer) in zip(groups, answers) {
      for (question, proposal) in zip(questions, try answer.get()) { proposals[question.address] = proposal }
    }
    return proposals
  }

  private func propose(_ questions: [ProposalQuestion], _ reader: (any ResourceReader)?) async
    -> Result<[Proposal?], ProviderError>
  {
    guard let reader else { return .success(questions.map { _ in nil }) }
    do throws(ProviderError) { return .success(try await reader.propose(questions)) } catch { return .failure(error) }
  }
}

extension Engine {
  /// Adds what providers know that their resources need: an object its namespace, a binding its role.
  func addNeeds(_ desired: inout DesiredEstate) {
    let providers = Dictionary(
      desired.targets.map { ($0.name, world.providers[$0.provider]) }, uniquingKeysWith: { first, _ in first })
    for (target, provider) in providers {
      guard let provider else { continue }
      let positions = desired.resources.indices.filter { desired.resources[$0].target == target }
      let needs = provider.needs(of: positions.map { desired.resources[$0] })
      guard !needs.isEmpty else { continue }
      for position in positions {
        let known = desired.resources[position].lifecycle.dependsOn
        let more = needs[desired.resources[position].address] ?? []
        desired.resources[position].lifecycle.dependsOn += more.filter { !known.contains($0) }
      }
    }
  }

  /// Notes where objects are known to be, for credentials that do not reach further.
  func narrow(_ groups: inout [Observer.Group], _ desired: DesiredEstate, _ catalog: TypeCatalog) {
    var wanted: [TypeName: Set<String>] = [:]
    for resource in desired.resources where catalog[resource.type]?.scope == .namespace {
      guard let namespace = resource.fields["metadata"]?["namespace"]?.string else { continue }
      wanted[resource.type, default: []].insert(namespace)
    }
    for index in groups.indices where catalog[groups[index].type]?.scope == .namespace {
      groups[index].namespaces = wanted[groups[index].type] ?? []
      for record in groups[index].records {
        guard let slash = record.remote.text.firstIndex(of: "/") else { continue }
        groups[index].namespaces.insert(String(record.remote.text[..<slash]))
      }
    }
  }
}

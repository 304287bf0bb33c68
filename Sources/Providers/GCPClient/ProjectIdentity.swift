import ProviderKit
import Values

/// A project as Resource Manager knows it.
package struct ProjectIdentity: Sendable, Equatable {
  /// `acme-ml`.
  package var id: String
  /// The digits by which policies and some names know it.
  package var number: String

  package init(id: String, number: String) {
    self.id = id
    self.number = number
  }

  /// Asks who the target's project is, and sees to it that it is the one the manifest means and that it lives.
  package static func ask(
    _ client: GCPClient, _ settings: GCPTargetSettings, target: String
  ) async throws(ProviderError) -> ProjectIdentity {
    guard let project = settings.project else {
      throw ProviderError(.invalid(field: "gcp.project"), effect: .none, "target \(target) names no project")
    }
    let call = GCPCall.get(.resourceManager, "projects.get", "projects/\(project)")
    let answer: GCPAnswer
    do throws(ProviderError) { answer = try await client.send(call) } catch {
      throw unknown(error, project, target)
    }
    let facts = RequestFacts(service: call.service.name, operation: call.operation, status: answer.status)
    guard let id = answer.value["projectId"]?.string,
      let number = answer.value["name"]?.string?.split(separator: "/").last.map(String.init)
    else { throw ProviderError(.unsupported, effect: .none, "`\(call.id)` named no project", request: facts) }
    func mismatch(_ text: String) -> ProviderError {
      ProviderError(.denied(permission: nil), effect: .none, "target \(target) \(text)", request: facts)
    }
    guard id == project else { throw mismatch("is project `\(project)`, but Google Cloud calls it `\(id)`") }
    if let wanted = settings.projectNumber, wanted != number {
      throw mismatch("is project number \(wanted), but `\(project)` has number \(number)")
    }
    if let state = answer.value["state"]?.string, state != "ACTIVE" {
      throw mismatch("is project `\(project)`, which is not active but \(state)")
    }
    return ProjectIdentity(id: id, number: number)
  }

  /// Google answers 403 for a project that does not exist as for one that may not be seen.
  private static func unknown(_ error: ProviderError, _ project: String, _ target: String) -> ProviderError {
    guard error.request.status == 403 || error.reason == .notFound, error.request.code != "SERVICE_DISABLED" else {
      return error
    }
    var error = error
    error.message =
      "target \(target) is project `\(project)`, which does not exist or which the credentials may not see "
      + "(resourcemanager.projects.get): \(error.message)"
    return error
  }
}

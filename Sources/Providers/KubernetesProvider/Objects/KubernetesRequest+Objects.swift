import HTTP
import KubernetesClient
import Values

extension KubernetesRequest {
  /// Server-side apply.
  /// https://kubernetes.io/docs/reference/using-api/server-side-apply/
  static func apply(
    _ form: ObjectForm, _ namespace: String?, _ name: String, _ configuration: Value, force: Bool, isDry: Bool = false
  ) -> KubernetesRequest {
    var query = [(name: "fieldManager", value: ObjectForm.manager)]
    if force { query.append(("force", "true")) }
    if isDry { query.append(("dryRun", "All")) }
    return KubernetesRequest(
      .patch, form.kind.path(namespace: namespace, name: name), query: query, body: configuration, as: .apply)
  }
}

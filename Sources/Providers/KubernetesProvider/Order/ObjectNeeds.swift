import Resources
import Values

/// What objects name in their own fields: their namespace, the definition of their kind, the role they bind, the
/// configuration they mount. Only what the same estate makes is a need; everything else stands or does not.
struct ObjectNeeds {
  private var byName: [String: Address] = [:]
  /// Definitions by `group/Kind`.
  private var definitions: [String: Address] = [:]

  init(_ resources: [Desired]) {
    for resource in resources {
      guard let name = resource.fields["metadata"]?["name"]?.string else { continue }
      let namespace = resource.fields["metadata"]?["namespace"]?.string
      byName[Self.key(resource.type.kind, namespace, name)] = resource.address
      if resource.type.kind == "CustomResourceDefinition", let spec = resource.fields["spec"],
        let group = spec["group"]?.string, let kind = spec["names"]?["kind"]?.string
      {
        definitions["\(group)/\(kind)"] = resource.address
      }
    }
  }

  private static func key(_ kind: String, _ namespace: String?, _ name: String) -> String {
    "\(kind) \(namespace ?? "") \(name)"
  }

  func needs(of resource: Desired) -> [Address] {
    let namespace = resource.fields["metadata"]?["namespace"]?.string
    var found: [Address] = []
    func want(_ kind: String, _ name: String?, in space: String?) {
      guard let name, let address = byName[Self.key(kind, space, name)] else { return }
      if address != resource.address, !found.contains(address) { found.append(address) }
    }
    if let namespace { want("Namespace", namespace, in: nil) }
    let group = KindDirectory.apiVersion(resource.type).split(separator: "/").dropLast().first.map(String.init) ?? ""
    if let address = definitions["\(group)/\(resource.type.kind)"], address != resource.address {
      found.append(address)
    }
    switch resource.type.kind {
    case "RoleBinding", "ClusterRoleBinding": bindings(resource.fields, namespace, want)
    case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
      for hook in Self.items(resource.fields["webhooks"]) {
        let service = hook["clientConfig"]?["service"]
        want("Service", service?["name"]?.string, in: service?["namespace"]?.string)
      }
    case "Ingress": ingress(resource.fields, namespace, want)
    default: break
    }
    if let pod = Self.podSpec(resource) { self.pod(pod, namespace, want) }
    want("StorageClass", resource.fields["spec"]?["storageClassName"]?.string, in: nil)
    return found
  }

  private typealias Want = (_ kind: String, _ name: String?, _ namespace: String?) -> Void

  private static func items(_ value: Value?) -> [Value] { value?.elements.map { $0 } ?? [] }

  private func bindings(_ fields: Value, _ namespace: String?, _ want: Want) {
    let role = fields["roleRef"]
    let kind = role?["kind"]?.string ?? ""
    want(kind, role?["name"]?.string, kind == "Role" ? namespace : nil)
    for subject in Self.items(fields["subjects"]) where subject["kind"]?.string == "ServiceAccount" {
      want("ServiceAccount", subject["name"]?.string, subject["namespace"]?.string ?? namespace)
    }
  }

  private func ingress(_ fields: Value, _ namespace: String?, _ want: Want) {
    for rule in Self.items(fields["spec"]?["rules"]) {
      for path in Self.items(rule["http"]?["paths"]) {
        want("Service", path["backend"]?["service"]?["name"]?.string, namespace)
      }
    }
  }

  /// The pod of a workload of any kind that has a template, and of a Pod.
  private static func podSpec(_ resource: Desired) -> Value? {
    let spec = resource.fields["spec"]
    switch resource.type.kind {
    case "Pod": return spec
    case "CronJob": return spec?["jobTemplate"]?["spec"]?["template"]?["spec"]
    default: return spec?["template"]?["spec"]
    }
  }

  private func pod(_ spec: Value, _ namespace: String?, _ want: Want) {
    want("ServiceAccount", spec["serviceAccountName"]?.string, namespace)
    want("PriorityClass", spec["priorityClassName"]?.string, nil)
    for volume in Self.items(spec["volumes"]) {
      want("ConfigMap", volume["configMap"]?["name"]?.string, namespace)
      want("Secret", volume["secret"]?["secretName"]?.string, namespace)
      want("PersistentVolumeClaim", volume["persistentVolumeClaim"]?["claimName"]?.string, namespace)
    }
    for container in Self.items(spec["initContainers"]) + Self.items(spec["containers"]) {
      for source in Self.items(container["envFrom"]) {
        want("ConfigMap", source["configMapRef"]?["name"]?.string, namespace)
        want("Secret", source["secretRef"]?["name"]?.string, namespace)
      }
      for variable in Self.items(container["env"]) {
        want("ConfigMap", variable["valueFrom"]?["configMapKeyRef"]?["name"]?.string, namespace)
        want("Secret", variable["valueFrom"]?["secretKeyRef"]?["name"]?.string, namespace)
      }
    }
  }
}

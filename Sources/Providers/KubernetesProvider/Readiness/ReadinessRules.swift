import Values

extension Readiness {
  /// Kinds whose status says more than conditions do. Every other kind is read by its conditions.
  static let rules: [String: @Sendable (Value) -> Readiness] = [
    "/Namespace": namespace, "/Pod": pod, "/Service": service, "/PersistentVolumeClaim": claim,
    "apiextensions.k8s.io/CustomResourceDefinition": definition, "apiregistration.k8s.io/APIService": available,
    "apps/Deployment": deployment, "apps/StatefulSet": statefulSet, "apps/DaemonSet": daemonSet,
    "apps/ReplicaSet": replicaSet, "batch/Job": job,
  ]

  private static func count(_ object: Value, _ name: String) -> Int64 { object["status"]?[name]?.int ?? 0 }
  private static func replicas(_ object: Value) -> Int64 { object["spec"]?["replicas"]?.int ?? 1 }

  /// The text of a condition that is said and does not hold.
  private static func unmet(_ type: String, of object: Value) -> String? {
    condition(type, of: object).flatMap { $0.isTrue ? nil : $0.text }
  }

  /// A controller that has not looked yet says nothing.
  private static func isSeen(_ object: Value) -> Bool { object["status"]?["observedGeneration"]?.int != nil }

  @Sendable private static func namespace(_ object: Value) -> Readiness {
    let phase = object["status"]?["phase"]?.string ?? "Active"
    return phase == "Active" ? .current : .inProgress("its phase is \(phase)")
  }

  @Sendable private static func definition(_ object: Value) -> Readiness {
    if let names = condition("NamesAccepted", of: object), names.status == "False" { return .failed(names.text) }
    guard let established = condition("Established", of: object) else {
      return .inProgress("`Established` is not said yet")
    }
    return established.isTrue ? .current : .inProgress(established.text)
  }

  @Sendable private static func available(_ object: Value) -> Readiness {
    guard let available = condition("Available", of: object) else { return .inProgress("`Available` is not said yet") }
    return available.isTrue ? .current : .inProgress(available.text)
  }

  @Sendable private static func deployment(_ object: Value) -> Readiness {
    if let progress = condition("Progressing", of: object), progress.reason == "ProgressDeadlineExceeded" {
      return .failed(progress.text)
    }
    guard isSeen(object) else { return .inProgress("its controller has not looked at it yet") }
    let wanted = replicas(object), updated = count(object, "updatedReplicas"), all = count(object, "replicas")
    if updated < wanted { return .inProgress("\(updated) of \(wanted) replicas are of the new template") }
    if all > updated { return .inProgress("\(all - updated) replicas of the old template are still there") }
    let ready = min(count(object, "availableReplicas"), count(object, "readyReplicas"))
    guard ready < wanted else { return .current }
    return .inProgress(unmet("Available", of: object) ?? "\(ready) of \(wanted) replicas are available")
  }

  @Sendable private static func statefulSet(_ object: Value) -> Readiness {
    guard isSeen(object) else { return .inProgress("its controller has not looked at it yet") }
    // Pods are replaced by whoever deletes them.
    if object["spec"]?["updateStrategy"]?["type"]?.string == "OnDelete" { return .current }
    let wanted = replicas(object), ready = count(object, "readyReplicas")
    if ready < wanted { return .inProgress("\(ready) of \(wanted) replicas are ready") }
    let partition = object["spec"]?["updateStrategy"]?["rollingUpdate"]?["partition"]?.int ?? 0
    let updated = count(object, "updatedReplicas")
    if partition > 0 {
      return updated < wanted - partition
        ? .inProgress("\(updated) of \(wanted - partition) replicas are of the new template") : .current
    }
    let status = object["status"]
    if let now = status?["currentRevision"]?.string, let next = status?["updateRevision"]?.string, now != next {
      return .inProgress("\(updated) of \(wanted) replicas are of the new template")
    }
    return .current
  }

  @Sendable private static func daemonSet(_ object: Value) -> Readiness {
    guard isSeen(object) else { return .inProgress("its controller has not looked at it yet") }
    let wanted = count(object, "desiredNumberScheduled")
    let updated = count(object, "updatedNumberScheduled"), ready = count(object, "numberReady")
    if object["spec"]?["updateStrategy"]?["type"]?.string != "OnDelete", updated < wanted {
      return .inProgress("\(updated) of \(wanted) pods are of the new template")
    }
    return ready < wanted ? .inProgress("\(ready) of \(wanted) pods are ready") : .current
  }

  @Sendable private static func replicaSet(_ object: Value) -> Readiness {
    if let failure = condition("ReplicaFailure", of: object), failure.isTrue { return .inProgress(failure.text) }
    guard isSeen(object) else { return .inProgress("its controller has not looked at it yet") }
    let wanted = replicas(object), ready = count(object, "readyReplicas")
    return ready < wanted ? .inProgress("\(ready) of \(wanted) replicas are ready") : .current
  }

  /// A job that runs is as it should be; only one that failed is not.
  @Sendable private static func job(_ object: Value) -> Readiness {
    if let failed = condition("Failed", of: object), failed.isTrue { return .failed(failed.text) }
    return .current
  }

  @Sendable private static func pod(_ object: Value) -> Readiness {
    switch object["status"]?["phase"]?.string ?? "Pending" {
    case "Succeeded": return .current
    case "Failed":
      return .failed(
        object["status"]?["message"]?.string ?? object["status"]?["reason"]?.string ?? "its phase is Failed")
    case "Running": return byReady(object)
    case let phase:
      return .inProgress(unmet("PodScheduled", of: object) ?? "its phase is \(phase)")
    }
  }

  private static func byReady(_ object: Value) -> Readiness {
    guard let ready = condition("Ready", of: object), !ready.isTrue else { return .current }
    return .inProgress(ready.text)
  }

  /// An address outside of the cluster is somebody else's to give, and may take long.
  @Sendable private static func service(_ object: Value) -> Readiness {
    guard object["spec"]?["type"]?.string == "LoadBalancer", object["spec"]?["clusterIP"]?.string ?? "" == "" else {
      return .current
    }
    return .inProgress("it has no `clusterIP` yet")
  }

  /// A claim may be bound only when its first pod comes, which is written after it.
  @Sendable private static func claim(_ object: Value) -> Readiness {
    object["status"]?["phase"]?.string == "Lost" ? .failed("its phase is Lost: its volume is gone") : .current
  }
}

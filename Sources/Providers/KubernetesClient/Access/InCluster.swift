import HTTP
import Platform

extension ClusterAccess {
  /// The service account of the pod that we run in.
  /// https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
  package static func inCluster(_ environment: Environment, _ files: any FileSystem) throws(AccessError)
    -> ClusterAccess
  {
    guard let host = environment.nonEmpty("KUBERNETES_SERVICE_HOST"),
      let port = environment.nonEmpty("KUBERNETES_SERVICE_PORT").flatMap({ Int($0) })
    else {
      throw AccessError("this is no pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
    }
    var access = ClusterAccess(server: HTTPURL(host: host.contains(":") ? "[\(host)]" : host, port: port, path: ""))
    do throws(FileError) {
      access.tls.authorities = try files.read("\(serviceAccount)/ca.crt", limit: KubeconfigLoader.fileLimit)
      // A token that is missing shows now, one that is renewed later.
      _ = try files.read("\(serviceAccount)/token", limit: KubeconfigLoader.fileLimit)
    } catch {
      throw AccessError("\(error.description): the pod has no token of a service account")
    }
    // Optional: without it the namespace is `default`.
    if let bytes = try? files.read("\(serviceAccount)/namespace", limit: 1_024) {
      access.namespace = String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
    }
    access.identity = .tokenFile("\(serviceAccount)/token")
    return access
  }

  private static let serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"
}

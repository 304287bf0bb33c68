import HTTP

/// Which requests cannot change anything: GET, and what says `dryRun=All`, which the server promises not to persist.
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
package enum ReadOnlyRule {
  /// A GET of these opens a stream into a container, or is passed on to whatever listens there.
  private static let streams: Set = ["exec", "attach", "portforward", "proxy"]

  package static func allows(_ request: HTTPRequest) -> Bool {
    if request.method == .get || request.method == .head {
      return !request.url.path.split(separator: "/").contains { streams.contains(String($0)) }
    }
    let names = (request.url.query ?? "").split(separator: "&").filter { pair in
      PercentEncoding.decode(pair.prefix { $0 != "=" }) == Array("dryRun".utf8)
    }
    return names == ["dryRun=All"]
  }
}

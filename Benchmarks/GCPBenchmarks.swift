import Values

/// The built `plumb` on the stand-in for Google Cloud, as `peers/google.py` runs and measures it: what a plan asks must
/// not grow with an estate, but for pages of 500 objects.
enum GCPBenchmarks {
  static let all = [Benchmark(name: "gcp", run: sizes)]

  /// The identity, and a page or two of each of three types.
  private static let bars: [(size: String, requests: Double, kilobytes: Double, cpu: Double)] = [
    ("50", 6, 35, 0.3), ("200", 6, 140, 0.4), ("1000", 8, 700, 0.8),
  ]

  private static let sizes: @Sendable () -> [Figure] = {
    do {
      let measured = try Peers.run("google.py", ["--sizes", bars.map(\.size).joined(separator: ",")])
      return bars.flatMap { bar -> [Figure] in
        guard let plan = measured[bar.size]?["plan"], let apply = measured[bar.size]?["apply"] else {
          return [.failed("gcp: \(bar.size) resources", "google.py left something out")]
        }
        let name = "gcp: no-op plan, \(bar.size) resources"
        // Each object: the insert and the polls of its operation.
        let most = 4 * (Double(bar.size) ?? 0) + 30
        return [
          Figure("\(name), requests", plan.figure("requests"), "requests", .atMost(bar.requests)),
          Figure("\(name), answers", plan.figure("kilobytes"), "kB", .atMost(bar.kilobytes)),
          Figure("\(name), share of whole objects", plan.figure("share"), "", .atMost(0.6)),
          Figure("\(name), CPU", plan.figure("cpu"), "CPU s", .atMost(bar.cpu)),
          Figure("gcp: apply, \(bar.size) resources, requests", apply.figure("requests"), "requests", .atMost(most)),
        ]
      }
    } catch {
      return [.failed("gcp: plans on the stand-in", "\(error)")]
    }
  }
}

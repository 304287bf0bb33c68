import Values

/// The built `plumb` on the AWS stand-in, as `peers/measure.py` runs and measures it.
enum AWSBenchmarks {
  static let all = [Benchmark(name: "aws", run: alone)]

  private static let alone: @Sendable () -> [Figure] = {
    let subject = "aws: no-op plan on the stand-in"
    do {
      let measured = try Peers.run("measure.py", ["--environments", "4"])
      guard let plan = measured["plumb"]?["plan"], let resources = measured["plumb"]?["resources"]?.int else {
        return [.failed(subject, "measure.py left something out")]
      }
      let name = "aws: no-op plan, \(4 * Peers.terraformResources) of Terraform's resources (\(resources) of ours)"
      return [
        Figure("\(name), requests", plan.figure("requests"), "requests", .atMost(70)),
        Figure("\(name), CPU", plan.figure("cpu"), "CPU s", .atMost(0.3)),
        Figure("\(name), peak memory", plan.figure("peak"), "MB", .atMost(70)),
      ]
    } catch {
      return [.failed(subject, "\(error)")]
    }
  }
}

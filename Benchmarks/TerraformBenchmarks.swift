import Platform
import Values

/// Plumb beside Terraform, in one run on the AWS stand-in; where Terraform and a mirror of its AWS provider are on the
/// machine.
enum TerraformBenchmarks {
  static let all = [beside(environments: 1), beside(environments: 4), crash]

  private static func beside(environments: Int) -> Benchmark {
    let count = environments * Peers.terraformResources
    return Benchmark(name: "terraform \(count)") {
      compared("beside Terraform, \(count) resources") { terraform in
        try both(Peers.run("measure.py", ["--environments", "\(environments)"], terraform: terraform)) {
          rows(count, $0, $1)
        }
      }
    }
  }

  /// Kills of the same apply at the same shares of its writes. The bar is for Plumb; Terraform's counts stand beside.
  private static let crash = Benchmark(name: "crash", isOnRequest: true) {
    compared("killed beside Terraform") { terraform in
      try both(Peers.run("crash.py", ["--kills", "\(kills)", "--seed", "\(seed)"], terraform: terraform)) {
        ours, theirs in
        counts.map { key, text in
          var figure = Figure("killed \(kills) times: \(text)", ours.figure(key), "of Plumb", .atMost(0))
          figure.beside = "\(short(theirs.figure(key))) of Terraform"
          return figure
        }
      }
    }
  }

  /// Applies of each that are killed: `PLUMB_BENCH_KILLS`, or 20.
  private static var kills: Int { Environment.current()["PLUMB_BENCH_KILLS"].flatMap { Int($0) } ?? 20 }
  private static let seed = 2026
  private static let counts = [
    ("orphans", "orphans"), ("touched", "kills that left orphans"), ("failed", "second applies that failed"),
    ("duplicates", "objects made twice"), ("missing", "recorded and not there"),
    ("unfinished", "plans still not empty"),
  ]

  private static func compared(_ subject: String, _ figures: (_ terraform: String) throws -> [Figure]) -> [Figure] {
    do { return try figures(Peers.terraform()) } catch Peers.Failure.absent(let reason) {
      return [.absent(subject, reason)]
    } catch {
      return [.failed(subject, "\(error)")]
    }
  }

  private static func both(
    _ found: Value, _ figures: (_ ours: Value, _ theirs: Value) -> [Figure]
  ) throws(Peers.Failure) -> [Figure] {
    guard let ours = found["plumb"], let theirs = found["terraform"] else { throw .failed("a program was left out") }
    return figures(ours, theirs)
  }

  /// Bars for the plan without changes; every other step is shown beside it and must not be worse.
  private static func rows(_ count: Int, _ ours: Value, _ theirs: Value) -> [Figure] {
    let steps = [("apply", "apply"), ("plan", "no-op plan"), ("change", "one change"), ("destroy", "destroy")]
    let measures = [("requests", "requests", 6.0), ("cpu", "CPU s", 30), ("wall", "wall s", 1), ("peak", "MB", 10)]
    return steps.flatMap { step, stepName in
      measures.map { key, unit, times in
        let mine = ours[step]?.figure(key) ?? .infinity, other = theirs[step]?.figure(key) ?? 0
        let name = "beside Terraform, \(count), \(stepName): \(short(mine)) to \(short(other)) \(unit)"
        return Figure(name, mine / other, "of its", .atMost(step == "plan" ? 1 / times : 1))
      }
    }
  }

  private static func short(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    return value >= 100 || value == value.rounded() ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
  }
}

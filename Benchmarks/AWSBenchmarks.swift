import Glibc
import Platform
import Values

/// The built `plumb` on the AWS stand-in, alone and beside Terraform; `peers/measure.py` runs and measures both.
enum AWSBenchmarks {
  static let all = [Benchmark(name: "aws", run: alone), beside(environments: 1), beside(environments: 4)]

  /// What Terraform counts in one environment of `peers/estate.py`; Plumb's resources hold their own parts.
  private static let terraformResources = 50

  private static let alone: @Sendable () -> [Figure] = {
    do {
      let measured = try measure(environments: 4)
      guard let plan = measured["plumb"]?["plan"], let resources = measured["plumb"]?["resources"]?.int else {
        throw ChildRun.Failure(description: "measure.py left something out")
      }
      let name = "aws: no-op plan, \(4 * terraformResources) of Terraform's resources (\(resources) of ours)"
      return [
        Figure("\(name), requests", plan.figure("requests"), "requests", .atMost(70)),
        Figure("\(name), CPU", plan.figure("cpu"), "CPU s", .atMost(0.3)),
        Figure("\(name), peak memory", plan.figure("peak"), "MB", .atMost(70)),
      ]
    } catch {
      return [.failed("aws: no-op plan on the stand-in", "\(error)")]
    }
  }

  /// Slow, and for machines that have Terraform and a mirror of its provider: only where `PLUMB_BENCH_TERRAFORM` is 1.
  private static func beside(environments: Int) -> Benchmark {
    let count = environments * terraformResources
    return Benchmark(name: "terraform \(count)") {
      guard Environment.current()["PLUMB_BENCH_TERRAFORM"] == "1" else { return [] }
      guard let terraform = find("terraform") else { return [.failed("terraform", "there is no `terraform` in PATH")] }
      do {
        let measured = try measure(environments: environments, ["--terraform", terraform])
        guard let ours = measured["plumb"], let theirs = measured["terraform"] else {
          throw ChildRun.Failure(description: "measure.py left a program out")
        }
        return rows(count, ours, theirs)
      } catch {
        return [.failed("beside Terraform, \(count) resources", "\(error)")]
      }
    }
  }

  /// Bars for the plan without changes; every other step is shown beside it and must not be worse.
  private static func rows(_ count: Int, _ ours: Value, _ theirs: Value) -> [Figure] {
    let steps = [("apply", "apply"), ("plan", "no-op plan"), ("change", "one change"), ("destroy", "destroy")]
    let measures = [("requests", "requests", 6.0), ("cpu", "CPU s", 30), ("wall", "wall s", 1), ("peak", "MB", 10)]
    return steps.flatMap { step, stepName in
      measures.map { key, unit, times in
        let mine = ours[step]?.figure(key) ?? 0, other = theirs[step]?.figure(key) ?? 0
        let name = "beside Terraform, \(count), \(stepName): \(short(mine)) to \(short(other)) \(unit)"
        return Figure(name, mine / other, "of its", .atMost(step == "plan" ? 1 / times : 1))
      }
    }
  }

  private static func measure(environments: Int, _ more: [String] = []) throws -> Value {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    let out = "/tmp/plumb-bench-\(SystemRandom().hexID()).json"
    let own = folder + "/.venv/bin/python3"
    let arguments = ["\(folder)/Benchmarks/peers/measure.py", "--plumb", ChildRun.sibling("plumb")]
    let run = try ChildRun.run(
      LocalFiles().exists(own) ? own : "/usr/bin/python3",
      arguments + ["--environments", "\(environments)", "--out", out] + more)
    guard run.exitCode == 0 else { throw ChildRun.Failure(description: "measure.py ended with \(run.exitCode)") }
    defer { unlink(out) }
    let measured = try JSONReader.parse(LocalFiles().read(out))
    if let problem = measured["problem"]?.string { throw ChildRun.Failure(description: problem) }
    return measured
  }

  private static func find(_ program: String) -> String? {
    let folders = (Environment.current()["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  private static func short(_ value: Double) -> String {
    value >= 100 ? "\(Int(value.rounded()))" : "\((value * 100).rounded() / 100)"
  }
}

extension Value {
  /// The number under a key; where there is none, what meets no bar.
  fileprivate func figure(_ key: String) -> Double {
    guard let value = self[key] else { return .infinity }
    return value.int.map(Double.init) ?? value.double ?? .infinity
  }
}

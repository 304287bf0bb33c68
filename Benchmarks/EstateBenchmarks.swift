import Platform

/// The built `plumb` on generated estates and the embedded sandbox, measured by the kernel.
enum EstateBenchmarks {
  static let all = [
    Benchmark(name: "start-up") {
      let runs = (0..<10).compactMap { _ in
        attempt { () throws(ChildRun.Failure) in try ChildRun.run(plumb, ["version"]) }
      }
      guard let best = runs.filter({ $0.exitCode == 0 }).map(\.cpuSeconds).min() else {
        return [.failed("start-up", "plumb version failed")]
      }
      return [Figure("plumb version: start-up", best * 1_000, "CPU ms", .atMost(10))]
    },
    Benchmark(name: "estate 10,000") {
      let estate = measure(10_000)
      guard let apply = estate.apply, let plan = estate.plan else {
        return [.failed("estate of 10,000", estate.problem)]
      }
      return [
        Figure("apply: 10,000 resources, sandbox, durable journal", apply.wallSeconds, "s", .atMost(10)),
        Figure("plan: 10,000 unchanged", plan.cpuSeconds, "CPU s", .atMost(0.6)),
        Figure("plan: 10,000 unchanged, peak memory", Double(plan.peakBytes) / 1e6, "MB", .atMost(150)),
      ]
    },
    Benchmark(name: "estate 100,000") {
      let small = measure(10_000), large = measure(100_000)
      guard let plan = large.plan, let base = small.plan else { return [.failed("estate of 100,000", large.problem)] }
      return [
        Figure("plan: 100,000 unchanged", plan.cpuSeconds, "CPU s", .atMost(7)),
        Figure("plan: 100,000 unchanged, peak memory", Double(plan.peakBytes) / 1e6, "MB", .atMost(1_200)),
        Figure(
          "plan: growth from 10,000 to 100,000", plan.cpuSeconds / base.cpuSeconds / 10, "x linear", .atMost(1.15)),
      ]
    },
  ]

  private static let plumb = ChildRun.sibling("plumb")

  private struct Measured {
    var apply: ChildRun?
    var plan: ChildRun?
    var problem = "plumb failed"
  }

  /// Applies an estate to a fresh sandbox, and plans it again five times; the best plan counts.
  private static func measure(_ count: Int) -> Measured {
    let folder = "/tmp/plumb-bench-\(count)-\(SystemRandom().hexID())"
    var measured = Measured()
    do {
      try LocalFiles().makeDirectory(folder)
      try EstateCorpus(folder: folder).write(count)
      let sandbox = "--sandbox=\(folder)/sandbox"
      let apply = try ChildRun.run(plumb, ["apply", sandbox, "--auto-approve"], folder: folder)
      guard apply.exitCode == 0 else {
        measured.problem = "apply ended with \(apply.exitCode)"
        return measured
      }
      measured.apply = apply
      for _ in 0..<5 {
        let plan = try ChildRun.run(plumb, ["plan", sandbox, "--detailed-exitcode"], folder: folder)
        guard plan.exitCode == 0 else {
          measured.problem = "the plan after apply ended with \(plan.exitCode)"
          return measured
        }
        if plan.cpuSeconds < measured.plan?.cpuSeconds ?? .infinity { measured.plan = plan }
      }
      _ = try ChildRun.run("/bin/rm", ["-rf", folder])
    } catch {
      measured.problem = "\(error)"
    }
    return measured
  }

  private static func attempt<T>(_ body: () throws(ChildRun.Failure) -> T) -> T? {
    do { return try body() } catch { return nil }
  }
}

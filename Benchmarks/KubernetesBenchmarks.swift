import Values

/// Plumb beside kubectl, in one run on a real kube-apiserver, where `make kube-assets` has put one.
enum KubernetesBenchmarks {
  static let all = [Benchmark(name: "kubernetes", run: beside)]

  private static let beside: @Sendable () -> [Figure] = {
    let subject = "beside kubectl"
    do {
      let found = try Peers.run("kube.py", [])
      guard let ours = found["plumb"], let theirs = found["kubectl"], let count = found["objects"]?.int else {
        return [.failed(subject, "kube.py left something out")]
      }
      return [
        row("\(count) objects, no-op plan to diff", "wall", "wall s", ours["plan"], theirs["plan"], 0.25),
        row("\(count) objects, no-op plan to diff", "cpu", "CPU s", ours["plan"], theirs["plan"], 0.25),
        row("\(count) objects, apply", "wall", "wall s", ours["apply"], theirs["apply"], 1),
        row("\(count) objects, apply", "cpu", "CPU s", ours["apply"], theirs["apply"], 0.5),
      ]
    } catch Peers.Failure.absent(let reason) {
      return [.absent(subject, reason)]
    } catch {
      return [.failed(subject, "\(error)")]
    }
  }

  private static func row(
    _ what: String, _ key: String, _ unit: String, _ ours: Value?, _ theirs: Value?, _ bar: Double
  ) -> Figure {
    let mine = ours?.figure(key) ?? .infinity, other = theirs?.figure(key) ?? 0
    let pair = "\((mine * 100).rounded() / 100) to \((other * 100).rounded() / 100) \(unit)"
    return Figure("beside kubectl, \(what): \(pair)", mine / other, "of its", .atMost(bar))
  }
}

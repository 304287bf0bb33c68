import Glibc

/// CPU time, since machines are noisy: the least of several runs.
enum Measure {
  /// CPU seconds this process has used.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The least CPU seconds of some runs.
  static func least(of runs: Int = 5, _ body: () -> Void) -> Double {
    (0..<runs).map { _ in once(body) }.min() ?? 0
  }

  static func once(_ body: () -> Void) -> Double {
    let start = cpuSeconds()
    body()
    return cpuSeconds() - start
  }
}

/// Keeps the optimiser from removing what is measured.
@inline(never) @_optimize(none) func keep<T>(_ value: T) {}

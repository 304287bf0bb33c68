import Glibc

/// What this process has used so far, for benchmarks and reports.
package struct ResourceUsage: Hashable, Sendable {
  package var user: Duration
  package var system: Duration
  /// The highest resident set so far.
  package var peakResidentBytes: Int

  package static func current() -> ResourceUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return ResourceUsage(
      user: duration(usage.ru_utime), system: duration(usage.ru_stime),
      peakResidentBytes: usage.ru_maxrss * 1024)
  }

  private static func duration(_ time: timeval) -> Duration {
    .seconds(Int64(time.tv_sec)) + .microseconds(Int64(time.tv_usec))
  }
}

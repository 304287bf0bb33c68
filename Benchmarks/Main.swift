import Glibc

/// Prints one line a figure: name, figure, bar, `ok` or `SHORT`; exits with 1 where any is SHORT.
///
///     bench [FILTER]    only benchmarks whose name contains FILTER; those on request by their whole name alone
@main enum Main {
  /// Benchmarks that start other programs come first: a child's peak memory counts what its parent held at
  /// the start, so this process must still be small.
  static let benchmarks: [Benchmark] =
    EstateBenchmarks.all + LanguageBenchmarks.all + BlueprintBenchmarks.all + AWSBenchmarks.all + GCPBenchmarks.all
    + TerraformBenchmarks.all + KubernetesBenchmarks.all
    + GraphBenchmarks.all + JSONBenchmarks.all
    + YAMLBenchmarks.all + ExpressionBenchmarks.all

  static func main() {
    let filter = CommandLine.arguments.dropFirst().first
    var isShort = false
    for benchmark in benchmarks where isAsked(benchmark, filter) {
      for figure in benchmark.run() {
        isShort = isShort || !figure.isMet
        print(figure.line)
        fflush(nil)
      }
    }
    exit(isShort ? 1 : 0)
  }

  private static func isAsked(_ benchmark: Benchmark, _ filter: String?) -> Bool {
    guard !benchmark.isOnRequest else { return benchmark.name == filter }
    return filter.map { benchmark.name.contains($0) } ?? true
  }
}

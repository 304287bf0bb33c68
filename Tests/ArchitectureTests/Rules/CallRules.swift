/// Calls that only some rooms may make, each with what to use instead.
enum CallRules {
  struct Banned: Sendable {
    var call: String
    /// Path prefixes where it is allowed.
    var allowed: [String]
    var instead: String
  }

  private static let output = ["Sources/Tool/", "Benchmarks/", "Tests/"]
  private static let platform = ["Sources/Base/Platform/", "Benchmarks/"]
  private static let main = ["Sources/Tool/Commands/Entry.swift", "Sources/Tool/plumb/", "Benchmarks/"]

  /// Tests draw from a seeded generator; the key table's seed must differ between processes and decides no result.
  private static let seeds = ["Tests/", "Sources/Base/Values/KeyTable.swift"]

  static let table: [Banned] = [
    Banned(call: "print(", allowed: output, instead: "return a value or a diagnostic; commands print"),
    Banned(call: "debugPrint(", allowed: [], instead: "nothing"),
    Banned(call: "sleep(", allowed: [], instead: "the injected time source"),
    Banned(call: "usleep(", allowed: [], instead: "the injected time source"),
    Banned(call: "nanosleep(", allowed: [], instead: "the injected time source"),
    Banned(call: "Task.sleep(", allowed: platform, instead: "the injected time source"),
    Banned(call: "ContinuousClock", allowed: platform, instead: "the injected time source"),
    Banned(call: "clock_gettime(", allowed: platform, instead: "the injected time source"),
    Banned(call: "SystemRandomNumberGenerator", allowed: platform, instead: "the injected random source"),
    Banned(call: ".random(in:", allowed: platform + seeds, instead: "the injected random source"),
    Banned(call: "getenv(", allowed: platform + ["Tests/"], instead: "the injected environment"),
    Banned(call: "setenv(", allowed: [], instead: "an environment value: the process's own is shared by all threads"),
    Banned(call: "putenv(", allowed: [], instead: "an environment value: the process's own is shared by all threads"),
    Banned(call: "system(", allowed: [], instead: "Platform's spawn, without a shell"),
    Banned(call: "popen(", allowed: [], instead: "Platform's spawn, without a shell"),
    Banned(call: "fork(", allowed: [], instead: "Platform's spawn"),
    Banned(call: "posix_spawn(", allowed: platform, instead: "Platform's spawn"),
    Banned(call: "pthread_create(", allowed: platform + ["Tests/"], instead: "Platform's threads"),
    Banned(call: "exit(", allowed: main, instead: "return an exit code"),
    Banned(call: "DispatchQueue", allowed: [], instead: "an actor, or one of Platform's threads"),
    Banned(call: "DispatchSemaphore", allowed: [], instead: "a continuation: it blocks a thread of the pool"),
    Banned(call: "Task.detached", allowed: [], instead: "a task group, so that cancellation arrives"),
    Banned(call: "fatalError(", allowed: [], instead: "preconditionFailure with a sentence"),
  ]

  static func calls(_ file: SourceFile, _ banned: [Banned] = table) -> [Violation] {
    guard let swift = file.swift else { return [] }
    return banned.flatMap { entry -> [Violation] in
      guard !entry.allowed.contains(where: file.path.hasPrefix) else { return [] }
      return swift.code.occurrences(of: entry.call).filter { isCall(swift.code.bytes, $0) }.map {
        Violation(file, line: swift.code.line(of: $0), "`\(entry.call)`: use \(entry.instead)")
      }
    }
  }

  /// Neither a member of something else nor a declaration of that name.
  private static func isCall(_ code: [UInt8], _ offset: Int) -> Bool {
    guard offset > 0, code[offset] != UInt8(ascii: ".") else { return true }
    return code[offset - 1] != UInt8(ascii: ".") && !code[..<offset].suffix(5).elementsEqual("func ".utf8)
  }
}

import Glibc

/// One run of another program, measured by the kernel: `wait4` reports what the child and its own children
/// used.
struct ChildRun {
  let exitCode: Int32
  let userSeconds: Double
  let systemSeconds: Double
  let wallSeconds: Double
  /// The largest resident memory, never below what this process held when it started the child.
  let peakBytes: Int

  var cpuSeconds: Double { userSeconds + systemSeconds }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The program of this name beside this one: the release build of `plumb`.
  static func sibling(_ name: String) -> String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &path, path.count - 1)
    let own = String(decoding: path[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/"
      + name
  }

  /// Runs a program to its end, its output discarded.
  /// - Parameters:
  ///   - program: a path; it is not searched for.
  ///   - folder: where it runs; nil for this process's own.
  ///   - showsProgress: what it writes to its standard error is shown.
  static func run(
    _ program: String, _ arguments: [String], folder: String? = nil, environment: [String: String] = [:],
    showsProgress: Bool = false
  ) throws(Failure) -> ChildRun {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    if !showsProgress { posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) }
    // The C library hides the file action that changes the folder, so that `env` does it and then becomes the
    // program.
    let command = folder.map { ["/usr/bin/env", "-C", $0, program] + arguments } ?? [program] + arguments
    var words = command.map { strdup($0) } + [nil]
    var variables = variables(environment).map { strdup($0) } + [nil]
    defer { for word in words + variables { free(word) } }
    var child: pid_t = 0
    let start = wallSeconds()
    let problem = posix_spawn(&child, command[0], &actions, nil, &words, &variables)
    guard problem == 0 else {
      throw Failure(description: "\(program): \(String(cString: strerror(problem)))")
    }
    return try wait(child, since: start)
  }

  private static func wait(_ child: pid_t, since start: Double) throws(Failure) -> ChildRun {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(child, &status, 0, &usage) == -1 {
      guard errno == EINTR else { throw Failure(description: "wait4: \(String(cString: strerror(errno)))") }
    }
    let signal = status & 0x7F
    return ChildRun(
      exitCode: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, userSeconds: seconds(usage.ru_utime),
      systemSeconds: seconds(usage.ru_stime), wallSeconds: wallSeconds() - start,
      peakBytes: Int(usage.ru_maxrss) * 1_024)
  }

  /// This process's own, with the given ones instead of those of the same name.
  private static func variables(_ changes: [String: String]) -> [String] {
    var variables: [String] = []
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if changes[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
      next += 1
    }
    return variables + changes.map { "\($0.key)=\($0.value)" }
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  private static func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

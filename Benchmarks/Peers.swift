import Glibc
import Platform
import Values

/// The scripts below `peers`, which run Plumb and Terraform on the AWS stand-in.
enum Peers {
  /// What Terraform counts in one environment of `peers/estate.py`; Plumb's resources hold their own parts.
  static let terraformResources = 50

  enum Failure: Error, CustomStringConvertible {
    case failed(String)
    /// Something is not on this machine.
    case absent(String)

    var description: String {
      switch self {
      case .failed(let reason), .absent(let reason): reason
      }
    }
  }

  /// What a script found. It runs with the Python of the test emulators.
  static func run(_ script: String, _ arguments: [String], terraform: String? = nil) throws -> Value {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    let out = "/tmp/plumb-bench-\(SystemRandom().hexID()).json"
    let own = folder + "/.venv/bin/python3"
    let programs = ["--plumb", ChildRun.sibling("plumb")] + (terraform.map { ["--terraform", $0] } ?? [])
    let run = try ChildRun.run(
      LocalFiles().exists(own) ? own : "/usr/bin/python3",
      ["\(folder)/Benchmarks/peers/\(script)", "--out", out] + programs + arguments, showsProgress: terraform != nil)
    guard run.exitCode == 0 else { throw Failure.failed("\(script) ended with \(run.exitCode)") }
    defer { unlink(out) }
    let found = try JSONReader.parse(LocalFiles().read(out))
    if let problem = found["problem"]?.string { throw Failure.failed(problem) }
    if let absent = found["absent"]?.string { throw Failure.absent(absent) }
    return found
  }

  static func terraform() throws(Failure) -> String {
    let folders = (Environment.current()["PATH"] ?? "").split(separator: ":").map(String.init)
    for path in folders.map({ $0 + "/terraform" }) where access(path, X_OK) == 0 { return path }
    throw .absent("there is no `terraform` in PATH")
  }
}

extension Value {
  /// The number under a key; where there is none, what meets no bar.
  func figure(_ key: String) -> Double {
    guard let value = self[key] else { return .infinity }
    return value.int.map(Double.init) ?? value.double ?? .infinity
  }
}

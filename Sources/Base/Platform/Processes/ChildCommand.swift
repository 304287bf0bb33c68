import Glibc

/// A program to run, with everything it is given.
package struct ChildCommand: Sendable {
  package enum Input: Sendable {
    /// An empty input.
    case null
    /// The parent's own; the child stays in the parent's process group, so that a terminal serves it.
    case inherit
    case bytes([UInt8])
    /// A pipe that stays open until `RunningChild.closeInput`.
    case open
  }

  package enum Output: Sendable {
    /// Kept up to the limit in bytes; more is read and dropped.
    case capture(limit: Int)
    case inherit
    case discard
  }

  /// 16 MiB of each output are kept unless said otherwise.
  package static let defaultOutputLimit = 16 << 20
  /// Between the polite signal and the deadly one.
  package static let defaultGrace = Duration.seconds(2)

  /// The program first: a path, or a name looked up in the `PATH` of `environment`.
  package var arguments: [String]
  package var environment: Environment
  package var directory: String?
  package var input = Input.null
  package var output = Output.capture(limit: defaultOutputLimit)
  package var errorOutput = Output.capture(limit: defaultOutputLimit)
  /// After it the child's process group gets SIGTERM, and SIGKILL after `grace`.
  package var timeout: Duration?
  package var grace = defaultGrace

  package init(_ arguments: [String], environment: Environment, directory: String? = nil) {
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }
}

package enum ChildStatus: Hashable, Sendable {
  case exited(Int32)
  case signalled(Int32)

  /// As a shell shows it: 128 and the signal's number where one ended the child.
  package var code: Int32 {
    switch self {
    case .exited(let code): code
    case .signalled(let number): 128 + number
    }
  }
}

package struct ChildResult: Sendable {
  package var status: ChildStatus
  package var output: [UInt8]
  package var errorOutput: [UInt8]
  /// Whether a limit cut an output off.
  package var isTruncated = false
  package var didTimeOut = false

  package init(status: ChildStatus, output: [UInt8] = [], errorOutput: [UInt8] = []) {
    self.status = status
    self.output = output
    self.errorOutput = errorOutput
  }
}

/// A child that could not be started, or whose task was cancelled.
package enum ChildError: Error, Hashable, Sendable, CustomStringConvertible {
  case notFound(String)
  case notStarted(String, code: Int32)
  /// The child was stopped because its task was cancelled.
  case cancelled

  package var description: String {
    switch self {
    case .notFound(let program): "cannot find the program `\(program)`"
    case .notStarted(let program, let code): "cannot start `\(program)`: \(String(cString: strerror(code)))"
    case .cancelled: "cancelled"
    }
  }
}

/// Runs programs; injected wherever one is needed.
package protocol ChildRunner: Sendable {
  /// Runs the program to its end; a cancelled task stops it and gets `cancelled`.
  func run(_ command: ChildCommand) async throws(ChildError) -> ChildResult
}

/// Real programs.
package struct SystemChildren: ChildRunner {
  package init() {}

  package func run(_ command: ChildCommand) async throws(ChildError) -> ChildResult {
    let child = try RunningChild(command)
    return try await child.wait()
  }
}

/// Answers from a closure, for tests.
package struct SimulatedChildren: ChildRunner {
  private let answer: @Sendable (ChildCommand) throws(ChildError) -> ChildResult

  package init(_ answer: @escaping @Sendable (ChildCommand) throws(ChildError) -> ChildResult) {
    self.answer = answer
  }

  package func run(_ command: ChildCommand) async throws(ChildError) -> ChildResult { try answer(command) }
}

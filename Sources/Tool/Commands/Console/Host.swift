import Diagnostics
import Platform
import ProviderKit

/// The outside of a command, injected once by the composition root.
package struct Host: Sendable {
  package var environment: Environment
  package var files: any FileSystem
  package var time: any TimeSource
  package var random: any RandomSource
  package var streams: Streams
  /// The folder that commands look for an estate from.
  package var folder = "."
  /// Providers that take the place of the program's own; nil for those.
  package var providers: (@Sendable () -> [any Provider])?

  package init(
    environment: Environment, files: any FileSystem, time: any TimeSource, random: any RandomSource,
    streams: Streams
  ) {
    self.environment = environment
    self.files = files
    self.time = time
    self.random = random
    self.streams = streams
  }

  package static func process() -> Host {
    Host(
      environment: .current(), files: LocalFiles(), time: SystemTime(), random: SystemRandom(),
      streams: .standard())
  }
}

/// A command with its arguments and everything it may touch.
package struct Invocation: Sendable {
  package let path: CommandPath
  package let arguments: Arguments
  /// Names of the options that stood on the command line itself, not in variables.
  var given: Set<String> { arguments.given }
  package let host: Host
  package let reporter: Reporter

  /// Reports the problems and gives the code to exit with.
  package func fail(_ diagnostics: [Diagnostic], _ code: ExitCode = .error) -> ExitCode {
    reporter.diagnostics(diagnostics)
    return code
  }

  package func fail(_ diagnostic: Diagnostic, _ code: ExitCode = .error) -> ExitCode {
    fail([diagnostic], code)
  }
}

import Diagnostics
import Glibc
import Platform
import Reports

/// The way in: reads the command line, runs one command and says how it ended.
package enum Entry {
  /// - Parameter words: the command line without the program's name.
  @concurrent
  package static func run(_ words: [String], host: Host) async -> ExitCode {
    let parser = ArgumentParser(
      root: CommandTable.root, global: CommandOption.global, environment: host.environment)
    switch parser.parse(words) {
    case .help(let path):
      host.streams.output(Array(HelpText.text(path, global: CommandOption.global).utf8))
      return .ok
    case .version:
      host.streams.output(Array("Plumb \(Version.current)\n".utf8))
      return .ok
    case .wrong(let diagnostic):
      let isJSON = words.contains("--json") || words.contains("-json")
      let reporter = Reporter(host, isJSON: isJSON, color: .auto)
      reporter.event(.version(Version.current))
      reporter.diagnostic(diagnostic)
      return .usage
    case .run(let path, let arguments):
      return await run(path, arguments, host)
    }
  }

  private static func run(_ path: CommandPath, _ arguments: Arguments, _ host: Host) async -> ExitCode {
    let color: ColorChoice =
      arguments.has(.noColor) ? .never : arguments.text(.color).flatMap(ColorChoice.init) ?? .auto
    let reporter = Reporter(host, isJSON: arguments.has(.json), color: color)
    let invocation = Invocation(path: path, arguments: arguments, host: host, reporter: reporter)
    reporter.event(.version(Version.current))
    if let folder = arguments.text(.chdir), chdir(folder) != 0 {
      let reason = String(cString: strerror(errno))
      return invocation.fail(.error(.commandFile, "cannot work in `\(folder)`: \(reason)"), .usage)
    }
    guard let body = path.command.body else { return .usage }
    return await body(invocation)
  }

  /// For `Main.swift`: the process's own command line and streams; ends the process.
  @concurrent
  package static func main() async -> Never {
    Signals.ignoreBrokenPipes()
    let code = await run(Array(CommandLine.arguments.dropFirst()), host: .process())
    // Transports may still be putting their connections away on threads of their own, and what OpenSSL registers for
    // `exit` would take its state from under them.
    fflush(nil)
    _exit(code.rawValue)
  }
}

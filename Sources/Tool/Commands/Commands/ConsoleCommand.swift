import Diagnostics
import Engine
import Platform
import Reports
import Values

extension CommandOption {
  static let output = CommandOption(
    "output", .choice(["text", "json"]), "`json` prints one JSON object for each expression")
}

extension Command {
  static let console = Command(
    "console", "Evaluate expressions against the estate.",
    discussion:
      "Reads manifests, variables and the inventory, and asks no cloud: what is not known yet says what it waits for. "
      + "Without EXPR it reads one expression a line, from a terminal or from standard input.",
    examples: [
      ("plumb console 'var.zones.map(z, z + \"-1\")'", "one expression"),
      ("plumb console 'aws.Vpc.main.cidrBlock' --env prod", "a field as the manifests of an environment have it"),
      ("plumb console 'aws.Vpc[\"main\"].id' --output json", "an id from the inventory, for scripts"),
      ("echo 'size(var.zones)' | plumb console", "from standard input"),
    ],
    options: [.output] + CommandOption.estate,
    positionals: [Positional("EXPR", isOptional: true, "an expression in CEL")]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let console = ConsoleRun(
        invocation: invocation, session: try await session.engine.console(), reporter: session.reporter)
      if let source = invocation.arguments.positionals.first { return console.answer(source) ? .ok : .error }
      return await console.read()
    }
  }
}

/// Questions and answers.
struct ConsoleRun: Sendable {
  let invocation: Invocation
  let session: ConsoleSession
  let reporter: Reporter

  private var isJSON: Bool { invocation.arguments.text(.output) == "json" }

  /// One expression a line, until the end or `exit`.
  func read() async -> ExitCode {
    let streams = invocation.host.streams
    let isPrompted = streams.input.isTerminal && !reporter.isJSON && !isJSON
    if isPrompted { reporter.say("One expression a line; `help` says what there is, `exit` ends.") }
    var areAllFine = true
    while true {
      if isPrompted { streams.output(Array("> ".utf8)) }
      guard let line = await offPool({ streams.readLine() }) else { break }
      let source = line.trimmed
      if isPrompted, source == "exit" || source == "quit" { break }
      if source.isEmpty { continue }
      if isPrompted, source == "help" { help() } else if !answer(source) { areAllFine = false }
    }
    if isPrompted { reporter.say("") }
    return areAllFine || isPrompted ? .ok : .error
  }

  private func help() {
    let names = session.names
    reporter.report { sink in
      sink.line("Names: environment")
      for name in names { sink.line("  \(SafeText.of(name))") }
      sink.line("A resource's field reads `aws.Vpc[\"name\"].field`; `id` is the remote id.")
    }
  }

  /// Whether there was an answer.
  func answer(_ source: String) -> Bool {
    switch session.evaluate(source) {
    case .value(let value):
      tell(source, [("value", value)], JSONWriter(.pretty).text(value))
      return true
    case .unknown(let awaiting):
      let names = awaiting.map { "`\($0)`" }.joined(separator: ", ")
      tell(
        source, [("value", .null), ("unknown", true), ("awaiting", .list(awaiting.map { .string($0) }))],
        "\(JSONWriter.unknownText)" + (names.isEmpty ? "" : ", waits for \(names)"))
      return true
    case .failed(let problems):
      reporter.showing(Array(source.utf8), as: ConsoleSession.file).diagnostics(problems)
      return false
    }
  }

  private func tell(_ source: String, _ fields: [(String, Value)], _ text: String) {
    guard !isJSON || reporter.isJSON else {
      let line = JSONWriter().lines([Value.map(fields)])
      return invocation.host.streams.output(TerminalText.escapedJSON(line))
    }
    reporter.say(SafeText.ofLines(text))
    reporter.event(EventLine("evaluation", text, [("expression", .string(source))] + fields))
  }
}

extension String {
  fileprivate var trimmed: String {
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? startIndex
    return String(self[..<end].drop { $0.isWhitespace })
  }
}

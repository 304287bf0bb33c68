import Diagnostics
import Engine
import Manifests
import Platform
import Reports
import Resources
import Values

extension CommandOption {
  static let graphFormat = CommandOption(
    "format", .choice(GraphFormat.allCases.map(\.rawValue)), "the language; else told by the file's name, else `dot`")
  static let graphOutput = CommandOption(
    "output", short: "o", .text("FILE"), completion: .file, "write to a file instead of standard output")
  static let graphOnly = CommandOption("only", .text("PATTERN"), isRepeated: true, "draw only these addresses")
}

extension Command {
  static let graph = Command(
    "graph", "Draw the resources and what needs what.",
    discussion:
      "Arrows lead from what is made first to what needs it; dashed ones are needed by a second step only. "
      + "Resources of one manifest share a frame. No cloud is asked, and no other program is needed.",
    examples: [
      ("plumb graph --output estate.svg", "a picture"),
      ("plumb graph --format mermaid --only 'Network/*'", "for a Markdown file, networks alone"),
      ("plumb graph | dot -Tpdf > estate.pdf", "through Graphviz"),
    ],
    options: [.graphFormat, .graphOutput, .graphOnly]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let workspace = session.engine.validate()
      guard !workspace.diagnostics.hasErrors else {
        session.reporter.diagnostics(workspace.diagnostics)
        return .error
      }
      return await invocation.draw(workspace, session.reporter)
    }
  }
}

enum GraphFormat: String, CaseIterable {
  case dot, mermaid, svg

  /// By the ending of a file's name.
  init?(path: String) {
    if path.hasSuffix(".svg") {
      self = .svg
    } else if path.hasSuffix(".mmd") || path.hasSuffix(".mermaid") {
      self = .mermaid
    } else if path.hasSuffix(".dot") || path.hasSuffix(".gv") {
      self = .dot
    } else {
      return nil
    }
  }
}

extension Invocation {
  fileprivate func draw(_ workspace: Workspace, _ reporter: Reporter) async -> ExitCode {
    let patterns = arguments.texts(.graphOnly)
    let graph = ResourceGraph(workspace.desired, catalog: workspace.catalog) { address in
      patterns.isEmpty || patterns.contains { address.matches(glob: $0) }
    }
    let path = arguments.text(.graphOutput)
    let format =
      arguments.text(.graphFormat).flatMap(GraphFormat.init(rawValue:)) ?? path.flatMap(GraphFormat.init(path:)) ?? .dot
    let text =
      switch format {
      case .dot: GraphText.dot(graph)
      case .mermaid: GraphText.mermaid(graph)
      case .svg: GraphSVG.text(graph, title: "The estate \(workspace.estate.name)")
      }
    let subject: [(String, Value)] = [
      ("format", .string(format.rawValue)), ("resources", .int(graph.nodes.count)), ("edges", .int(graph.edges.count)),
    ]
    guard let path else {
      reporter.report { sink in
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { sink.line(String(line)) }
      }
      reporter.event(EventLine("graph", "the graph", subject + [("text", .string(text))]))
      return .ok
    }
    if let problem = await write(text, to: path) { return fail(problem.diagnostics) }
    let count = graph.nodes.count
    reporter.say("Wrote \(count) \(count == 1 ? "resource" : "resources") to \(path).")
    reporter.event(EventLine("graph", "Wrote \(path)", subject + [("path", .string(path))]))
    return .ok
  }
}

import Diagnostics
import Resources

/// A graph in the languages of other drawing programs.
package enum GraphText {
  /// Graphviz. Arrows lead from what is made first to what needs it.
  package static func dot(_ graph: ResourceGraph) -> String {
    var lines = [
      "digraph plumb {", "  rankdir=LR;", "  compound=true;",
      "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#8c959f\", "
        + "fontname=\"sans-serif\"];",
      "  edge [color=\"#57606a\"];",
    ]
    for (number, group) in graph.groups.enumerated() {
      let margin = group.isSingle ? "  " : "    "
      if !group.isSingle {
        lines.append("  subgraph cluster_\(number) {")
        lines.append("    label=\(quoted(group.address.text)); style=rounded; color=\"#8c959f\";")
      }
      for node in group.nodes {
        let words = "\(graph.nodes[node].label)\\n\(graph.nodes[node].type)"
        lines.append("\(margin)n\(node) [label=\(quoted(words))];")
      }
      if !group.isSingle { lines.append("  }") }
    }
    for edge in graph.edges {
      lines.append("  n\(edge.from) -> n\(edge.to)\(edge.isLate ? " [style=dashed]" : "");")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  /// Mermaid, as Markdown hosts show it.
  package static func mermaid(_ graph: ResourceGraph) -> String {
    var lines = ["flowchart LR"]
    for (number, group) in graph.groups.enumerated() {
      let margin = group.isSingle ? "  " : "    "
      if !group.isSingle { lines.append("  subgraph g\(number)[\"\(entities(group.address.text))\"]") }
      for node in group.nodes {
        let words = "\(entities(graph.nodes[node].label))<br/><small>\(entities(graph.nodes[node].type.text))</small>"
        lines.append("\(margin)n\(node)[\"\(words)\"]")
      }
      if !group.isSingle { lines.append("  end") }
    }
    for edge in graph.edges { lines.append("  n\(edge.from) \(edge.isLate ? "-.->" : "-->") n\(edge.to)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in TerminalText.escaped(text).unicodeScalars {
      if scalar == "\"" { quoted += "\\" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// Text within XML, SVG and Mermaid's labels.
  static func entities(_ text: String) -> String {
    var safe = ""
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "#": safe += "&#35;"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}

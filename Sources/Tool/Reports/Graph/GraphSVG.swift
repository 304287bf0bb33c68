import Resources

/// A graph as a picture that stands alone: no fonts, scripts or styles from elsewhere.
package enum GraphSVG {
  package static func text(_ graph: ResourceGraph, title: String) -> String {
    let layout = GraphLayout(graph)
    var lines = [head(layout, title)]
    for (number, group) in graph.groups.enumerated() where !group.isSingle {
      lines += frame(group, layout.groups[number])
    }
    for edge in graph.edges { lines.append(line(edge, layout)) }
    for (number, node) in graph.nodes.enumerated() { lines += box(node, layout.nodes[number]) }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private static func head(_ layout: GraphLayout, _ title: String) -> String {
    let size = "width=\"\(layout.width)\" height=\"\(layout.height)\" viewBox=\"0 0 \(layout.width) \(layout.height)\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" \(size) role="img">
      <title>\(GraphText.entities(title))</title>
      <style>
        text { font-family: sans-serif; font-size: 13px; fill: #1f2328 }
        .type { font-size: 11px; fill: #57606a }
        .title { font-weight: bold }
        .node { fill: #f6f8fa; stroke: #8c959f }
        .group { fill: #ffffff; stroke: #8c959f }
        path { fill: none; stroke: #57606a; marker-end: url(#arrow) }
        .late { stroke-dasharray: 4 3 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 } .type { fill: #9198a1 } .node { fill: #21262d } .group { fill: #0d1117 }
        }
      </style>
      <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
      <path d="M0 0L8 4L0 8z" style="fill:#57606a;stroke:none;marker-end:none"/></marker></defs>
      """
  }

  private static func frame(_ group: ResourceGraph.Group, _ box: GraphLayout.Box) -> [String] {
    [
      "<rect class=\"group\" x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"8\"/>",
      "<text class=\"title\" x=\"\(box.x + GraphLayout.padding)\" y=\"\(box.y + 20)\">"
        + "\(GraphText.entities(group.address.text))</text>",
    ]
  }

  private static func box(_ node: ResourceGraph.Node, _ box: GraphLayout.Box) -> [String] {
    let x = box.x + GraphLayout.padding
    return [
      "<g><title>\(GraphText.entities(node.address.text))</title>",
      "<rect class=\"node\" x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" rx=\"5\"/>",
      "<text x=\"\(x)\" y=\"\(box.y + 17)\">\(GraphText.entities(node.label))</text>",
      "<text class=\"type\" x=\"\(x)\" y=\"\(box.y + 32)\">\(GraphText.entities(node.type.text))</text></g>",
    ]
  }

  /// From the right side of what is made first to the left side of what needs it, in a curve.
  private static func line(_ edge: ResourceGraph.Edge, _ layout: GraphLayout) -> String {
    let from = layout.nodes[edge.from], to = layout.nodes[edge.to]
    let style = edge.isLate ? " class=\"late\"" : ""
    if from.x == to.x {
      // One above the other: out and in on the right.
      let bend = max(from.right, to.right) + GraphLayout.columnGap / 2
      return "<path\(style) d=\"M\(from.right) \(from.midY)C\(bend) \(from.midY) \(bend) \(to.midY) "
        + "\(to.right) \(to.midY)\"/>"
    }
    let reach = max(24, abs(to.x - from.right) / 2)
    return "<path\(style) d=\"M\(from.right) \(from.midY)C\(from.right + reach) \(from.midY) "
      + "\(to.x - reach) \(to.midY) \(to.x) \(to.midY)\"/>"
  }
}

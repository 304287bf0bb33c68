import Blueprints
import Diagnostics
import Manifests
import Platform
import Reports

/// Where a command's results go: text to standard output and problems to standard error, or event lines to
/// standard output alone.
package struct Reporter: Sendable {
  package let isJSON: Bool
  package let palette: Palette
  private let host: Host
  /// The folder that positions are relative to; empty for the working folder.
  private var root = ""
  /// Texts that are no files, by the name that positions give them.
  private var texts: [String: [UInt8]] = [:]
  private let errorColors: DiagnosticRenderer.Colors

  init(_ host: Host, isJSON: Bool, color: ColorChoice) {
    self.host = host
    self.isJSON = isJSON
    let streams = host.streams
    palette = Palette(isColored: !isJSON && host.environment.usesColor(color, on: streams.outputTerminal))
    errorColors = host.environment.usesColor(color, on: streams.errorTerminal) ? .ansi : .plain
  }

  /// The same, for positions relative to an estate's folder.
  func rooted(at root: String) -> Reporter {
    var copy = self
    copy.root = root
    return copy
  }

  /// The same, with a text that diagnostics point into.
  func showing(_ text: [UInt8], as name: String) -> Reporter {
    var copy = self
    copy.texts[name] = text
    return copy
  }

  /// An event line; nothing where text is asked for.
  package func event(_ event: @autoclosure () -> EventLine) {
    guard isJSON else { return }
    host.streams.output(event().bytes(timestamp: host.time.now.rfc3339(.milliseconds)))
  }

  /// A line of text; nothing where events are asked for.
  package func say(_ text: @autoclosure () -> String) {
    guard !isJSON else { return }
    host.streams.output(Array((text() + "\n").utf8))
  }

  /// A report of text, written in chunks; nothing where events are asked for.
  package func report(_ body: (TextSink) -> Void) {
    guard !isJSON else { return }
    let sink = TextSink(host.streams.output)
    body(sink)
    sink.flush()
  }

  /// Problems in source order, errors counted at the end.
  ///
  /// - Parameter sources: texts that are no files of the estate.
  package func diagnostics(_ diagnostics: [Diagnostic], sources: SourceTexts = SourceTexts()) {
    guard !diagnostics.isEmpty else { return }
    let ordered = diagnostics.inSourceOrder()
    guard !isJSON else { return ordered.forEach { diagnostic in event(.diagnostic(diagnostic)) } }
    let renderer = DiagnosticRenderer(errorColors, width: host.streams.errorTerminal.width ?? 110) { file in
      texts[file] ?? sources.bytes(of: file) ?? KindCatalog.source(file)
        ?? Self.source(root.isEmpty || file.hasPrefix("/") ? file : "\(root)/\(file)", host.files)
    }
    let shown = Self.shown(of: ordered)
    var text = renderer.text(shown)
    if ordered.count > 1, let summary = DiagnosticRenderer.summary(of: ordered) {
      let rest = shown.count < ordered.count ? "; \(shown.count) are shown, `--json` tells all" : ""
      text += "\n\(summary)\(rest)\n"
    }
    host.streams.errorOutput(Array(text.utf8))
  }

  /// More than anybody reads at once hides what matters: of many problems the first are written out, errors before all
  /// else, in the order of their sources.
  private static func shown(of ordered: [Diagnostic]) -> [Diagnostic] {
    guard ordered.count > shownLimit else { return ordered }
    let errors = ordered.filter { $0.severity == .error }, others = ordered.filter { $0.severity != .error }
    return Array((errors + others).prefix(shownLimit)).inSourceOrder()
  }

  private static let shownLimit = 100

  package func diagnostic(_ diagnostic: Diagnostic) { diagnostics([diagnostic]) }

  /// A file that can no longer be read is shown by its name alone.
  private static func source(_ file: String, _ files: any FileSystem) -> [UInt8]? {
    do { return try files.read(file) } catch { return nil }
  }
}

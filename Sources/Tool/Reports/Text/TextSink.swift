/// Takes a report piece by piece and hands it on in chunks, so that no report is ever one huge text.
package final class TextSink {
  private static let chunk = 32_768
  private var buffer: [UInt8] = []
  private let write: ([UInt8]) -> Void

  package init(_ write: @escaping ([UInt8]) -> Void) {
    self.write = write
    buffer.reserveCapacity(Self.chunk + 1_024)
  }

  package func line(_ text: String = "") {
    buffer.append(contentsOf: text.utf8)
    buffer.append(0x0A)
    if buffer.count >= Self.chunk { flush() }
  }

  package func lines(_ texts: some Sequence<String>) {
    for text in texts { line(text) }
  }

  /// Hands on what is left; call it once at the end.
  package func flush() {
    guard !buffer.isEmpty else { return }
    write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// The whole report as one text, for small reports and tests.
  package static func text(_ body: (TextSink) -> Void) -> String {
    var bytes: [UInt8] = []
    let sink = TextSink { bytes += $0 }
    body(sink)
    sink.flush()
    return String(decoding: bytes, as: UTF8.self)
  }
}

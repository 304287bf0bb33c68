/// Something measured, by one run or several, with one figure or more.
struct Benchmark: Sendable {
  let name: String
  /// Runs only where it is asked for by its whole name: it takes many minutes.
  var isOnRequest = false
  let run: @Sendable () -> [Figure]
}

/// One number and the bar it is held to.
struct Figure {
  enum Bar {
    case atMost(Double)
    case atLeast(Double)
    /// The benchmark could not run; says why.
    case failed(String)
    /// What it needs is not on this machine; says what. Not short.
    case absent(String)
  }

  let name: String
  let value: Double
  let unit: String
  let bar: Bar
  /// What another program has instead; shown, held to nothing.
  var beside: String?

  init(_ name: String, _ value: Double, _ unit: String, _ bar: Bar) {
    self.name = name
    self.value = value
    self.unit = unit
    self.bar = bar
  }

  /// A benchmark that could not run counts as short.
  static func failed(_ name: String, _ reason: String) -> Figure { Figure(name, 0, "", .failed(reason)) }

  static func absent(_ name: String, _ reason: String) -> Figure { Figure(name, 0, "", .absent(reason)) }

  var isMet: Bool {
    switch bar {
    case .atMost(let limit): value <= limit
    case .atLeast(let limit): value >= limit
    case .failed: false
    case .absent: true
    }
  }

  var line: String {
    let verdict = isMet ? "ok" : "SHORT"
    switch bar {
    case .atMost(let limit): return row("\(text(value)) \(unit)", "<= \(text(limit)) \(unit)", verdict)
    case .atLeast(let limit): return row("\(text(value)) \(unit)", ">= \(text(limit)) \(unit)", verdict)
    case .failed(let reason): return row("failed", reason, verdict)
    case .absent(let reason): return row("NOT COMPARED", reason, "")
    }
  }

  private func row(_ figure: String, _ bar: String, _ verdict: String) -> String {
    "\(padded(name, 48)) \(padded(figure, 16)) \(padded(bar, 18)) \(verdict)" + (beside.map { "   \($0)" } ?? "")
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count))
  }

  /// Three significant digits.
  private func text(_ value: Double) -> String {
    if value >= 100 || value == 0 { return "\(Int(value.rounded()))" }
    let scale: Double = value >= 10 ? 10 : value >= 1 ? 100 : 10_000
    return "\((value * scale).rounded() / scale)"
  }
}

import Values
import YAML

enum JSONBenchmarks {
  static let all = [
    Benchmark(name: "json") {
      let documents = YAMLReader.parse(Corpus.yaml(bytes: 20_000_000), file: "corpus.yaml").documents
      let value = Value.list(documents)
      let text = JSONWriter().bytes(value)
      let megabytes = Double(text.count) / 1e6
      let parsing = Measure.least { keep(parse(text)) }
      let writing = Measure.least { keep(JSONWriter().bytes(value).count) }
      return [
        Figure("json: bytes to values", megabytes / parsing, "MB/s", .atLeast(300)),
        Figure("json: values to bytes", megabytes / writing, "MB/s", .atLeast(400)),
      ]
    }
  ]

  private static func parse(_ text: [UInt8]) -> Int {
    do {
      return try JSONReader.parse(text).count
    } catch {
      preconditionFailure("the corpus must be valid: \(error)")
    }
  }
}

import CYAML
import Diagnostics
import Values
import YAML

enum YAMLBenchmarks {
  static let all = [
    Benchmark(name: "yaml") {
      let corpus = Corpus.yaml(bytes: 20_000_000)
      var bare = Double.infinity, whole = Double.infinity
      // Turn by turn, so that a busy moment of the machine meets both.
      for _ in 0..<8 {
        bare = min(bare, Measure.once { keep(countEvents(corpus)) })
        whole = min(
          whole, Measure.once { keep(YAMLReader.parse(corpus, file: "corpus.yaml").documents.count) })
      }
      return [Figure("yaml: CPU of values over bare libyaml events", whole / bare, "x", .atMost(1.4))]
    }
  ]

  /// libyaml's events of the corpus, thrown away.
  private static func countEvents(_ bytes: [UInt8]) -> Int {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
    defer {
      yaml_parser_delete(parser)
      parser.deallocate()
      event.deallocate()
    }
    yaml_parser_initialize(parser)
    return bytes.withUnsafeBufferPointer { all in
      yaml_parser_set_input_string(parser, all.baseAddress, all.count)
      var count = 0
      var isDone = false
      while !isDone {
        precondition(yaml_parser_parse(parser, event) == 1, "the corpus must be valid")
        count += 1
        isDone = event.pointee.type == YAML_STREAM_END_EVENT
        yaml_event_delete(event)
      }
      return count
    }
  }
}

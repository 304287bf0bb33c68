import CYAML

/// libyaml's events of one piece of memory, which must outlive the stream.
struct EventStream: ~Copyable {
  /// On the heap and never moved: libyaml keeps a pointer to the structure inside it.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private var hasEvent = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    event = .allocate(capacity: 1)
    // It fails only where memory has run out, as Swift's own allocations do.
    precondition(yaml_parser_initialize(parser) == 1, "no memory for the YAML parser")
    yaml_parser_set_input_string(parser, bytes.baseAddress ?? UnsafePointer(event.self.raw), bytes.count)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    if hasEvent { yaml_event_delete(event) }
    yaml_parser_delete(parser)
    event.deallocate()
    parser.deallocate()
  }

  /// Moves to the next event; false where the text breaks the grammar.
  mutating func advance() -> Bool {
    if hasEvent { yaml_event_delete(event) }
    hasEvent = yaml_parser_parse(parser, event) == 1
    return hasEvent
  }

  /// The event moved to; valid until the next `advance`.
  var current: UnsafeMutablePointer<yaml_event_t> { event }

  /// What broke the grammar, after `advance` returned false.
  var problem: SyntaxProblem { SyntaxProblem(parser) }
}

extension UnsafeMutablePointer<yaml_event_t> {
  /// Some valid address, for an input of no bytes.
  fileprivate var raw: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: UInt8.self)
  }
}

import CYAML

extension EventStream {
  /// Which lines, counted from 0, an event's text covers.
  struct Extent {
    enum Kind {
      case flowStart, flowEnd
      /// A literal or folded text.
      case blockText
      /// A plain or quoted text.
      case text
      case other
    }

    var kind: Kind
    var firstLine: Int
    var lastLine: Int
    var lastColumn: Int
  }

  /// The present event's; nil at the end of the stream.
  var extent: Extent? {
    let event = current.pointee
    var kind = Extent.Kind.other
    switch event.type {
    case YAML_STREAM_END_EVENT: return nil
    case YAML_MAPPING_START_EVENT where event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
      YAML_SEQUENCE_START_EVENT where event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE:
      kind = .flowStart
    case YAML_MAPPING_END_EVENT where event.end_mark.index > event.start_mark.index,
      YAML_SEQUENCE_END_EVENT where event.end_mark.index > event.start_mark.index:
      // The end of a block collection has no character of its own.
      kind = .flowEnd
    case YAML_SCALAR_EVENT:
      let style = event.data.scalar.style
      kind = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE ? .blockText : .text
    default: break
    }
    return Extent(
      kind: kind, firstLine: event.start_mark.line, lastLine: event.end_mark.line,
      lastColumn: event.end_mark.column)
  }
}

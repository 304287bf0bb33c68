/// An expression as written, macros already understood. Nodes lie in one array and name each other by index.
struct SyntaxTree {
  var nodes: [SyntaxNode] = []
  var root = 0

  subscript(index: Int) -> SyntaxNode { nodes[index] }
}

struct SyntaxNode {
  indirect enum Kind {
    /// What could not be read and has been reported.
    case broken
    case literal(Operand)
    /// A name; with a leading dot it is looked up outside of everything.
    case identifier(String, isRooted: Bool)
    /// A maximal chain that reads another manifest.
    case reference(Reference)
    /// `a.b`, or `a.?b`.
    case select(Int, String, isOptional: Bool)
    /// `has(a.b)`.
    case test(Int, String)
    /// `a[b]`, or `a[?b]`.
    case index(Int, Int, isOptional: Bool)
    case call(String, receiver: Int?, arguments: [Int])
    /// Two operands, one for `!`; chains of `&&` and `||` have them all in one node.
    case operation(Operation, [Int])
    case negation(Int)
    case conditional(Int, Int, Int)
    case list([Item])
    case map([Entry])
    case comprehension(Comprehension)
    /// `cel.bind(name, value, body)`.
    case bind(String, Int, Int)
    /// `a.optMap(x, body)`; `optFlatMap` where the body gives an optional itself.
    case optionalMap(Int, String, Int, isFlat: Bool)
  }

  struct Item {
    var node: Int
    /// `[?a]`: only where the optional has a value.
    var isOptional: Bool
  }

  struct Entry {
    var key: Int
    var value: Int
    var isOptional: Bool
  }

  var kind: Kind
  /// Bytes in the whole text.
  var range: Range<Int>
  /// Where a problem of this node is shown: the operator, the name of a field or function.
  var mark: Range<Int>
}

/// A macro that goes through a list or map.
struct Comprehension {
  enum Kind: String {
    case all, exists
    case existsOne = "exists_one"
    case map, filter, transformList, transformMap, transformMapEntry, sortBy
  }

  var kind: Kind
  var range: Int
  /// One name, or two: index and item of a list, key and value of a map.
  var variables: [String]
  /// Only where this holds: `map(x, condition, result)`.
  var filter: Int?
  var body: Int
}

extension SyntaxNode {
  /// The nodes it is made of.
  var children: [Int] {
    switch kind {
    case .broken, .literal, .identifier, .reference: []
    case .select(let base, _, _), .test(let base, _), .negation(let base): [base]
    case .index(let base, let index, _): [base, index]
    case .call(_, let receiver, let arguments): (receiver.map { [$0] } ?? []) + arguments
    case .operation(_, let operands): operands
    case .conditional(let condition, let first, let second): [condition, first, second]
    case .list(let items): items.map(\.node)
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .comprehension(let comprehension):
      [comprehension.range] + (comprehension.filter.map { [$0] } ?? []) + [comprehension.body]
    case .bind(_, let value, let body): [value, body]
    case .optionalMap(let base, _, let body, _): [base, body]
    }
  }
}

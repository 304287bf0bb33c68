/// Which fields of a value are read: paths put together.
struct PathTree: Sendable {
  /// Everything below may be read.
  private(set) var isWhole = false
  private(set) var children: [String: PathTree] = [:]

  static let whole: PathTree = {
    var tree = PathTree()
    tree.isWhole = true
    return tree
  }()

  mutating func add(_ path: some Collection<String>) {
    guard let first = path.first else {
      isWhole = true
      return
    }
    children[first, default: PathTree()].add(path.dropFirst())
  }

  mutating func add(_ other: PathTree) {
    isWhole = isWhole || other.isWhole
    for (name, child) in other.children { children[name, default: PathTree()].add(child) }
  }

  /// What is read below a name; nil where nothing is.
  subscript(name: String) -> PathTree? {
    if isWhole { return .whole }
    guard let any = children[Self.any] else { return children[name] }
    guard var own = children[name] else { return any }
    own.add(any)
    return own
  }

  /// Stands for a computed index.
  static let any = "*"
}

import CLinux
import Glibc

/// The parent's and the child's ends of the three standard streams; -1 is no descriptor.
struct ChildPipes {
  struct Ends {
    var parent: Int32 = -1
    var child: Int32 = -1
  }

  var input = Ends()
  var output = Ends()
  var error = Ends()

  /// Opens what the command needs; an errno value where that fails, nil otherwise.
  mutating func open(_ command: ChildCommand) -> Int32? {
    switch command.input {
    case .null: input.child = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
    case .inherit: break
    case .bytes, .open: if let code = Self.pipe(&input, parentReads: false) { return code }
    }
    if case .null = command.input, input.child < 0 { return errno }
    return Self.open(&output, command.output) ?? Self.open(&error, command.errorOutput)
  }

  func closeChildEnds() { for end in [input.child, output.child, error.child] where end >= 0 { close(end) } }
  func closeParentEnds() {
    for end in [input.parent, output.parent, error.parent] where end >= 0 { close(end) }
  }

  private static func open(_ ends: inout Ends, _ output: ChildCommand.Output) -> Int32? {
    switch output {
    case .inherit: return nil
    case .capture: return pipe(&ends, parentReads: true)
    case .discard:
      ends.child = Glibc.open("/dev/null", O_WRONLY | O_CLOEXEC)
      return ends.child < 0 ? errno : nil
    }
  }

  private static func pipe(_ ends: inout Ends, parentReads: Bool) -> Int32? {
    var pair: [Int32] = [-1, -1]
    let code = plumb_pipe(&pair)
    if code != 0 { return code }
    ends = parentReads ? Ends(parent: pair[0], child: pair[1]) : Ends(parent: pair[1], child: pair[0])
    let failure = plumb_set_nonblocking(ends.parent)
    return failure == 0 ? nil : failure
  }
}

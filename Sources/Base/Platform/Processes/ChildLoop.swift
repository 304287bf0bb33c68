import CLinux
import Glibc

/// The life of one child on its thread: start, feed, drain, time out, reap.
///
/// `@unchecked Sendable`: made by one thread and then used only by the child's own.
final class ChildLoop: @unchecked Sendable {
  private static let chunkSize = 65_536
  /// How often an old kernel without process descriptors is asked for the child's end.
  private static let fallbackPoll = Duration.milliseconds(20)

  let pid: pid_t
  let events: ChildEvents
  private let command: ChildCommand
  private let onOutput: (@Sendable ([UInt8]) -> Void)?
  private var input: Int32
  private var output: Int32
  private var errorOutput: Int32
  private var process: Int32
  private var fed = 0
  private var result = ChildResult(status: .exited(0))
  private var killAt: Duration?
  private var isKilled = false

  init(_ command: ChildCommand, _ onOutput: (@Sendable ([UInt8]) -> Void)?) throws(ChildError) {
    let program = command.arguments.first ?? ""
    guard let path = Self.locate(program, command) else { throw .notFound(program) }
    var pipes = ChildPipes()
    defer { pipes.closeChildEnds() }
    let event = plumb_event_open()
    guard event >= 0 else { throw .notStarted(program, code: errno) }
    events = ChildEvents(event)
    var pid: pid_t = 0
    let code = pipes.open(command) ?? Self.spawn(path, command, pipes, &pid)
    guard code == 0 else {
      pipes.closeParentEnds()
      throw .notStarted(program, code: code)
    }
    self.pid = pid
    self.command = command
    self.onOutput = onOutput
    (input, output, errorOutput) = (pipes.input.parent, pipes.output.parent, pipes.error.parent)
    process = plumb_pidfd_open(pid)
  }

  /// Runs to the child's end; `wishes` says what other threads have asked for.
  func run(_ wishes: () -> (closesInput: Bool, stops: Bool)) -> ChildResult {
    let deadline = command.timeout.map { SystemTime().elapsed + $0 }
    while true {
      let wish = wishes()
      if wish.closesInput, case .open = command.input { Self.close(&input) }
      let now = SystemTime().elapsed
      if let deadline, now >= deadline, killAt == nil { result.didTimeOut = true }
      stopIfWanted(wish.stops || result.didTimeOut, now)
      if reap(now, deadline) { break }
    }
    drainRest()
    for descriptor in [input, output, errorOutput, process] where descriptor >= 0 { Glibc.close(descriptor) }
    return result
  }

  /// The first wish sends SIGTERM, the end of the grace SIGKILL.
  private func stopIfWanted(_ isWanted: Bool, _ now: Duration) {
    guard isWanted else { return }
    if killAt == nil {
      signalGroup(SIGTERM)
      killAt = now + command.grace
    } else if let killAt, now >= killAt, !isKilled {
      signalGroup(SIGKILL)
      isKilled = true
    }
  }

  /// The child is not reaped before its end is seen here, so that the id cannot have been given to another.
  private func signalGroup(_ number: Int32) {
    if case .inherit = command.input { kill(pid, number) } else { kill(-pid, number) }
  }

  /// Waits for the next event and handles it; true once the child is gone.
  private func reap(_ now: Duration, _ deadline: Duration?) -> Bool {
    var polls = [process, events.descriptor, output, errorOutput].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let isFeeding = input >= 0 && hasInputLeft
    polls.append(pollfd(fd: isFeeding ? input : -1, events: Int16(POLLOUT), revents: 0))
    let next = isKilled ? nil : killAt ?? deadline
    let wait = [next.map { max(.zero, $0 - now) }, process < 0 ? Self.fallbackPoll : nil].compactMap { $0 }
      .min()
    poll(&polls, nfds_t(polls.count), wait.map { Int32(clamping: $0.wholeMilliseconds + 1) } ?? -1)
    if polls[1].revents != 0 { events.drain() }
    if polls[2].revents != 0 { drain(&output, isError: false) }
    if polls[3].revents != 0 { drain(&errorOutput, isError: true) }
    if polls[4].revents != 0 { feed() }
    guard polls[0].revents != 0 || process < 0 else { return false }
    var signalled: Int32 = 0
    var code: Int32 = 0
    guard plumb_reap(pid, process < 0 ? 0 : 1, &signalled, &code) != 0 else { return false }
    result.status = signalled != 0 ? .signalled(code) : .exited(code)
    return true
  }

  private var hasInputLeft: Bool {
    if case .bytes = command.input { true } else { false }
  }

  private func feed() {
    guard case .bytes(let bytes) = command.input else { return }
    let count = bytes.withUnsafeBytes {
      Glibc.write(input, $0.baseAddress.map { $0 + fed }, min(bytes.count - fed, Self.chunkSize))
    }
    if count > 0 { fed += count }
    // A child that closed its input early is no error of ours.
    let isOver = count < 0 && errno != EAGAIN && errno != EINTR
    if fed == bytes.count || isOver { Self.close(&input) }
  }

  /// One read; false at the end or where nothing is ready.
  @discardableResult
  private func drain(_ descriptor: inout Int32, isError: Bool) -> Bool {
    guard descriptor >= 0 else { return false }
    var count = 0
    let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, filled in
      count = Glibc.read(descriptor, buffer.baseAddress, Self.chunkSize)
      filled = max(count, 0)
    }
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return false }
    guard count > 0 else {
      Self.close(&descriptor)
      return false
    }
    keep(chunk, isError ? command.errorOutput : command.output, in: isError ? \.errorOutput : \.output)
    if !isError { onOutput?(chunk) }
    return true
  }

  private func keep(
    _ chunk: [UInt8], _ output: ChildCommand.Output, in bytes: WritableKeyPath<ChildResult, [UInt8]>
  ) {
    guard case .capture(let limit) = output else { return }
    let room = max(0, limit - result[keyPath: bytes].count)
    result[keyPath: bytes] += chunk.prefix(room)
    if chunk.count > room { result.isTruncated = true }
  }

  /// What is in the pipes already; a grandchild that holds them open is not waited for.
  private func drainRest() {
    while drain(&output, isError: false) {}
    while drain(&errorOutput, isError: true) {}
  }

  private static func close(_ descriptor: inout Int32) {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  private static func locate(_ program: String, _ command: ChildCommand) -> String? {
    if program.isEmpty { return nil }
    if program.contains("/") { return program }
    let path = command.environment.nonEmpty("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").lazy.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
  }

  private static func spawn(_ path: String, _ command: ChildCommand, _ pipes: ChildPipes, _ pid: inout pid_t)
    -> Int32
  {
    var arguments = command.arguments.map { strdup($0) } + [nil]
    var environment =
      command.environment.variables.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var sharesGroup = false
    if case .inherit = command.input { sharesGroup = true }
    return plumb_spawn(
      path, &arguments, &environment, command.directory, pipes.input.child, pipes.output.child,
      pipes.error.child,
      sharesGroup ? 0 : 1, &pid)
  }
}

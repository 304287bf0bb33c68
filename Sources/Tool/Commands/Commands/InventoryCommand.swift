import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import Reports
import Resources
import Values

extension CommandOption {
  static let reason = CommandOption("reason", .text("TEXT"), "why, for the journal")
  static let onlyListed = CommandOption("only", .text("GLOB"), isRepeated: true, "only addresses that match")
}

extension Command {
  static let inventory = Command(
    "inventory", "What Plumb owns, and the lock on it.",
    examples: [("plumb inventory list", "every address with its object")],
    [
      .inventoryList, .inventoryShow, .inventoryHistory, .inventoryVerify, .inventoryRecover, .inventoryExport,
      .inventoryImport, .inventoryForget, .inventoryMove, .inventoryLock,
    ])

  private static let inventoryList = Command(
    "list", "List what is recorded.",
    examples: [
      ("plumb inventory list", "every address with its object"),
      ("plumb inventory list --only 'aws.Subnet/*' --sandbox", "some addresses, of the sandbox"),
    ],
    options: [.onlyListed, .target] + CommandOption.estate
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let globs = invocation.arguments.texts(.onlyListed), targets = invocation.arguments.texts(.target)
      let records = try await session.engine.inventory().records.filter { record in
        (globs.isEmpty || globs.contains { record.address.matches(glob: $0) })
          && (targets.isEmpty || targets.contains(record.target.target.text))
      }
      session.reporter.report { RecordText.table(records, to: $0) }
      for record in records { session.reporter.event(.record(record)) }
      return .ok
    }
  }

  private static let inventoryShow = Command(
    "show", "Show one record and its history.",
    examples: [("plumb inventory show aws.Vpc/prod", "what was applied, and when")],
    options: CommandOption.estate,
    positionals: [Positional("ADDRESS", "an address as `plumb inventory list` prints it")]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let address = Address(invocation.arguments.positionals.first ?? "")
      let inventory = try await session.engine.inventory()
      let records = inventory.records.filter { $0.address == address }
      guard !records.isEmpty else {
        let near = Suggestion.hint(for: address.text, among: inventory.records.map(\.address.text))
        return invocation.fail(
          .error(
            .notInInventory, "`\(address)` is not in the inventory",
            hint: near ?? "`plumb inventory list` shows what is"))
      }
      let history = try await session.history(of: address)
      session.reporter.report { RecordText.write(records, history, to: $0) }
      for record in records { session.reporter.event(.record(record)) }
      for entry in history { session.reporter.event(.history(entry, of: address)) }
      return .ok
    }
  }

  private static let inventoryForget = Command(
    "forget", "Stop owning resources and leave the objects alone.",
    examples: [
      ("plumb inventory forget aws.Vpc/lab --reason 'handed to the lab'", "one address"),
      ("plumb inventory forget --target aws-old --reason 'account closed'", "everything of a target"),
    ],
    options: [.target, .reason, .lockTimeout] + CommandOption.estate,
    positionals: [Positional("ADDRESS", isOptional: true, "the address to forget")]
  ) { invocation in
    let address = invocation.arguments.positionals.first, target = invocation.arguments.text(.target)
    guard (address == nil) != (target == nil) else {
      return invocation.fail(
        .error(.wrongArguments, "`\(invocation.path.text)` takes either an address or `--target`"), .usage)
    }
    guard let reason = invocation.arguments.text(.reason) else {
      return invocation.fail(invocation.missingReason, .usage)
    }
    return await invocation.withSession { (session) throws(EngineFailure) in
      let request = invocation.inventoryRequest
      let count =
        if let address {
          try await session.engine.forget([Address(address)], reason: reason, request)
        } else {
          try await session.engine.forget(target: TargetName(target ?? ""), reason: reason, request)
        }
      session.tell(
        "inventory_forget",
        "Forgotten: \(count) \(count == 1 ? "record" : "records"). The objects are as they were.", count)
      return .ok
    }
  }

  private static let inventoryMove = Command(
    "move", "Give a recorded resource another address.",
    discussion: "`metadata.movedFrom` in the manifest does the same as part of a plan.",
    examples: [("plumb inventory move aws.Vpc/main aws.Vpc/prod", "the object stays, its address changes")],
    options: [.lockTimeout] + CommandOption.estate,
    positionals: [Positional("FROM", "the address it has"), Positional("TO", "the address it gets")]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let names = invocation.arguments.positionals
      let count = try await session.engine.move(
        Address(names[0]), to: Address(names[1]), invocation.inventoryRequest)
      session.tell("inventory_move", SafeText.of("Moved: \(names[0]) is now \(names[1])."), count)
      return .ok
    }
  }

  private static let inventoryLock = Command(
    "lock", "Who holds the lock, and taking it away.",
    examples: [("plumb inventory lock show", "who holds it")],
    [
      Command(
        "show", "Show who holds the lock.",
        examples: [("plumb inventory lock show", "who holds it, and since when")],
        options: CommandOption.estate
      ) { invocation in
        await invocation.withSession { (session) throws(EngineFailure) in
          let holder = try await session.lockHolder()
          let words = holder.map {
            "\($0.name), process \($0.process), `\($0.command)`, since \($0.since.rfc3339())"
          }
          session.reporter.say(SafeText.of(words.map { "Locked by \($0)." } ?? "Not locked."))
          session.reporter.event(.lock(holder))
          return .ok
        }
      },
      Command(
        "break", "Take the lock away from its holder.",
        discussion:
          "Only for a holder that is gone for good: a run that still lives is stopped at its next write.",
        examples: [
          ("plumb inventory lock break --reason 'runner was deleted'", "with the reason for the journal")
        ],
        options: [.reason] + CommandOption.estate
      ) { invocation in
        guard let reason = invocation.arguments.text(.reason) else {
          return invocation.fail(invocation.missingReason, .usage)
        }
        return await invocation.withSession { (session) throws(EngineFailure) in
          guard try await session.lockHolder() != nil else {
            session.reporter.say("Not locked.")
            session.reporter.event(.lock(nil))
            return .ok
          }
          try await session.breakLock(reason: reason, command: invocation.path.text)
          session.tell("lock_broken", "The lock is free. The next run settles what its holder left open.", 1)
          return .ok
        }
      },
    ])
}

extension DiagnosticCode {
  static let notInInventory = DiagnosticCode(6060)
}

extension Invocation {
  fileprivate var missingReason: Diagnostic {
    .error(.wrongArguments, "`\(path.text)` needs a reason for the journal", hint: "add `--reason TEXT`")
  }

  var inventoryRequest: ApplyRequest {
    var request = ApplyRequest()
    request.lockTimeout = arguments.duration(.lockTimeout) ?? .zero
    request.command = path.text
    return request
  }
}

extension Session {
  func tell(_ type: String, _ words: String, _ count: Int) {
    reporter.say(words)
    reporter.event(EventLine(type, words, [("count", .int(count))]))
  }

  private func store() throws(EngineFailure) -> any InventoryStore {
    let workspace = engine.validate()
    guard !workspace.diagnostics.hasErrors else { throw EngineFailure(.error, workspace.diagnostics) }
    return try engine.open(workspace, .write)
  }

  func history(of address: Address) async throws(EngineFailure) -> [JournalEntry] {
    let store = try store()
    do throws(StoreError) { return try await store.history(of: address) } catch { throw EngineFailure(error) }
  }

  fileprivate func lockHolder() async throws(EngineFailure) -> LockHolder? {
    let store = try store()
    do throws(StoreError) { return try await store.lockHolder() } catch { throw EngineFailure(error) }
  }

  fileprivate func breakLock(reason: String, command: String) async throws(EngineFailure) {
    let store = try store(), world = engine.world
    let holder = LockHolder(
      name: world.user, process: world.process, command: command, since: world.time.now,
      run: RunID("run-" + world.random.base32ID()))
    do throws(StoreError) { try await store.breakLock(reason: reason, by: holder) } catch {
      throw EngineFailure(error)
    }
  }
}

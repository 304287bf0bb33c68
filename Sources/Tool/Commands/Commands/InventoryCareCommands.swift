import Diagnostics
import Engine
import Inventory
import Platform
import Reports
import Resources
import Values

extension CommandOption {
  static let merge = CommandOption("merge", "add what is missing from an inventory that is not empty")
  static let replaceInventory = CommandOption("force", "replace an inventory that is not empty")
}

extension Command {
  static let inventoryHistory = Command(
    "history", "Show everything the journal knows of an address.",
    discussion: "Also of addresses that are no longer recorded, and of those an address has moved from.",
    examples: [("plumb inventory history aws.Vpc/prod", "every operation, with its run and outcome")],
    options: CommandOption.estate,
    positionals: [Positional("ADDRESS", "an address, recorded or not")]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let address = Address(invocation.arguments.positionals.first ?? "")
      let history = try await session.history(of: address)
      guard !history.isEmpty else {
        let near = Suggestion.hint(
          for: address.text, among: try await session.engine.inventory().records.map(\.address.text))
        return invocation.fail(
          .error(.notInInventory, "the journal knows nothing of `\(address)`", hint: near))
      }
      session.reporter.report { RecordText.write(history, of: address, to: $0) }
      for entry in history { session.reporter.event(.history(entry, of: address)) }
      return .ok
    }
  }

  static let inventoryVerify = Command(
    "verify", "Compare inventory, markers and reality.",
    discussion:
      "Lists every type of every target by the estate's marker and reads every record's object; writes nothing "
      + "and takes no lock. Exit codes: 0 all agree, 3 they do not, 4 they agree as far as could be read, 1 error.",
    examples: [("plumb inventory verify", "records without objects, objects without records, markers that are wrong")],
    options: CommandOption.estate
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let check = try await session.engine.verify()
      session.reporter.report { CheckText(session.reporter.palette).write(check, to: $0) }
      if session.reporter.isJSON { EventLine.check(check) { event in session.reporter.event(event) } }
      var codes: [ExitCode] = [.ok]
      if !check.findings.isEmpty { codes.append(.drift) }
      if !check.unreadable.isEmpty { codes.append(.incomplete) }
      return ExitCode.first(of: codes)
    }
  }

  static let inventoryRecover = Command(
    "recover", "Write a lost inventory anew from the markers on the objects.",
    discussion:
      "Owned fields become what the present manifests write, and what nobody can know is told. It needs an empty "
      + "inventory, or `--merge`. No object is touched.",
    examples: [
      ("plumb inventory recover", "after the inventory was lost"),
      ("plumb inventory recover --merge", "add what an older backup does not have"),
    ],
    options: [.merge, .lockTimeout] + CommandOption.estate
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let outcome = try await session.engine.recover(
        merges: invocation.arguments.has(.merge), invocation.inventoryRequest)
      session.reporter.diagnostics(outcome.diagnostics)
      session.reporter.report { RecoverText.write(outcome, session.reporter.palette, to: $0) }
      if session.reporter.isJSON { EventLine.recovered(outcome) { event in session.reporter.event(event) } }
      return .ok
    }
  }

  static let inventoryExport = Command(
    "export", "Write the inventory to a file, or to standard output.",
    discussion: "JSON of format 1.0. Secrets are keyed hashes in it, as they are in the inventory.",
    examples: [("plumb inventory export backup.json", "a copy to keep elsewhere")],
    options: CommandOption.estate,
    positionals: [Positional("FILE", isOptional: true, completion: .file, "the file to write; standard output without")]
  ) { invocation in
    if invocation.reporter.isJSON, invocation.arguments.positionals.isEmpty {
      return invocation.fail(
        .error(.wrongArguments, "`\(invocation.path.text) --json` needs a file, since events go to standard output"),
        .usage)
    }
    return await invocation.withSession { (session) throws(EngineFailure) in
      let (bytes, count) = try await session.engine.exportInventory()
      guard let path = invocation.arguments.positionals.first else {
        invocation.host.streams.output(bytes)
        return .ok
      }
      if let problem = await invocation.save(bytes, to: path) { return invocation.fail(problem.diagnostics) }
      session.tell("inventory_export", "Exported: \(count) \(count == 1 ? "record" : "records") to \(path).", count)
      return .ok
    }
  }

  static let inventoryImport = Command(
    "import", "Read an exported inventory back.",
    discussion:
      "The whole file is checked before anything is written. It needs an empty inventory, or `--force`. No object is "
      + "touched; `plumb inventory verify` says whether file and reality agree.",
    examples: [("plumb inventory import backup.json", "into an empty inventory")],
    options: [.replaceInventory, .lockTimeout] + CommandOption.estate,
    positionals: [Positional("FILE", completion: .file, "a file that `plumb inventory export` wrote")]
  ) { invocation in
    await invocation.withSession { (session) throws(EngineFailure) in
      let path = invocation.arguments.positionals.first ?? ""
      switch await invocation.load(path) {
      case .failure(let problem): return invocation.fail(problem.diagnostics)
      case .success(let bytes):
        let count = try await session.engine.importInventory(
          bytes, file: path, replaces: invocation.arguments.has(.replaceInventory), invocation.inventoryRequest)
        session.tell(
          "inventory_import", "Imported: \(count) \(count == 1 ? "record" : "records"). No object was touched.", count)
        return .ok
      }
    }
  }
}

extension Invocation {
  /// Readable by its owner alone: it names everything that stands.
  fileprivate func save(_ bytes: [UInt8], to path: String) async -> CommandProblem? {
    let files = host.files
    do throws(FileError) {
      try await offPool { () throws(FileError) in try files.write(bytes, to: path, mode: 0o600) }
      return nil
    } catch {
      return CommandProblem(.error(.commandFile, error.description))
    }
  }

  fileprivate func load(_ path: String) async -> Result<[UInt8], CommandProblem> {
    let files = host.files
    do throws(FileError) {
      return .success(
        try await offPool { () throws(FileError) in try files.read(path, limit: InventoryFile.sizeLimit) })
    } catch {
      return .failure(CommandProblem(.error(.commandFile, error.description)))
    }
  }
}

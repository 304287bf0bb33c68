import Cryptography
import Diagnostics
import Inventory
import Platform
import Resources
import Values

extension DiagnosticCode {
  static let importFile = DiagnosticCode(5024)
  static let importScope = DiagnosticCode(5025)
  static let importRecord = DiagnosticCode(5026)
}

/// An inventory as a file: JSON with every record in the form that stores keep it in. Secrets are keyed hashes there.
package enum InventoryFile {
  package static let formatVersion = "1.0"
  /// Largest file that is read.
  package static let sizeLimit = 512 << 20
  /// Problems told of one file.
  static let problemLimit = 50

  package static func bytes(_ records: [Recorded], scope: ScopeID, serial: UInt64, at time: Instant) -> [UInt8] {
    let value = Value.build { builder in
      builder.beginMap()
      for (name, text) in [
        ("format_version", formatVersion), ("kind", "inventory"), ("scope", "\(scope)"),
        ("exported_at", time.rfc3339()),
      ] {
        builder.key(name)
        builder.string(text)
      }
      builder.key("serial")
      builder.append(.int(Int(clamping: serial)))
      builder.key("records")
      builder.beginList()
      for record in records.sorted(by: { $0.key < $1.key }) { RecordCodec.write(record, to: &builder) }
      builder.endList()
      builder.endMap()
    }
    return JSONWriter(.pretty).bytes(value) + [0x0A]
  }

  /// The records of a file, and everything that is wrong with it.
  static func read(_ bytes: [UInt8], file: String, scope: ScopeID) -> (records: [Recorded], problems: [Diagnostic]) {
    let value: Value
    do throws(JSONError) { value = try JSONReader.parse(bytes, file: file) } catch {
      return ([], [.error(.importFile, "`\(file)` is no JSON: \(error.description)")])
    }
    guard value["kind"]?.string == "inventory", let version = value["format_version"]?.string,
      let items = value["records"], items.kind == .list
    else {
      return (
        [],
        [.error(.importFile, "`\(file)` is no exported inventory", hint: "`plumb inventory export FILE` writes one")]
      )
    }
    guard version.split(separator: ".").first == formatVersion.split(separator: ".").first else {
      return ([], [.error(.importFile, "`\(file)` has format \(version), and this program reads \(formatVersion)")])
    }
    guard value["scope"]?.string == "\(scope)" else {
      let other = value["scope"]?.string ?? "none"
      return (
        [],
        [
          .error(
            .importScope, "`\(file)` is the inventory of scope `\(other)`, and this estate is `\(scope)`",
            at: value["scope"]?.origin)
        ]
      )
    }
    return decode(items)
  }

  private static func decode(_ items: Value) -> (records: [Recorded], problems: [Diagnostic]) {
    var records: [Recorded] = [], problems: [Diagnostic] = []
    var targets = TargetDecoder()
    for item in items.elements where problems.count < problemLimit {
      do throws(StoreError) { records.append(try RecordCodec.decode(item, &targets)) } catch {
        problems.append(.error(.importRecord, error.message, at: item.origin))
      }
    }
    return (records, problems)
  }
}

extension Engine {
  /// The whole inventory as the bytes of a file. Takes no lock.
  package func exportInventory() async throws(EngineFailure) -> (bytes: [UInt8], count: Int) {
    let workspace = try load()
    let inventory = try await snapshot(of: try open(workspace))
    if let intent = inventory.openIntents.first {
      throw EngineFailure(
        .error,
        [
          .error(
            .unsettled, "nobody knows yet how the last `\(intent.operation)` of `\(intent.address)` ended",
            hint: "`plumb apply` finds out; export afterwards")
        ])
    }
    let bytes = InventoryFile.bytes(
      inventory.records, scope: workspace.scope, serial: inventory.serial, at: world.time.now)
    return (bytes, inventory.records.count)
  }

  /// Writes an exported inventory. Everything is checked before anything is written; `replaces` puts it in the place
  /// of one that is not empty.
  package func importInventory(
    _ bytes: [UInt8], file: String, replaces: Bool, _ request: ApplyRequest
  ) async throws(EngineFailure) -> Int {
    let workspace = try load()
    var (records, problems) = InventoryFile.read(bytes, file: file, scope: workspace.scope)
    problems += Self.problems(records, workspace)
    guard problems.isEmpty else { throw EngineFailure(.error, problems) }
    return try await withLock(workspace, request) { (session) async throws(EngineFailure) in
      let inventory = try await settle(session, workspace, request) { _ in }
      guard inventory.records.isEmpty || replaces else {
        throw EngineFailure(
          .error,
          [
            .error(
              .inventoryNotEmpty, "the inventory holds \(inventory.records.count) records",
              hint: "`--force` replaces them all; keep them first with `plumb inventory export FILE`")
          ])
      }
      let kept = Set(records.map(\.key)), same = Set(inventory.records.map(RecordCodec.encode))
      let gone = inventory.records.filter { !kept.contains($0.key) }.map { RecordChange.remove($0.key) }
      let new = records.filter { !same.contains(RecordCodec.encode($0)) }.map { RecordChange.put($0) }
      let key: HashKey
      do throws(StoreError) { key = try world.hashKeys.findOrMake(world.random) } catch { throw EngineFailure(error) }
      try await write(gone + new, "import", key, session, request)
      return records.count
    }
  }

  /// What no inventory of this estate can hold.
  private static func problems(_ records: [Recorded], _ workspace: Workspace) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    var keys: Set<RecordKey> = [], current: Set<Address> = [], objects: Set<String> = []
    let targets = Set(workspace.desired.targets.map(\.name))
    func add(_ text: String, hint: String? = nil) {
      if problems.count < InventoryFile.problemLimit { problems.append(.error(.importRecord, text, hint: hint)) }
    }
    for record in records {
      if !keys.insert(record.key).inserted {
        add("`\(record.address)` has two records of incarnation \(record.incarnation)")
      }
      if !record.isSuperseded, !current.insert(record.address).inserted {
        add("`\(record.address)` has two current records")
      }
      if !objects.insert("\(record.type) \(record.remote) \(record.target.place)").inserted {
        add("`\(record.remote)` is recorded twice, once as `\(record.address)`")
      }
      if workspace.catalog[record.type] == nil {
        add("no provider knows the type `\(record.type)` of `\(record.address)`")
      }
      if record.remote.text.isEmpty { add("`\(record.address)` names no object") }
      if !targets.contains(record.target.target) {
        add(
          "there is no target `\(record.target.target)`, which `\(record.address)` is in",
          hint: "restore the target's manifest")
      }
    }
    return problems
  }
}

import Applying
import Diagnostics
import Engine
import Inventory
import Planning
import Platform
import ProviderKit
import Resources
import Schemas
import Testing
import Values

@Suite("drift, recovery and verification on the sandbox")
struct DriftWorkflowTests {
  static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: test, id: est-test00}
    spec: {include: ["*.yaml"], defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}

    """

  static let network = """
    apiVersion: aws.plumb.dev/v1
    kind: Vpc
    metadata: {name: main, protect: true}
    spec: {cidrBlock: 10.0.0.0/16, tags: {team: a}}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Subnet
    metadata: {name: a}
    spec: {vpcId: "${aws.Vpc.main.id}", cidrBlock: 10.0.0.0/20, availabilityZone: us-west-2a}
    """

  private func applied() async throws -> EngineWorld {
    let world = EngineWorld(files: ["plumb.yaml": Self.estate, "net.yaml": Self.network])
    try await world.apply()
    return world
  }

  @Test(
    "right after an apply there is no drift, nothing pending, nothing unmanaged", arguments: ExampleEstate.all)
  func examples(_ example: ExampleEstate) async throws {
    let world = EngineWorld(example)
    let summary = try await world.apply()
    #expect(summary?.outcome == .complete)
    #expect(try await world.plan().lines == [])
    let report = try await world.engine.drift(DriftRequest()).report
    #expect(report.lines == [])
    #expect(report.isComplete)
    #expect(report.clean == summary?.created)
    #expect(report.coverage.map(\.compared).reduce(0, +) == summary?.created)
    let check = try await world.engine.verify()
    #expect(check.findings.map(\.fault) == [] && check.unreadable == [:])
    #expect(check.verified + check.unmarked == summary?.created)
  }

  @Test("every folder of examples is among those that are tried")
  func everyExample() {
    let tried = Set(ExampleEstate.all.map(\.testDescription))
    let known = [
      "aws-network", "blueprints", "environments (dev)", "environments (prod)", "kinds/aws", "kinds/gcp",
      "kinds/kubernetes", "platform", "policies", "quickstart",
    ]
    #expect(tried.isSuperset(of: known))
  }

  @Test("a change behind our back is drift with the manifest's line, and the next apply mends it")
  func changed() async throws {
    let world = try await applied()
    try await world.edit("Vpc", "main", "tags", ["team": "b", "x": "y"])
    let report = try await world.engine.drift(DriftRequest()).report
    #expect(report.lines == ["~ aws.Vpc/main tags.team", "+ aws.Vpc/main tags.x"])
    #expect(report.drifted.first?.fields.first?.origin?.file.hasSuffix("net.yaml") == true)
    #expect(report.drifted.first?.fields.first?.origin?.line == 4)
    try await world.apply()
    #expect(try await world.engine.drift(DriftRequest()).report.lines == ["+ aws.Vpc/main tags.x"])
  }

  @Test("a change that was taken over into the manifest is recorded by the next apply, which has nothing else to do")
  func takenOver() async throws {
    let world = try await applied()
    try await world.edit("Vpc", "main", "tags", ["team": "b"])
    let after = world.with(["plumb.yaml": Self.estate, "net.yaml": Self.network.replacing("team: a", with: "team: b")])
    #expect(try await after.apply() == nil)
    #expect(try await world.store.load().records.last?.owned["tags"]?["team"] == "b")
    #expect(try await after.plan().changes.allSatisfy { $0.recordedAnew == nil })
  }

  @Test("right after an apply no record has to be written anew", arguments: ["quickstart", "aws-network"])
  func recorded(name: String) async throws {
    let world = EngineWorld(root: "\(projectFolder())/examples/\(name)")
    try await world.apply()
    #expect(try await world.plan().changes.filter { $0.recordedAnew != nil }.map(\.address) == [])
  }

  @Test("drift takes no lock: it looks while another run holds it")
  func lockFree() async throws {
    let world = try await applied()
    let holder = LockHolder(
      name: "other", process: 2, command: "plumb apply", since: world.time.now, run: RunID("run-other"))
    _ = try await world.store.lock(holder, timeout: .zero)
    let before = world.store.journal.count
    #expect(try await world.engine.drift(DriftRequest()).report.lines == [])
    #expect(try await world.engine.verify().findings.isEmpty)
    #expect(world.store.journal.count == before)
  }

  @Test("patterns and targets narrow what is compared, and references are still known")
  func narrowed() async throws {
    let world = try await applied()
    try await world.edit("Vpc", "main", "tags", ["team": "b"])
    var request = DriftRequest()
    request.only = ["aws.Subnet/*"]
    let report = try await world.engine.drift(request).report
    #expect(report.lines == [])
    #expect(report.coverage.map(\.type.text) == ["aws/Subnet"])
    request.only = []
    request.targets = [TargetName("other")]
    #expect(try await world.engine.drift(request).report.coverage.isEmpty)
  }

  // MARK: Recovery

  @Test(
    "a lost inventory is written anew, record for record, and the next plan is empty", arguments: ExampleEstate.all)
  func recovered(_ example: ExampleEstate) async throws {
    let world = EngineWorld(example)
    try await world.apply()
    let before = try await world.store.load().records
    let lost = world.withEmptyInventory()
    let outcome = try await lost.engine.recover(merges: false, ApplyRequest())
    #expect(outcome.missing == [])
    #expect(try await lost.store.load().records == before)
    #expect(try await lost.plan().lines == [])
    #expect(try await lost.engine.drift(DriftRequest()).report.lines == [])
    #expect(try await lost.store.history(of: before[0].address).count == 2)
  }

  /// A file system with mount targets, and an alias: types without a place for a marker, one named by another's id.
  static let unmarked = """
    apiVersion: aws.plumb.dev/v1
    kind: FileSystem
    metadata: {name: data}
    spec: {tags: {team: a}}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: MountTarget
    metadata: {name: a, protect: true}
    spec: {fileSystemId: "${aws.FileSystem.data.id}", subnetId: "${aws.Subnet.a.id}"}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Key
    metadata: {name: data}
    spec: {description: of the data}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Alias
    metadata: {name: data}
    spec: {aliasName: alias/data, targetKeyId: "${aws.Key.data.id}"}

    """

  private func unmarkedWorld() -> EngineWorld {
    EngineWorld(files: ["plumb.yaml": Self.estate, "net.yaml": Self.network, "data.yaml": Self.unmarked])
  }

  @Test("what has no place for a marker is recovered by the name that its manifest gives it, and told of")
  func unmarked() async throws {
    let world = unmarkedWorld()
    try await world.apply()
    let before = try await world.store.load().records
    let lost = world.withEmptyInventory()
    let outcome = try await lost.engine.recover(merges: false, ApplyRequest())
    #expect(try await lost.store.load().records == before)
    #expect(outcome.missing == [])
    for address in ["aws.Alias/data", "aws.MountTarget/a"] {
      #expect(outcome.unknown.contains { $0.hasSuffix("carry no marker, and it has the name of `\(address)`") })
    }
    #expect(try await lost.plan().lines == [])
    #expect(try await lost.engine.recover(merges: true, ApplyRequest()).records == [])
  }

  @Test("a name whose holder is recorded already, or that nobody has, is not taken")
  func unmarkedAndTaken() async throws {
    let world = unmarkedWorld()
    try await world.apply()
    try await world.remove("MountTarget", "a")
    let renamed = Self.unmarked.replacing(
      "kind: Alias\nmetadata: {name: data}", with: "kind: Alias\nmetadata: {name: new}")
    let after = world.with(["plumb.yaml": Self.estate, "net.yaml": Self.network, "data.yaml": renamed])
    let outcome = try await after.engine.recover(merges: true, ApplyRequest())
    #expect(outcome.records == [])
    #expect(outcome.missing.map(\.text) == ["aws.Alias/new"])
    #expect(outcome.unknown.contains { $0.contains("is recorded as `aws.Alias/data`") }, "\(outcome.unknown)")
    let lost = after.withEmptyInventory()
    #expect(
      try await lost.engine.recover(merges: false, ApplyRequest()).missing.map(\.text) == ["aws.MountTarget/a"])
  }

  @Test("what no manifest has is recovered by its identity, with its order for deletes, and told of")
  func unknown() async throws {
    let world = try await applied().with(["plumb.yaml": Self.estate]).withEmptyInventory()
    let outcome = try await world.engine.recover(merges: false, ApplyRequest())
    #expect(outcome.records.map(\.address.text) == ["aws.Subnet/a", "aws.Vpc/main"])
    #expect(outcome.records[0].dependencies == [Address("aws.Vpc/main")])
    #expect(outcome.records.map(\.isProtected) == [false, true])
    #expect(outcome.unknown.contains { $0.contains("aws.Subnet/a") && $0.contains("destroys") })
  }

  @Test("an inventory that is not empty is left alone; merging adds what it lacks")
  func merged() async throws {
    let world = try await applied()
    await #expect { _ = try await world.engine.recover(merges: false, ApplyRequest()) } throws: { error in
      (error as? EngineFailure)?.diagnostics.map(\.code.number) == [5021]
    }
    let before = try await world.store.load().records
    _ = try await world.engine.forget([Address("aws.Subnet/a")], reason: "test", ApplyRequest())
    #expect(try await world.engine.verify().findings.map(\.fault) == [.unrecorded])
    let outcome = try await world.engine.recover(merges: true, ApplyRequest())
    #expect(outcome.records.map(\.address.text) == ["aws.Subnet/a"])
    #expect(try await world.store.load().records == before)
  }

  @Test("two objects with one marker stop a recovery, with both shown, and nothing is written")
  func twoSided() async throws {
    let world = try await applied()
    try await world.copy("Vpc", "main")
    #expect(try await world.engine.verify().findings.map(\.fault) == [.sameMarker, .unrecorded])
    let lost = world.withEmptyInventory()
    await #expect { _ = try await lost.engine.recover(merges: false, ApplyRequest()) } throws: { error in
      let diagnostics = (error as? EngineFailure)?.diagnostics ?? []
      return diagnostics.map(\.code.number) == [5022] && diagnostics.first?.notes.count == 2
    }
    #expect(try await lost.store.load().records.isEmpty)
  }

  @Test("of two incarnations the higher is current and the lower is what a replacement left")
  func incarnations() async throws {
    let world = try await applied()
    try await world.copy("Subnet", "a", incarnation: 2, ["cidrBlock": "10.0.16.0/20"])
    let lost = world.withEmptyInventory()
    let outcome = try await lost.engine.recover(merges: false, ApplyRequest())
    let subnets = outcome.records.filter { $0.address == Address("aws.Subnet/a") }
    #expect(subnets.map(\.incarnation) == [1, 2] && subnets.map(\.isSuperseded) == [true, false])
  }

  // MARK: Verification

  @Test("records without objects, markers that are gone and markers that say something else are told apart")
  func verified() async throws {
    let world = try await applied()
    try await world.mark("Vpc", "main", as: Marker(scope: ScopeID(estate: "est-other"), address: Address("aws.Vpc/x")))
    try await world.remove("Subnet", "a")
    let check = try await world.engine.verify()
    #expect(check.findings.map(\.fault) == [.gone, .markerDifferent])
    #expect(check.findings.map(\.address.text) == ["aws.Subnet/a", "aws.Vpc/main"])
    #expect(check.findings[1].detail?.contains("est-other") == true)
    #expect(check.verified == 0)
  }

  // MARK: Export and import

  @Test("an exported inventory comes back as it was, and only into an empty one unless forced")
  func transfer() async throws {
    let world = try await applied()
    let (bytes, count) = try await world.engine.exportInventory()
    #expect(count == 2)
    let before = try await world.store.load().records
    await #expect { _ = try await world.take(bytes) } throws: { error in
      (error as? EngineFailure)?.diagnostics.map(\.code.number) == [5021]
    }
    _ = try await world.engine.forget([Address("aws.Subnet/a")], reason: "test", ApplyRequest())
    #expect(try await world.take(bytes, replaces: true) == 2)
    #expect(try await world.store.load().records == before)
    let lost = world.withEmptyInventory()
    #expect(try await lost.take(bytes) == 2)
    #expect(try await lost.store.load().records == before)
    #expect(try await lost.plan().lines == [])
  }

  @Test(
    "a file with anything wrong in it is refused whole",
    arguments: [
      ("est-test00", "est-else", 5025), ("\"aws/Vpc\"", "\"aws/Vcp\"", 5026), ("\"main\"", "\"mian\"", 5026),
      ("aws.Subnet/a", "aws.Vpc/main", 5026), ("\"1.0\"", "\"2.0\"", 5024), ("\"remote\"", "\"remoet\"", 5026),
      ("\"inventory\"", "\"plan\"", 5024), ("[", "", 5024),
    ])
  func refused(text: String, other: String, code: Int) async throws {
    let world = try await applied()
    let exported = String(decoding: try await world.engine.exportInventory().bytes, as: UTF8.self)
    #expect(exported.contains(text))
    let lost = world.withEmptyInventory()
    await #expect { _ = try await lost.take(Array(exported.replacing(text, with: other).utf8)) } throws: { error in
      (error as? EngineFailure)?.diagnostics.first?.code.number == code
    }
    #expect(try await lost.store.load().records.isEmpty && lost.store.journal.isEmpty)
  }
}

extension DriftReport {
  /// `~ address path` for what was changed, `-` gone, `+` added, `?` unmanaged, `>` pending; sorted in this order.
  var lines: [String] {
    drifted.flatMap { one in
      one.isGone ? ["- \(one.address)"] : one.fields.map { "\($0.isUnwritten ? "!" : "~") \(one.address) \($0.path)" }
    } + additions.map { "+ \($0.address) \($0.path)" }
      + unmanaged.map { "? \($0.type) at \($0.owners.map(\.text).joined(separator: ", "))" }
      + pending.map { "> \($0.action.rawValue) \($0.address) \($0.paths)" }
  }
}

// MARK: Behind our back

extension EngineWorld {
  private func target() -> Target {
    Target(
      name: TargetName("main"), provider: "aws",
      settings: ["aws": ["accountId": "123456789012", "region": "us-west-2"]])
  }

  private var provider: any Provider { get throws { try #require(engine.world.providers["aws"]) } }

  private func object(_ kind: String, _ name: String) async throws -> Observed {
    let address = Address(group: "aws", kind: kind, name: name)
    let record = try await store.load().records.first { $0.address == address }
    let found = try await provider.reader(target()).read(TypeName("aws/\(kind)"), [try #require(record).remote])
    return try #require(found.first)
  }

  private func writer() async throws -> any ResourceWriter { try await provider.writer(target(), fence: Fence(1)) }

  func edit(_ kind: String, _ name: String, _ field: String, _ value: Value) async throws {
    let object = try await object(kind, name)
    let change = FieldChange(path: ValuePath([.key(field)]), before: object.fields[field], after: value)
    let changes = FieldChanges(changes: [change], desired: [:], marker: object.marker)
    _ = try await writer().update(changes, of: object, OperationToken("edit"), .ignore)
  }

  func mark(_ kind: String, _ name: String, as marker: Marker) async throws {
    let changes = FieldChanges(changes: [], desired: [:], marker: marker)
    _ = try await writer().update(changes, of: try await object(kind, name), OperationToken("mark"), .ignore)
  }

  func remove(_ kind: String, _ name: String) async throws {
    try await writer().delete(try await object(kind, name), OperationToken("remove"), .ignore)
  }

  /// Another object with the same marker, or with that of another incarnation.
  func copy(_ kind: String, _ name: String, incarnation: Incarnation = 1, _ changes: Value = [:]) async throws {
    let object = try await object(kind, name)
    var marker = try #require(object.marker)
    marker.incarnation = incarnation
    let type = try #require(try provider.catalog[object.type])
    let kept = object.fields.entries.filter {
      changes[$0.key] == nil && type.schema[$0.key]?.marks.isDisjoint(with: [.computed]) == true
    }
    let desired = Desired(
      address: marker.address, type: object.type, target: TargetName("main"),
      fields: .map(kept.map { ($0.key, $0.value) } + changes.entries.map { ($0.key, $0.value) }))
    _ = try await writer().create(desired, marker, OperationToken("copy"), .ignore)
  }

  func take(_ bytes: [UInt8], replaces: Bool = false) async throws -> Int {
    try await engine.importInventory(bytes, file: "inventory.json", replaces: replaces, ApplyRequest())
  }
}

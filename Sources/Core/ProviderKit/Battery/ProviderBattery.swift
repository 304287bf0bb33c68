import Platform
import Resources
import Schemas
import Values

/// The life of an object, tried on every sample: what every provider has to do alike.
///
/// Ordinary code, so that tests, `make` targets and providers of other houses can run it: `failures` says
/// what is wrong, each in one sentence, and is empty for a good provider.
package struct ProviderBattery: Sendable {
  let provider: any Provider
  let target: Target
  let samples: [BatterySample]
  let scope: ScopeID
  let pageSize: Int?
  private var run: BatteryRun

  /// - Parameters:
  ///   - samples: in an order in which they can be created; they are deleted in reverse.
  ///   - pageSize: where the provider was set to small pages, how many items a page may hold.
  package init(
    _ provider: any Provider, _ target: Target, _ samples: [BatterySample], pageSize: Int? = nil,
    scope: ScopeID = ScopeID(estate: "est-battery")
  ) {
    self.provider = provider
    self.target = target
    self.samples = samples
    self.scope = scope
    self.pageSize = pageSize
    run = BatteryRun(scope: scope)
  }

  /// Runs everything and returns what failed. A sample whose create fails is left out of the rest.
  package func failures() async -> [String] {
    var battery = self
    battery.run.failures = CatalogLint.problems(provider.catalog)
    do throws(ProviderError) {
      let reader = try await provider.reader(target)
      let writer = try await provider.writer(target, fence: Fence(1))
      if reader is any ResourceWriter { battery.run.failures.append("the reader can write") }
      await battery.live(reader, writer)
    } catch {
      battery.run.failures.append("the target cannot be opened: \(error.message)")
    }
    return battery.run.failures
  }

  private mutating func live(_ reader: any ResourceReader, _ writer: any ResourceWriter) async {
    for sample in samples { await create(sample, reader, writer) }
    for sample in samples where sample.late != nil { await setLate(sample, reader, writer, isCleared: false) }
    for type in Set(samples.map(\.type)).sorted() { await pages(type, reader) }
    for sample in samples.reversed() where sample.late != nil {
      await setLate(sample, reader, writer, isCleared: true)
    }
    for sample in samples.reversed() { await delete(sample, reader, writer) }
  }

  private mutating func create(
    _ sample: BatterySample, _ reader: any ResourceReader, _ writer: any ResourceWriter
  ) async {
    guard let type = provider.catalog[sample.type] else {
      return run.note(sample, "the catalog has no \(sample.type)")
    }
    let desired = run.desired(sample, target.name)
    let (marker, token) = (run.marker(sample), OperationToken("battery-\(sample.name)"))
    await run.attempt(sample, "create") { () async throws(ProviderError) in
      try await writer.create(desired, marker, token, .ignore)
    } then: { run, made in
      run.objects[sample.name] = made
      run.check(sample, type, "create", desired.fields, made)
    }
    guard run.objects[sample.name] != nil else { return }
    await readBack(sample, type, desired.fields, reader)
    await repeatCreate(sample, type, desired, reader, writer)
    await search(sample, type, desired.fields, reader)
    await update(sample, type, desired.fields, reader, writer)
  }
}

extension ProviderBattery {
  private mutating func readBack(
    _ sample: BatterySample, _ type: ResourceType, _ written: Value, _ reader: any ResourceReader
  ) async {
    guard let made = run.objects[sample.name] else { return }
    await run.attempt(sample, "read") { () async throws(ProviderError) in
      try await reader.read(sample.type, [made.remote])
    } then: { run, found in
      guard found.count == 1, let read = found.first else {
        return run.note(sample, "read gives \(found.count) objects")
      }
      if read.remote != made.remote { run.note(sample, "read gives another id") }
      if !read.isReady { run.note(sample, "create returned before the object was ready") }
      run.check(sample, type, "read", written, read)
    }
  }

  /// A repeated create leaves one object, wherever the type says that the API tells it is a repetition.
  private mutating func repeatCreate(
    _ sample: BatterySample, _ type: ResourceType, _ desired: Desired, _ reader: any ResourceReader,
    _ writer: any ResourceWriter
  ) async {
    guard let made = run.objects[sample.name], type.recovery != .markerOnCreate else { return }
    let marker = run.marker(sample)
    do throws(ProviderError) {
      let again = try await writer.create(desired, marker, OperationToken("battery-\(sample.name)"), .ignore)
      if again.remote != made.remote {
        run.note(sample, "a repeated create made \(again.remote) beside \(made.remote)")
      }
    } catch {
      let isAnswer = error.reason == .conflict && type.recovery == .naturalKey
      if !isAnswer { run.note(sample, "a repeated create fails: \(error.message)") }
      if case .none = error.effect {
      } else {
        run.note(sample, "a refused create does not say that nothing happened")
      }
    }
  }

  private mutating func search(
    _ sample: BatterySample, _ type: ResourceType, _ written: Value, _ reader: any ResourceReader
  ) async {
    guard let made = run.objects[sample.name] else { return }
    var evidence: [Evidence] = []
    if type.marker != .none { evidence.append(.marker(run.marker(sample))) }
    if !type.identity.naturalKey.isEmpty, type.lifespan == .own { evidence.append(.naturalKey(written)) }
    if type.recovery == .token { evidence.append(.token(OperationToken("battery-\(sample.name)"))) }
    let asked = evidence
    await run.attempt(sample, "find") { () async throws(ProviderError) in
      try await reader.find(sample.type, asked)
    } then: { run, answers in
      if answers.count != asked.count {
        run.note(sample, "find answers \(answers.count) of \(asked.count) questions")
      }
      for (question, answer) in zip(asked, answers) where answer.map(\.remote) != [made.remote] {
        run.note(sample, "find by \(question.name) gives \(answer.map(\.remote.text)) and not \(made.remote)")
      }
    }
    let filters: [ListFilter] = type.marker == .none ? [.all] : [.all, .scope(scope)]
    for filter in filters {
      await run.attempt(sample, "list") { () async throws(ProviderError) in
        try await BatteryRun.pages(sample.type, filter, reader)
      } then: { run, pages in
        let found = pages.joined().filter { $0.remote == made.remote }
        if found.count != 1 { run.note(sample, "the list holds it \(found.count) times") }
      }
    }
  }

  private mutating func update(
    _ sample: BatterySample, _ type: ResourceType, _ old: Value, _ reader: any ResourceReader,
    _ writer: any ResourceWriter
  ) async {
    guard let updated = sample.updated, let made = run.objects[sample.name] else { return }
    let new = updated(run.objects)
    let changes = FieldCheck.changes(from: old, to: new, type.schema)
    if changes.isEmpty { run.note(sample, "the update changes nothing") }
    let change = FieldChanges(changes: changes, desired: new, marker: run.marker(sample))
    await run.attempt(sample, "update") { () async throws(ProviderError) in
      try await writer.update(change, of: made, OperationToken("battery-update-\(sample.name)"), .ignore)
    } then: { run, changed in
      run.objects[sample.name] = changed
      run.check(sample, type, "update", new, changed)
    }
    await readBack(sample, type, new, reader)
  }
}

extension ProviderBattery {
  private mutating func setLate(
    _ sample: BatterySample, _ reader: any ResourceReader, _ writer: any ResourceWriter, isCleared: Bool
  ) async {
    guard let late = sample.late, let object = run.objects[sample.name],
      let type = provider.catalog[sample.type]
    else { return }
    let base = (sample.updated ?? sample.fields)(run.objects)
    let with = Value.map(
      base.entries.map { ($0.key, $0.value) } + late(run.objects).entries.map { ($0.key, $0.value) })
    let (old, new) = isCleared ? (with, base) : (base, with)
    let change = FieldChanges(
      changes: FieldCheck.changes(from: old, to: new, type.schema), desired: new, marker: run.marker(sample))
    let step = isCleared ? "clear-late" : "set-late"
    await run.attempt(sample, step) { () async throws(ProviderError) in
      try await writer.update(change, of: object, OperationToken("battery-\(step)-\(sample.name)"), .ignore)
    } then: { run, changed in
      run.objects[sample.name] = changed
      run.check(sample, type, step, new, changed)
    }
    await readBack(sample, type, new, reader)
  }

  private mutating func pages(_ type: TypeName, _ reader: any ResourceReader) async {
    guard let sample = samples.first(where: { $0.type == type }) else { return }
    await run.attempt(sample, "list") { () async throws(ProviderError) in
      try await BatteryRun.pages(type, .all, reader)
    } then: { [pageSize] run, pages in
      let ids = pages.joined().map(\.remote)
      if Set(ids).count != ids.count { run.note(sample, "an object stands on two pages") }
      if pages.count >= BatteryRun.pageLimit { run.note(sample, "the pages do not end") }
      if let pageSize, let large = pages.map(\.count).first(where: { $0 > pageSize }) {
        run.note(sample, "a page holds \(large) items, at most \(pageSize) were asked for")
      }
    }
  }

  private mutating func delete(
    _ sample: BatterySample, _ reader: any ResourceReader, _ writer: any ResourceWriter
  ) async {
    guard let object = run.objects[sample.name] else { return }
    for time in ["delete", "a second delete"] {
      await run.attempt(sample, time) { () async throws(ProviderError) in
        try await writer.delete(object, OperationToken("battery-delete-\(sample.name)"), .ignore)
      } then: { _, _ in
      }
    }
    if provider.catalog[sample.type]?.lifespan == .permanent { return }
    await run.attempt(sample, "read after delete") { () async throws(ProviderError) in
      try await reader.read(sample.type, [object.remote])
    } then: { run, found in
      if !found.isEmpty { run.note(sample, "it is still read after its delete") }
    }
    let change = FieldChanges(changes: [], desired: sample.fields(run.objects), marker: run.marker(sample))
    do throws(ProviderError) {
      _ = try await writer.update(change, of: object, OperationToken("battery-late-\(sample.name)"), .ignore)
    } catch {
      // Whether an empty update asks the service is the provider's choice; a refusal has to be the right one.
      if error.reason != .notFound {
        run.note(sample, "an update after the delete is no `notFound`: \(error.message)")
      }
    }
  }
}

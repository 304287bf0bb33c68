import Blueprints
import Diagnostics
import Expressions
import Manifests
import Policies
import ProviderKit
import Resources
import Values

/// An estate as loaded: its settings, what it wants, and everything that is wrong with its text.
package struct Workspace: Sendable {
  package var estate: Estate
  package var desired: DesiredEstate
  /// The types of all providers.
  package var catalog: TypeCatalog
  package var diagnostics: [Diagnostic]
  /// For showing source lines under diagnostics.
  package var sources: SourceTexts
  /// The manifests that the resources come from, overlays applied.
  package var documents: [ManifestDocument]
  /// `Policy` documents as written.
  package var policies: [Value]
  package var environment: EstateEnvironment?
  package var variables: [Variable]
  /// What blueprints define, those of the program and those of the estate.
  package var kinds: KindCatalog
  /// What expressions may name.
  var expressions: ExpressionEnvironment

  package var scope: ScopeID { desired.scope }

  /// Kinds as rules of policies name them: `Network`, `aws.Vpc`.
  var kindNames: [String] {
    kinds.names + catalog.names.map { "\($0.provider).\($0.kind)" }
  }
}

extension Engine {
  /// Reads the manifests and checks everything that can be checked without asking a cloud.
  package func validate() -> Workspace { workspace(of: read()) }

  private func read() -> LoadedEstate {
    let names = world.providers.keys.sorted()
    let providers = world.providers
    return EstateLoader(
      files: world.files, providers: names, schemas: Self.schemas(of: catalog, EmbeddedKinds.of(names).catalog),
      served: { Self.schemas(of: EstateTypes($0, $1, providers).catalog) }, process: world.environment
    ).load(root: root, inputs: inputs)
  }

  /// Checks what was read, with the types that are known by now.
  private func workspace(of loaded: LoadedEstate, _ unlearned: [Diagnostic] = []) -> Workspace {
    let names = world.providers.keys.sorted()
    let embedded = EmbeddedKinds.of(names)
    let types = EstateTypes(loaded, world.providers)
    var (kinds, kindProblems): (KindCatalog, [Diagnostic]) = (embedded.catalog, [])
    if loaded.documents.contains(where: \.isBlueprint) {
      var builder = embedded.builder
      builder.add(loaded.documents)
      (kinds, kindProblems) = builder.finish()
    }
    let scope = ScopeID(estate: loaded.estate.id, environment: loaded.environment?.name)
    let (parameters, parameterProblems) = Self.parameters(of: loaded.policies, in: kinds)
    let (desired, problems) = DesiredStateBuilder.build(
      loaded, catalog: types.catalog, providers: names, scope: scope, kinds: kinds,
      parameters: parameters, served: types.served)
    let offline = desired.targets.flatMap(check) + types.unserved(desired.resources) + unlearned
    return Workspace(
      estate: loaded.estate, desired: desired, catalog: types.catalog,
      diagnostics: (loaded.diagnostics + kindProblems + parameterProblems + problems + offline).inSourceOrder(),
      sources: loaded.sources,
      documents: loaded.documents, policies: loaded.policies, environment: loaded.environment,
      variables: loaded.variables, kinds: kinds, expressions: loaded.manifestNames)
  }

  /// What policies set of the kinds' parameters; each needs a reason.
  private static func parameters(of policies: [Value], in kinds: KindCatalog) -> (values: Value, [Diagnostic]) {
    let set = policies.flatMap { ($0["spec"]?["parameters"] ?? .null).entries }
    if set.isEmpty { return (.map([]), []) }
    let known = Set(kinds.all.flatMap(\.parameters).map(\.name))
    var values: [String: Value] = [:]
    var problems: [Diagnostic] = []
    for entry in set {
      guard known.contains(entry.key), let value = entry.value["value"], !value.isNull else { continue }
      values[entry.key] = value
      guard (entry.value["reason"]?.string ?? "").isEmpty else { continue }
      problems.append(
        .error(
          .policyParameter, "the parameter `\(entry.key)` is set without a reason", at: entry.keyOrigin,
          length: entry.key.unicodeScalars.count, hint: "write `reason:` beside the value"))
    }
    return (.map(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }), problems)
  }

  /// The schemas of kinds and types, for overlays; those of the estate's own blueprints the loader reads itself.
  private static func schemas(of catalog: TypeCatalog, _ kinds: KindCatalog = KindCatalog()) -> KindSchemas {
    { version, kind in
      if let known = kinds[kind], known.name.apiVersion == version { return known.schema }
      let suffix = ".\(ManifestSchemas.ownVersion)"
      let prefix = version.hasSuffix(suffix) ? String(version.dropLast(suffix.count)) : "kubernetes/\(version)"
      return catalog[TypeName("\(prefix)/\(kind)")]?.schema
    }
  }

  /// The environments that the estate has.
  package var environments: EnvironmentFiles { EnvironmentFiles(root: root, files: world.files) }

  /// The types of all providers.
  package var catalog: TypeCatalog {
    world.providers.values.reduce(into: TypeCatalog()) { $0.add($1.catalog) }
  }

  /// `validate`, and a failure where anything is wrong.
  func load() throws(EngineFailure) -> Workspace {
    let workspace = validate()
    guard !workspace.diagnostics.hasErrors else { throw EngineFailure(.error, workspace.diagnostics) }
    return workspace
  }

  /// `load` with the types that targets serve now: for runs that will ask them anyway.
  func loadAsking() async throws(EngineFailure) -> Workspace {
    let loaded = read()
    let workspace = workspace(of: loaded, await EstateTypes.learn(loaded, world.providers))
    guard !workspace.diagnostics.hasErrors else { throw EngineFailure(.error, workspace.diagnostics) }
    return workspace
  }

  private func check(_ target: Target) -> [Diagnostic] {
    guard let provider = world.providers[target.provider] else { return [] }
    return provider.check(target).map { problem in
      .error(
        .targetSetting, problem.message, at: target.settings[problem.path]?.origin ?? target.origin, hint: problem.hint)
    }
  }
}

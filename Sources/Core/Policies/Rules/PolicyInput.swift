import Diagnostics
import Expressions
import Manifests
import Planning
import Resources
import Values

/// Everything that rules look at.
package struct PolicyInput: Sendable {
  package enum Stage: Sendable {
    /// Manifests and what they want; no cloud was asked.
    case validating
    case planning
  }

  package var stage: Stage
  package var manifests: [ManifestDocument]
  package var resources: [Resource]
  package var targets: [TargetFacts]
  /// UTC, `2026-05-01`: waivers end with their day.
  package var today: String
  package var environment: String

  package init(
    _ stage: Stage, manifests: [ManifestDocument] = [], resources: [Resource] = [], targets: [TargetFacts] = [],
    today: String, environment: String = ""
  ) {
    self.stage = stage
    self.manifests = manifests
    self.resources = resources
    self.targets = targets
    self.today = today
    self.environment = environment
  }

  /// One resource as it is wanted, and what is done with it.
  package struct Resource: Sendable {
    package var address: Address
    package var type: TypeName
    package var target: TargetName
    /// nil while validating.
    package var action: Action?
    package var before: Value?
    /// nil where it goes.
    package var after: Value?
    package var isProtected: Bool
    package var isStateful: Bool
    /// Addresses that it refers to.
    package var references: [Address]
    package var origin: SourcePosition?

    package init(
      address: Address, type: TypeName, target: TargetName, action: Action? = nil, before: Value? = nil,
      after: Value?, isProtected: Bool = false, isStateful: Bool = false, references: [Address] = [],
      origin: SourcePosition? = nil
    ) {
      self.address = address
      self.type = type
      self.target = target
      self.action = action
      self.before = before
      self.after = after
      self.isProtected = isProtected
      self.isStateful = isStateful
      self.references = references
      self.origin = origin
    }
  }

  /// A target as rules read it.
  package struct TargetFacts: Sendable {
    package var name: TargetName
    package var provider: String
    /// nil where they are not known before a cloud is asked.
    package var account: String?
    package var region: String?

    package init(name: TargetName, provider: String, account: String?, region: String?) {
      self.name = name
      self.provider = provider
      self.account = account
      self.region = region
    }
  }
}

extension PolicyInput.TargetFacts {
  package init(_ identity: TargetIdentity) {
    self.init(
      name: identity.target, provider: identity.provider, account: identity.account, region: identity.region)
  }

  /// A target as it is written.
  package init(_ target: Target) {
    let settings = target.settings[target.provider]
    let account = settings?["accountId"] ?? settings?["project"] ?? settings?["cluster"]
    self.init(
      name: target.name, provider: target.provider, account: account?.string, region: settings?["region"]?.string)
  }
}

extension PolicyInput {
  /// What the manifests want.
  package init(
    validating desired: DesiredEstate, manifests: [ManifestDocument], catalog: TypeCatalog, today: String
  ) {
    self.init(
      .validating, manifests: manifests,
      resources: desired.resources.map { resource in
        let slots = resource.fields.unknownSlots.map { desired.slots[Int($0.index)] }
        let read = slots.flatMap { $0.template.references.map { Address($0.subject) } }
        return Resource(
          address: resource.address, type: resource.type, target: resource.target, after: resource.fields,
          isProtected: resource.lifecycle.protect, isStateful: catalog[resource.type]?.isStateful ?? false,
          references: read + resource.lifecycle.dependsOn, origin: resource.origin)
      }, targets: desired.targets.map { TargetFacts($0) }, today: today,
      environment: desired.scope.environment ?? "")
  }

  /// What a plan does.
  package init(planning plan: Plan, manifests: [ManifestDocument], targets: [Target], today: String) {
    let known = Dictionary(plan.targets.map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first })
    self.init(
      .planning, manifests: manifests,
      resources: plan.changes.map { change in
        Resource(
          address: change.address, type: change.type, target: change.target, action: change.action,
          before: change.before, after: change.after, isProtected: change.lifecycle.protect,
          isStateful: change.isStateful, references: change.dependencies + change.lateDependencies,
          origin: change.origin)
      }, targets: targets.map { target in known[target.name].map { TargetFacts($0) } ?? TargetFacts(target) },
      today: today, environment: plan.scope.environment ?? "")
  }
}

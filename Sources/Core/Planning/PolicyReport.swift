import Diagnostics
import Resources
import Values

/// What policies said of a plan. They never change what it does, only whether it may be applied.
package struct PolicyReport: Sendable, Equatable {
  /// Where policies were read from, where that is a revision: as it was asked for, and the commit it named.
  package var revision: Revision?
  /// Rules that looked at something.
  package var ruleCount = 0
  /// By address, then rule.
  package var findings: [PolicyFinding] = []
  /// Rules that are decided just before a step.
  package var rechecks: [PolicyRecheck] = []
  /// Parameters as the rules of `rechecks` read them: a map by name.
  package var parameters: Value = .map([])

  package struct Revision: Sendable, Equatable {
    package var name: String
    package var commit: String
    package init(name: String, commit: String) {
      self.name = name
      self.commit = commit
    }
  }

  package init() {}

  package var isDenied: Bool { findings.contains { $0.outcome.isDenial } }
}

/// One rule that did not hold at one address.
package struct PolicyFinding: Sendable, Equatable {
  package enum Outcome: String, Sendable, CaseIterable {
    case denied, warned
    /// It cannot be decided while planning, and the rule denies or warns then.
    case undecidedDenied = "undecided-denied"
    case undecidedWarned = "undecided-warned"
    /// It failed while it was evaluated.
    case failed
    /// It would have denied or warned, and a waiver lets it be.
    case waived
    /// The same by `--waive`.
    case overridden

    package var isDenial: Bool { self == .denied || self == .undecidedDenied || self == .failed }
  }

  package var rule: String
  /// The document or pack that the rule stands in.
  package var policy: String
  package var outcome: Outcome
  /// nil for the estate as a whole.
  package var address: Address?
  package var message: String
  package var hint: String?
  package var severity: String?
  package var references: [String] = []
  /// The manifest.
  package var origin: SourcePosition?
  package var ruleOrigin: SourcePosition?
  /// Who waived it and why; `expires` is empty for `--waive`.
  package var waiver: Grounds?

  package struct Grounds: Sendable, Equatable {
    package var owner: String
    package var reason: String
    /// The last day on which it holds.
    package var expires: String
    package init(owner: String, reason: String, expires: String) {
      self.owner = owner
      self.reason = reason
      self.expires = expires
    }
  }

  package init(rule: String, policy: String, outcome: Outcome, address: Address?, message: String) {
    self.rule = rule
    self.policy = policy
    self.outcome = outcome
    self.address = address
    self.message = message
  }
}

/// A rule that awaits values of one change; it is stored in the plan, so that applying needs no policies.
package struct PolicyRecheck: Sendable, Equatable {
  package var rule: String
  package var policy: String
  package var address: Address
  /// CEL; true allows.
  package var expression: String
  package var denies: Bool
  /// Templates; empty where there are none.
  package var message: String
  package var hint: String
  package var ruleOrigin: SourcePosition?

  package init(rule: String, policy: String, address: Address, expression: String, denies: Bool) {
    self.rule = rule
    self.policy = policy
    self.address = address
    self.expression = expression
    self.denies = denies
    message = ""
    hint = ""
  }
}

/// What a plan costs in a month, in US dollars by list price.
package struct CostReport: Sendable, Equatable {
  /// The day of the prices.
  package var date: String
  package var source: String
  /// Of what stands and is known to us, and of what will stand; what is not estimated is in neither.
  package var before: Double
  package var after: Double
  /// Changes that cost something now or then, or may: sorted by address.
  package var lines: [CostLine]
  /// Resources that will stand, by how they are known.
  package var estimated: Int
  package var free: Int
  /// Resources whose cost depends on use alone.
  package var byUse: Int
  /// Types that no price is known of, and how many resources they have.
  package var notEstimated: [String: Int]

  package init(date: String, source: String) {
    self.date = date
    self.source = source
    before = 0
    after = 0
    lines = []
    estimated = 0
    free = 0
    byUse = 0
    notEstimated = [:]
  }

  package var delta: Double { after - before }
}

/// What one address costs.
package struct CostLine: Sendable, Equatable {
  package var address: Address
  package var type: TypeName
  package var action: Action
  /// US dollars a month; nil where it does not stand then, or is not known.
  package var before: Double?
  package var after: Double?
  /// What depends on use, with the price of one unit: `data processed: $0.045 per GB`.
  package var usage: [String]

  package init(
    address: Address, type: TypeName, action: Action, before: Double?, after: Double?, usage: [String]
  ) {
    self.address = address
    self.type = type
    self.action = action
    self.before = before
    self.after = after
    self.usage = usage
  }
}

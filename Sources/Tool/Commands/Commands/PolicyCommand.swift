import Diagnostics
import Engine
import Manifests
import Platform
import Policies
import Reports
import Resources
import Values

extension CommandOption {
  static let policies = CommandOption(
    "policies", .text("REF"), environment: "PLUMB_POLICIES",
    "read policies and waivers from this git revision, not from the manifests")
  static let cost = CommandOption("cost", "estimate what the changes cost in a month, by list price")
  static let waive = CommandOption(
    "waive", .text("RULE"), isRepeated: true, "let a policy's rule be; needs --reason, and is recorded")
  static let waiverReason = CommandOption("reason", .text("TEXT"), "why --waive is used")
}

extension Command {
  static let policy = Command(
    "policy", "Look at policies, and test them.",
    discussion:
      "Rules of `Policy` documents and of packs are evaluated by `validate`, `plan` and `apply`; "
      + "a denial exits with 5.",
    examples: [
      ("plumb policy list", "all rules of this estate"),
      ("plumb policy test policies/", "run the tests below a folder"),
    ],
    [.policyList, .policyExplain, .policyTest])

  static let policyList = Command(
    "list", "Show the rules that hold here.",
    examples: [
      ("plumb policy list", "id, effect, where it stands, what it asks for"),
      ("plumb policy list --policies main", "those of another revision"),
    ],
    options: [.policies, .environment, .variable, .variableFile]
  ) { invocation in
    await invocation.withSession(needsEnvironment: false) { (session) throws(EngineFailure) in
      let policies = try await session.policies()
      session.reporter.report { $0.lines(RuleText.list(policies.set, session.reporter.palette)) }
      if policies.set.isEmpty { session.reporter.say("No policies. A `Policy` chooses packs or has rules.") }
      for rule in policies.set.rules {
        session.reporter.event(
          EventLine(
            "policy_rule", "\(rule.rule.id): \(rule.rule.summary)",
            [
              ("rule", .string(rule.rule.id)), ("policy", .string(rule.rule.policy)),
              ("effect", .string(rule.rule.effect.rawValue)), ("summary", .string(rule.rule.summary)),
              ("references", .list(rule.rule.references.map { .string($0) })),
            ]))
      }
      return .ok
    }
  }

  static let policyExplain = Command(
    "explain", "Show everything about a rule: what it looks at, its expression, its waivers.",
    examples: [("plumb policy explain world-ssh", "one rule of this estate")],
    options: [.policies, .environment, .variable, .variableFile],
    positionals: [Positional("RULE", "the rule's id")]
  ) { invocation in
    await invocation.withSession(needsEnvironment: false) { (session) throws(EngineFailure) in
      let set = try await session.policies().set
      let id = invocation.arguments.positionals.first ?? ""
      guard let rule = set.rules.first(where: { $0.rule.id == id })?.rule else {
        return invocation.fail(
          .error(
            .unknownRule, "there is no rule `\(id)`",
            hint: Suggestion.hint(for: id, among: set.rules.map(\.rule.id)) ?? "`plumb policy list` shows all rules"))
      }
      let lines = RuleText.lines(rule, set, session.reporter.palette)
      session.reporter.report { $0.lines(lines) }
      session.reporter.event(
        EventLine(
          "explanation", "\(id): \(rule.summary)",
          [("rule", .string(id)), ("lines", .list(lines.map { .string($0) }))]))
      return .ok
    }
  }
}

extension Session {
  /// The estate's policies; what is wrong with them ends the command.
  fileprivate func policies() async throws(EngineFailure) -> EstatePolicies {
    let policies = try await engine.policies(engine.validate())
    guard !policies.diagnostics.hasErrors else {
      throw EngineFailure(.error, policies.diagnostics, sources: policies.set.sources)
    }
    return policies
  }
}

extension Invocation {
  /// Where policies come from, and whether costs are wanted.
  var policyRequest: PolicyRequest {
    var request = PolicyRequest()
    request.revision = arguments.text(.policies)
    request.wantsCost = arguments.has(.cost)
    return request
  }

  /// `--waive` and its reason; a problem where one stands without the other.
  var waiver: Result<ApplyRequest.Waiver?, CommandProblem> {
    let rules = arguments.texts(.waive), reason = arguments.text(.waiverReason) ?? ""
    let isReason = reason.contains { !$0.isWhitespace }
    if rules.isEmpty, arguments.has(.waiverReason) {
      return .failure(CommandProblem(.error(.flagConflict, "`--reason` belongs to `--waive RULE`"), .usage))
    }
    if !rules.isEmpty, !isReason {
      return .failure(
        CommandProblem(
          .error(
            .flagConflict, "`--waive` needs `--reason TEXT`",
            hint: "rule, reason and your name are recorded in the inventory's history"), .usage))
    }
    return .success(rules.isEmpty ? nil : ApplyRequest.Waiver(rules: rules, reason: reason))
  }
}

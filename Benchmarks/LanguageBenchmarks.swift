import Platform

/// The language over whole estates, checked by the built `plumb`: expressions, and the rules of policies.
enum LanguageBenchmarks {
  static let all = [
    Benchmark(name: "estate of expressions") {
      measured("estate of expressions") { folder in
        try expressions(in: folder)
        let run = try validate(folder)
        return [Figure("validate: 5,100 manifests with 10,000 expressions", run.cpuSeconds, "CPU s", .atMost(0.6))]
      }
    },
    Benchmark(name: "policies over an estate") {
      measured("policies over an estate") { folder in
        try EstateCorpus(folder: folder).write(10_000)
        let plain = try validate(folder)
        try files.write(Array(policy(rules: 100).utf8), to: "\(folder)/manifests/policy.yaml", mode: nil)
        let ruled = try validate(folder)
        return [
          Figure(
            "validate: 100 rules over 10,000 resources, the rules alone", ruled.cpuSeconds - plain.cpuSeconds, "CPU s",
            .atMost(1)),
          Figure("validate: the same, peak memory", Double(ruled.peakBytes) / 1e6, "MB", .atMost(200)),
        ]
      }
    },
  ]

  private static let files = LocalFiles()

  private struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a body in a folder of its own, which is gone afterwards.
  private static func measured(_ name: String, _ body: (String) throws -> [Figure]) -> [Figure] {
    let folder = "/tmp/plumb-bench-language-\(SystemRandom().hexID())"
    do {
      try files.makeDirectory("\(folder)/manifests", mode: 0o755)
      let figures = try body(folder)
      _ = try ChildRun.run("/bin/rm", ["-rf", folder])
      return figures
    } catch {
      return [.failed(name, "\(error)")]
    }
  }

  /// The best of five.
  private static func validate(_ folder: String) throws -> ChildRun {
    var best: ChildRun?
    for _ in 0..<5 {
      let run = try ChildRun.run(ChildRun.sibling("plumb"), ["validate"], folder: folder)
      guard run.exitCode == 0 else { throw Refused(description: "validate ended with \(run.exitCode)") }
      if run.cpuSeconds < best?.cpuSeconds ?? .infinity { best = run }
    }
    guard let best else { throw Refused(description: "nothing was run") }
    return best
  }

  // MARK: What is checked

  /// 100 networks of 50 subnets, each with an expression that is a reference and one that computes.
  private static func expressions(in folder: String) throws {
    try files.write(Array(EstateCorpus.estate.utf8), to: "\(folder)/plumb.yaml", mode: nil)
    for network in 0..<100 {
      var text = EstateCorpus.direct("Vpc", "net-\(network)", ["cidrBlock: 10.\(network).0.0/16"])
      for subnet in 0..<50 {
        let words = "\(subnet) ? \"wide\" : \"narrow-\" + string(\(subnet))"
        text += EstateCorpus.direct(
          "Subnet", "sub-\(network)-\(subnet)",
          [
            "vpcId: '${aws.Vpc[\"net-\(network)\"].id}'", "cidrBlock: 10.\(network).\(subnet).0/24",
            "tags:",
            "  block: '${size(aws.Vpc[\"net-\(network)\"].cidrBlock) > \(words)}'",
          ])
      }
      try files.write(Array(text.utf8), to: "\(folder)/manifests/net-\(network).yaml", mode: nil)
    }
  }

  private static func policy(rules count: Int) -> String {
    let rules = (0..<count).map { number in
      """
          - id: rule-\(number)
            match: {resource: aws/*}
            rule: '!has(after.tags) || after.tags.owner != "nobody-\(number)"'
            message: "`${address}` belongs to nobody-\(number)"

      """
    }
    return "apiVersion: plumb.dev/v1\nkind: Policy\nmetadata: {name: bench}\nspec:\n  rules:\n" + rules.joined()
  }
}

import Platform

/// An estate of manifests of a blueprint's kind, expanded and checked by the built `plumb`.
enum BlueprintBenchmarks {
  static let all = [
    Benchmark(name: "blueprints") {
      do {
        let folder = "/tmp/plumb-bench-blueprints-\(SystemRandom().hexID())"
        try write(manifests: 10_000, to: folder)
        var best: ChildRun?
        for _ in 0..<3 {
          let run = try ChildRun.run(ChildRun.sibling("plumb"), ["validate"], folder: folder)
          guard run.exitCode == 0 else { return [.failed("blueprints", "validate ended with \(run.exitCode)")] }
          if run.cpuSeconds < best?.cpuSeconds ?? .infinity { best = run }
        }
        _ = try ChildRun.run("/bin/rm", ["-rf", folder])
        guard let best else { return [] }
        return [
          Figure("blueprints: 10,000 manifests to 100,000", best.cpuSeconds, "CPU s", .atMost(6)),
          Figure("blueprints: 100,000, peak memory", Double(best.peakBytes) / 1e6, "MB", .atMost(1_200)),
        ]
      } catch {
        return [.failed("blueprints", "\(error)")]
      }
    }
  ]

  /// Manifests of one blueprint with a network, a table, four subnets and a group for each: ten resources.
  private static func write(manifests: Int, to folder: String) throws(FileError) {
    let files = LocalFiles()
    try files.makeDirectory("\(folder)/manifests", mode: 0o755)
    try files.write(Array((estate + blueprint).utf8), to: "\(folder)/plumb.yaml", mode: nil)
    let perFile = 500
    for first in stride(from: 0, to: manifests, by: perFile) {
      let text = (first..<min(first + perFile, manifests)).map(manifest).joined()
      try files.write(Array(text.utf8), to: "\(folder)/manifests/nets-\(first).yaml", mode: nil)
    }
  }

  private static func manifest(_ number: Int) -> String {
    let block = "10.\(number / 256 % 256).\(number % 256)"
    return """
      apiVersion: acme.dev/v1
      kind: Net
      metadata: {name: net-\(number)}
      spec:
        cidr: \(block).0/24
        zones: {a: \(block).0/26, b: \(block).64/26, c: \(block).128/26, d: \(block).192/26}
        tags: {team: team-\(number % 50)}
      ---

      """
  }

  private static let estate = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: bench, id: est-bench}
    spec: {defaults: {targets: {aws: main}}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec: {aws: {accountId: "123456789012", region: us-west-2}}
    ---

    """

  private static let blueprint = """
    apiVersion: plumb.dev/v1
    kind: Blueprint
    metadata: {name: net}
    spec:
      defines: {apiVersion: acme.dev/v1, kind: Net}
      schema:
        required: [cidr, zones]
        properties:
          cidr: {type: string, format: cidr}
          dns: {type: boolean, default: true}
          zones: {type: object, additionalProperties: {type: string, format: cidr}}
          tags: {type: object, additionalProperties: {type: string}, default: {}}
      validations:
        - {rule: size(spec.zones) >= 2, path: spec.zones, message: needs two zones}
      resources:
        aws:
          - role: vpc
            type: aws/Vpc
            template: {cidrBlock: "${spec.cidr}", enableDnsHostnames: "${spec.dns}", tags: "${spec.tags}"}
          - role: table
            type: aws/RouteTable
            template: {vpcId: "${resources.vpc.id}", tags: "${spec.tags}"}
          - role: subnet
            type: aws/Subnet
            forEach: {in: spec.zones, as: [zone, block], key: zone}
            template:
              vpcId: "${resources.vpc.id}"
              cidrBlock: "${block}"
              availabilityZone: "us-west-2${zone}"
              tags: {Name: "${metadata.name}-${zone}"}
          - role: group
            type: aws/SecurityGroup
            forEach: {in: spec.zones, as: [zone], key: zone}
            template:
              vpcId: "${resources.vpc.id}"
              groupName: "${metadata.name}-${zone}"
              description: "Zone ${zone}"
              tags: {subnet: "${resources.subnet[zone].id}"}
      outputs: {vpcId: "${resources.vpc.id}"}

    """
}

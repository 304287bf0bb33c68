import Diagnostics
import Expressions
import Values

enum ExpressionBenchmarks {
  static let all = [
    Benchmark(name: "expressions") {
      [compiling(), policies(), comprehension(), estate()]
    }
  ]

  private static let policy = #"object.spec.replicas <= 5 && object.metadata.name.startsWith("x")"#

  private static let environment = ExpressionEnvironment(variables: ["object": .map(.string, .dyn)])

  private static func program(_ source: String, in environment: ExpressionEnvironment) -> Program {
    let (program, problems) = Program.compile(source, in: environment)
    guard let program else { preconditionFailure("the expression must compile: \(problems)") }
    return program
  }

  /// Text to a checked program.
  private static func compiling() -> Figure {
    let count = 10_000
    let seconds = Measure.least {
      for _ in 0..<count { keep(program(policy, in: environment).references.count) }
    }
    return Figure("expressions: compile a simple policy", seconds / Double(count) * 1e6, "µs", .atMost(40))
  }

  /// One million simple policies over documents as they are read from YAML.
  private static func policies() -> Figure {
    let program = program(policy, in: environment)
    let documents = (0..<100).map { document($0) }
    let seconds = Measure.least(of: 3) {
      var passed = 0
      for index in 0..<1_000_000 {
        let activation = Activation(["object": .value(documents[index % 100])])
        if program.evaluate(activation).isTrue { passed += 1 }
      }
      precondition(passed == 600_000, "\(passed) documents pass")
    }
    return Figure("expressions: 1,000,000 simple policies", seconds, "s", .atMost(1))
  }

  /// Items of lists looked at, in a rule that goes through two levels.
  private static func comprehension() -> Figure {
    let source = "object.spec.containers.all(c, c.ports.exists(p, p.number == 443) && has(c.image))"
    let program = program(source, in: environment)
    let container: Value = [
      "name": "web", "image": "nginx:1", "ports": [["number": 80], ["number": 8080], ["number": 443]],
    ]
    let document: Value = ["spec": ["containers": .list(Array(repeating: container, count: 100))]]
    let seconds = Measure.least {
      for _ in 0..<1_000 {
        precondition(program.evaluate(Activation(["object": .value(document)])).isTrue, "the rule holds")
      }
    }
    return Figure("expressions: comprehension, an item", seconds / 300_000 * 1e9, "ns", .atMost(1_000))
  }

  /// What `validate` does for an estate with 10,000 fields that are expressions.
  private static func estate() -> Figure {
    let environment = ExpressionEnvironment(
      variables: ["var": .object(ObjectType(name: "variables", fields: ["region": .string, "count": .int]))],
      readsManifests: true)
    let sources = (0..<10_000).map { index in
      switch index % 4 {
      case 0: "${aws.Vpc[\"net-\(index)\"].id}"
      case 1: "arn:aws:s3:::${var.region}-bucket-${aws.Bucket[\"b\(index)\"].name}/*"
      case 2: "${var.count > 3 ? \"large\" : \"small\"}"
      default: "${[1, 2, 3].filter(x, x < var.count).map(x, \"zone-\" + string(x))}"
      }
    }
    let seconds = Measure.least {
      for source in sources {
        let template = Template.parse(source, in: environment) { _ in nil }
        precondition(template.diagnostics.isEmpty, "\(template.diagnostics)")
      }
    }
    return Figure("expressions: check 10,000 expressions", seconds, "s", .atMost(0.6))
  }

  private static func document(_ index: Int) -> Value {
    [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": [
        "name": .string(index % 10 < 6 ? "x-service-\(index)" : "y-service-\(index)"), "namespace": "default",
        "labels": ["app": "web", "team": "platform"],
      ],
      "spec": [
        "selector": ["matchLabels": ["app": "web"]], "strategy": ["type": "RollingUpdate"],
        "replicas": .int(3), "template": ["spec": ["containers": [["name": "web"]]]],
      ],
    ]
  }
}

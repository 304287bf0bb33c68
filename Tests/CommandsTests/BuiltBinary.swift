import Platform
import TestSupport

/// Runs the built `plumb` in a folder of its own and writes down what a user sees.
struct BuiltBinary {
  let folder = TemporaryDirectory()
  /// Nothing of the machine's own settings reaches the program.
  var environment: Environment

  init(_ files: [String: String] = [:], _ variables: [String: String] = [:]) {
    environment = Environment(["PATH": "/usr/bin:/bin", "USER": "ana"].merging(variables) { $1 })
    for (name, text) in files { folder.write(text, to: name) }
  }

  func run(_ line: String) async throws -> ProcessGate.Answer {
    let words = line.split(separator: " ").map { String($0).replacing("\u{2423}", with: " ") }
    return try await ProcessGate.run([BuiltProgram.path] + words, environment: environment, directory: folder.path)
  }

  /// What a user sees of each line, with everything that differs from run to run replaced.
  func transcript(_ lines: [String]) async throws -> String {
    var text = ""
    for line in lines {
      let answer = try await run(line)
      text += "$ plumb \(line.replacing("\u{2423}", with: " "))\n" + answer.text
      if !answer.errorText.isEmpty { text += "[stderr]\n" + answer.errorText }
      text += "[exit \(answer.code)]\n\n"
    }
    return normalized(text)
  }

  /// Steps that do not wait for each other come in any order: their lines are sorted.
  private func sortingProgress(_ text: String) -> String {
    var lines: [Substring] = [], run: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.contains(/ing\.\.\.$| complete after |"type":"apply_(start|complete)"/) {
        run.append(line)
      } else {
        lines += run.sorted() + [line]
        run = []
      }
    }
    return (lines + run.sorted()).joined(separator: "\n")
  }

  func normalized(_ text: String) -> String { sortingProgress(replacingIDs(text)) }

  private func replacingIDs(_ text: String) -> String {
    text.replacing(folder.path, with: "FOLDER")
      .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "TIME")
      .replacing(/(plan|run)-[0-9a-z]{16}/) { "\($0.1)-ID" }
      .replacing(/\b([a-z]+)-[0-9a-f]{17}\b/) { "\($0.1)-ID" }
      .replacing(/est-[0-9a-z]{10}/, with: "est-ID")
      .replacing(/run-ID-\d+/, with: "run-ID-N")
      .replacing(/after \d+s/, with: "after 0s")
      .replacing(/"elapsed_seconds":\d+/, with: "\"elapsed_seconds\":0")
      .replacing(/(process|"process":) ?\d+/) { "\($0.1) N" }
      .replacing(/ana@[A-Za-z0-9.-]+/, with: "ana@HOST")
  }
}

/// Manifests for the tests.
enum SampleEstate {
  static let settings = """
    apiVersion: plumb.dev/v1
    kind: Estate
    metadata: {name: demo, id: est-abc123}
    spec:
      defaults: {targets: {aws: main}}
    ---
    apiVersion: plumb.dev/v1
    kind: Target
    metadata: {name: main}
    spec:
      aws: {accountId: "123456789012", region: us-west-2}

    """

  static let network = """
    apiVersion: aws.plumb.dev/v1
    kind: Vpc
    metadata: {name: main}
    spec:
      cidrBlock: 10.0.0.0/16
      tags: {Name: main}
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Subnet
    metadata: {name: a}
    spec:
      vpcId: ${aws.Vpc.main.id}
      cidrBlock: 10.0.1.0/24
      availabilityZone: us-west-2a
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Bucket
    metadata: {name: data}
    spec: {bucket: acme-data}

    """

  static let files = ["plumb.yaml": settings, "manifests/network.yaml": network]

  /// The settings with one manifest.
  static func with(_ manifest: String) -> [String: String] {
    ["plumb.yaml": settings, "manifests/a.yaml": manifest]
  }
}

// swift-tools-version: 6.2
import PackageDescription

// One line a target, grouped by wing. `Documentation/Modules.md` holds the table of allowed imports and
// `ArchitectureTests` compares every `import` with it, since the package manager does not.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func named(_ names: [String]) -> [Target.Dependency] { names.map { .init(stringLiteral: $0) } }

func room(_ wing: String, _ name: String, _ dependencies: [String] = [], tests: [String] = []) -> [Target] {
  [
    .target(name: name, dependencies: named(dependencies), path: "Sources/\(wing)/\(name)", swiftSettings: settings),
    suite("\(name)Tests", [name] + dependencies + tests),
  ]
}

/// Folders of test files that are no sources; naming one that does not exist is a warning.
let beside = [
  "BlueprintsTests": ["Snapshots"],
  "KindsTests": ["Fixtures", "Snapshots"],
  "AWSProviderTests": ["Fixtures"],
  "CommandsTests": ["Snapshots"],
  "ManifestsTests": ["Snapshots"],
  "PoliciesTests": ["Packs", "Snapshots"],
  "ReportsTests": ["Snapshots"],
  "ExpressionsTests": ["Snapshots"],
  "ValuesTests": ["Snapshots"],
  "YAMLTests": ["Snapshots"],
]

/// What a suite needs beside its rooms.
let helpers = ["KindsTests": ["Builtins"], "SimulationTests": ["DiskShim"]]

func suite(_ name: String, _ dependencies: [String]) -> Target {
  .testTarget(
    name: name, dependencies: named(dependencies + ["TestSupport"] + (helpers[name] ?? [])), path: "Tests/\(name)",
    exclude: beside[name] ?? [],
    swiftSettings: settings)
}

let cLibraries: [Target] = [
  .systemLibrary(
    name: "CYAML", path: "Sources/CLibraries/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  .systemLibrary(
    name: "CCrypto", path: "Sources/CLibraries/CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(
    name: "CSQLite", path: "Sources/CLibraries/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .systemLibrary(
    name: "CExpat", path: "Sources/CLibraries/CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
  .target(name: "CCurl", path: "Sources/CLibraries/CCurl"),
  .target(name: "CLinux", path: "Sources/CLibraries/CLinux"),
  .target(
    name: "CBuiltins", path: "Sources/CLibraries/CBuiltins",
    exclude: ["Blueprints", "Kubernetes", "Policies", "Prices"]),
  .target(name: "CRE2", path: "Sources/CLibraries/CRE2", linkerSettings: [.linkedLibrary("re2")]),
]

let base =
  room("Base", "Graphs")
  + room("Base", "Diagnostics")
  + room("Base", "Values", ["Diagnostics"])
  + room("Base", "Builtins", ["CBuiltins"], tests: ["Platform"])
  + room("Base", "Platform", ["Diagnostics", "CLinux"])
  + room("Base", "Cryptography", ["Values", "CCrypto"])
  + room("Base", "SQLite", ["Platform", "Diagnostics", "CSQLite"])
  + room("Base", "HTTP", ["Values", "Diagnostics", "Platform", "Cryptography", "CCurl"])

let language =
  room("Language", "YAML", ["Values", "Diagnostics", "CYAML"])
  + room("Language", "Expressions", ["Values", "Diagnostics", "Platform", "CRE2"])
  + room("Language", "Schemas", ["Values", "Diagnostics", "Expressions"])
  + room(
    "Language", "Manifests", ["Values", "Diagnostics", "Platform", "Cryptography", "YAML", "Expressions", "Schemas"])

let core =
  room("Core", "Resources", ["Values", "Diagnostics", "Expressions", "Schemas"])
  + room(
    "Core", "Blueprints",
    ["Values", "Diagnostics", "Graphs", "Builtins", "YAML", "Expressions", "Schemas", "Manifests", "Resources"],
    tests: ["Platform", "ProviderKit", "AWSProvider", "GCPProvider", "KubernetesProvider"])
  + room("Core", "ProviderKit", ["Values", "Diagnostics", "Platform", "Schemas", "Resources"])
  + room(
    "Core", "Planning", ["Values", "Diagnostics", "Graphs", "Cryptography", "Expressions", "Schemas", "Resources"])
  + room(
    "Core", "Policies",
    [
      "Values", "Diagnostics", "Builtins", "YAML", "Expressions", "Schemas", "Manifests", "Resources", "Planning",
    ], tests: ["Platform", "ProviderKit", "AWSProvider", "GCPProvider", "KubernetesProvider"])
  + room("Core", "Inventory", ["Values", "Diagnostics", "Platform", "Cryptography", "SQLite", "Schemas", "Resources"])
  + room(
    "Core", "Applying",
    [
      "Values", "Diagnostics", "Platform", "Cryptography", "Expressions", "Schemas", "Resources", "ProviderKit",
      "Planning", "Inventory",
    ])

let providers =
  room(
    "Providers", "AWSClient",
    ["Values", "Diagnostics", "Platform", "Cryptography", "HTTP", "CExpat", "Schemas", "Resources", "ProviderKit"])
  + room(
    "Providers", "AWSProvider",
    ["Values", "Diagnostics", "Platform", "Cryptography", "HTTP", "Schemas", "Resources", "ProviderKit", "AWSClient"])
  + room(
    "Providers", "GCPClient",
    ["Values", "Diagnostics", "Platform", "Cryptography", "HTTP", "Schemas", "Resources", "ProviderKit", "AWSClient"])
  + room(
    "Providers", "KubernetesClient",
    ["Values", "Diagnostics", "Platform", "Cryptography", "HTTP", "YAML", "Resources", "ProviderKit"])
  + room(
    "Providers", "KubernetesProvider",
    [
      "Values", "Diagnostics", "Platform", "Cryptography", "HTTP", "Builtins", "YAML", "Schemas", "Resources",
      "ProviderKit", "KubernetesClient",
    ])
  + room(
    "Providers", "GCPProvider",
    ["Values", "Platform", "Cryptography", "HTTP", "Schemas", "Resources", "ProviderKit", "GCPClient"])
  + room(
    "Providers", "S3Inventory",
    ["Values", "Diagnostics", "Platform", "Cryptography", "HTTP", "Resources", "ProviderKit", "Inventory", "AWSClient"])
  + room(
    "Providers", "SandboxProvider",
    ["Values", "Diagnostics", "Platform", "Cryptography", "SQLite", "Schemas", "Resources", "ProviderKit"])

let everything = [
  "Graphs", "Diagnostics", "Values", "Platform", "Cryptography", "SQLite", "HTTP", "YAML", "Expressions", "Schemas",
  "Manifests",
  "Resources", "Blueprints", "ProviderKit", "Planning", "Policies", "Inventory", "Applying",
]

let tool =
  room(
    "Tool", "Engine", everything,
    tests: ["AWSClient", "AWSProvider", "GCPProvider", "KubernetesProvider", "SandboxProvider"])
  + room("Tool", "Reports", everything + ["Engine"], tests: ["AWSProvider", "GCPProvider", "KubernetesProvider"])
  + room(
    "Tool", "Commands",
    everything + [
      "Engine", "Reports", "AWSClient", "AWSProvider", "GCPProvider", "KubernetesClient", "KubernetesProvider",
      "S3Inventory", "SandboxProvider",
    ])
  + [.executableTarget(name: "plumb", dependencies: ["Commands"], path: "Sources/Tool/plumb", swiftSettings: settings)]

let tests =
  [
    Target.target(name: "DiskShim", path: "Tests/DiskShim"),
    Target.target(
      name: "TestSupport", dependencies: named(["Diagnostics", "Values", "Platform"]), path: "Tests/TestSupport",
      swiftSettings: settings),
  ]
  + ["ArchitectureTests", "ConformanceTests", "EmulatorTests", "KindsTests", "SimulationTests"].map {
    suite(
      $0,
      everything + ["Commands"] + [
        "Engine", "Reports", "AWSClient", "AWSProvider", "GCPClient", "GCPProvider", "KubernetesClient",
        "KubernetesProvider", "S3Inventory", "SandboxProvider",
      ])
  }

/// Entry points for libFuzzer, which `.ci/fuzz` links; every build sees that they compile.
let fuzzers: [Target] = [
  .target(
    name: "Fuzzers",
    dependencies: named([
      "Diagnostics", "Values", "Platform", "YAML", "Expressions", "Schemas", "Manifests", "Resources", "Blueprints",
      "Planning", "Policies", "Inventory", "AWSClient", "S3Inventory",
    ]), path: "Tests/Fuzzers", exclude: ["Seeds"], swiftSettings: settings)
]

let benchmarks: [Target] = [
  .executableTarget(
    name: "bench",
    dependencies: named(["Graphs", "Values", "Platform", "YAML", "Diagnostics", "Expressions", "CYAML"]),
    path: "Benchmarks",
    exclude: ["peers"], swiftSettings: settings)
]

/// `PLUMB_SUITES=ValuesTests,YAMLTests swift test` builds those suites alone: a quick turn while working on one room.
let suites = Context.environment["PLUMB_SUITES"]?.split(separator: ",").map(String.init)
let chosenTests = { (target: Target) in target.type != .test || suites?.contains(target.name) ?? true }

let package = Package(
  name: "Plumb",
  products: [.executable(name: "plumb", targets: ["plumb"])],
  targets: (cLibraries + base + language + core + providers + tool + tests + fuzzers + benchmarks).filter(chosenTests)
)

import Glibc

// libFuzzer's own `main` calls these two. One program holds every subject; the variable FUZZ_SUBJECT says which.

@_cdecl("LLVMFuzzerInitialize")
package func initialize(_ count: OpaquePointer?, _ arguments: OpaquePointer?) -> CInt {
  let name = getenv("FUZZ_SUBJECT").map { String(cString: $0) } ?? ""
  precondition(Subjects.named[name] != nil, "FUZZ_SUBJECT names none of \(Subjects.named.keys.sorted())")
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Subjects.chosen(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// What is fuzzed, by name. A subject ends the program where one of its promises does not hold.
enum Subjects {
  typealias Subject = @Sendable ([UInt8]) -> Void

  static let named: [String: Subject] = [
    "yaml": TextSubjects.yaml,
    "json": TextSubjects.json,
    "expression": TextSubjects.expression,
    "cel": LanguageSubjects.cel,
    "manifest": EstateSubjects.manifest,
    "blueprint": BlueprintSubjects.blueprint,
    "policy": PolicySubjects.policy,
    "journal": EstateSubjects.journal,
    "record": EstateSubjects.record,
    "plan": EstateSubjects.plan,
    "segment": BucketSubjects.segment,
    "snapshot": BucketSubjects.snapshot,
    "lock": BucketSubjects.lock,
    "xml": WireSubjects.xml,
    "canary": canary,
  ]

  static let chosen: Subject = getenv("FUZZ_SUBJECT").flatMap { named[String(cString: $0)] } ?? canary

  /// Proof that fuzzing works: a crash that is only reached by learning from coverage.
  private static let canary: Subject = { bytes in
    guard bytes.count >= 4, bytes[0] == UInt8(ascii: "P") else { return }
    guard bytes[1] == UInt8(ascii: "L"), bytes[2] == UInt8(ascii: "U") else { return }
    precondition(bytes[3] != UInt8(ascii: "M"), "the canary was found")
  }
}

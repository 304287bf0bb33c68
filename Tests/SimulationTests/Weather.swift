import ProviderKit

/// Which of a process's calls go wrong: drawn from a seed by the number of the write alone, and for reads by what is
/// read and how often it was read before.
struct Weather: Sendable {
  enum Fault: String, Sendable, CaseIterable {
    case throttle, errorBefore, denied, lostRequest, lostResponse, errorAfter, partial
  }

  var seed: UInt64 = 0
  /// From 0 to 1.
  var probability = 0.0
  /// Later writes go well.
  var lastWrite = 40
  /// What happens to certain writes, whatever is drawn.
  var certain: [Int: Fault] = [:]

  /// The same for reads.
  var readProbability = 0.0

  func readFault(_ call: String, _ number: Int) -> ProviderError? {
    guard readProbability > 0 else { return nil }
    let key = call.utf8.reduce(UInt64(number)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    var generator = SimulationRandom(seed: seed ^ key)
    guard generator.chance(readProbability) else { return nil }
    return generator.pick([
      ProviderError(.throttled(retryAfter: nil), effect: .none, "slow down"),
      ProviderError(.transient, effect: .none, "the connection was closed"),
      ProviderError(.denied(permission: "all"), effect: .none, "not authorized"),
      ProviderError(.other, effect: .none, "the answer cannot be read"),
    ])
  }

  func fault(_ number: Int) -> Fault? {
    if let fault = certain[number] { return fault }
    guard number <= lastWrite else { return nil }
    var generator = SimulationRandom(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
    guard generator.chance(probability) else { return nil }
    return generator.pick(Fault.allCases)
  }
}

import TestSupport

/// Draws for simulations.
struct SimulationRandom {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func word() -> UInt64 { generator.next() }
  mutating func below(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
  mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }
  mutating func chance(_ probability: Double) -> Bool { Double(generator.next() >> 11) * 0x1p-53 < probability }
  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}

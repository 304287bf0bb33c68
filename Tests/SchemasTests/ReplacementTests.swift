import Schemas
import Testing
import Values

@Suite("what a new object is needed for")
struct ReplacementTests {
  private func field(_ marks: Field.Marks) -> Field { Field("block", .string, marks, equality: .cidr, "A block.") }

  @Test("a block that widens changes in place where the new one holds the old one, and nowhere else")
  func widening() {
    let widening = field([.immutable, .widens])
    for block: Value in ["10.40.0.0/19", "10.0.0.0/8", "10.40.0.0/20"] {
      #expect(!widening.forcesReplacement(from: "10.40.0.0/20", to: block))
    }
    for block: Value in ["10.40.0.0/21", "10.44.0.0/16", "2001:db8::/19", "none", .null] {
      #expect(widening.forcesReplacement(from: "10.40.0.0/20", to: block))
    }
    #expect(widening.forcesReplacement(from: "10.40.0.0/20", to: nil))
  }

  @Test("an immutable block never changes in place, any other always does")
  func others() {
    #expect(field(.immutable).forcesReplacement(from: "10.40.0.0/20", to: "10.40.0.0/19"))
    #expect(!field(.required).forcesReplacement(from: "10.40.0.0/20", to: "10.44.0.0/20"))
  }
}

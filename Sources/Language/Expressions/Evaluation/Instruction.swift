/// One step of a compiled expression. Steps lie in one array and name each other by index, operands before their
/// users, so that reading one touches no reference count.
struct Instruction {
  enum Code: UInt8 {
    /// `a`: constant.
    case constant
    /// `a`: name.
    case variable
    /// `a`: list of names.
    case anyOf
    /// `a`: slot.
    case local
    /// `a`: reference.
    case reference
    /// `a`: operand, `b`: name.
    case select, selectOptional, test
    /// `a`: operand, `b`: index.
    case index, indexOptional
    /// `a`: first in `children`, `b`: count.
    case and, or
    /// `a`, `b`: operands.
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, isIn
    case add, subtract, multiply, divide, remainder
    /// `a`: operand.
    case not, negate
    /// `a`: condition, `b`, `c`: results.
    case conditional
    /// `a`: first in `children`, `b`: count, `c`: call site.
    case call
    /// `a`: first in `children`, `b`: count; each child is followed by 1 where it is optional, else 0.
    case list
    /// The same with key, value and mark for each entry.
    case map
    /// `a`: comprehension.
    case comprehension
    /// `a`: slot, `b`: value, `c`: body.
    case bind
    /// `a`: slot, `b`: operand, `c`: body.
    case optionalMap, optionalFlatMap
    /// `a`: name of a function that does not exist.
    case missing
  }

  var code: Code
  var a: Int32 = 0
  var b: Int32 = 0
  var c: Int32 = 0
  /// Bytes of the text where its problems are shown.
  var start: Int32 = 0
  var end: Int32 = 0

  var range: Range<Int> { Int(start)..<Int(end) }
}

/// A call with the overloads that may fit, chosen by the operands' kinds.
struct CallSite {
  let name: String
  let overloads: [Overload]
}

struct CompiledComprehension {
  var kind: Comprehension.Kind
  var range: Int32
  var slot: Int32
  var hasSecond: Bool
  var filter: Int32?
  var body: Int32
}

/// A compiled expression.
final class CompiledCode: Sendable {
  let instructions: ContiguousArray<Instruction>
  let root: Int32
  let constants: ContiguousArray<Operand>
  let names: ContiguousArray<String>
  let children: ContiguousArray<Int32>
  let sites: ContiguousArray<CallSite>
  let comprehensions: ContiguousArray<CompiledComprehension>
  let references: ContiguousArray<Reference>
  let candidates: ContiguousArray<[String]>
  /// Variables of macros in use at once.
  let slotCount: Int

  init(_ emitter: Emitter, root: Int32, slotCount: Int) {
    instructions = emitter.instructions
    constants = emitter.constants
    names = emitter.names
    children = emitter.children
    sites = emitter.sites
    comprehensions = emitter.comprehensions
    references = emitter.references
    candidates = emitter.candidates
    self.root = root
    self.slotCount = slotCount
  }
}

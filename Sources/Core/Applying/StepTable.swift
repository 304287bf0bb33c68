import Planning
import Resources

/// A plan's steps seen from its changes: which operations each change has, and in which lane each step runs.
struct StepTable: Sendable {
  /// Operations of one change.
  struct Operations: OptionSet, Sendable {
    let rawValue: UInt8
    static let create = Operations(rawValue: 1)
    static let update = Operations(rawValue: 2)
    static let setLate = Operations(rawValue: 4)
    static let delete = Operations(rawValue: 8)
    static let adopt = Operations(rawValue: 16)
    static let move = Operations(rawValue: 32)
    static let clearLate = Operations(rawValue: 64)
    static let forget = Operations(rawValue: 128)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ operation: Step.Operation) {
      switch operation {
      case .create: self = .create
      case .update: self = .update
      case .setLate: self = .setLate
      case .delete: self = .delete
      case .adopt: self = .adopt
      case .move: self = .move
      case .clearLate: self = .clearLate
      case .forget: self = .forget
      }
    }
  }

  /// A service of a target: its calls are limited together.
  struct LaneName: Hashable, Sendable {
    var target: TargetName
    /// `aws`, or the group of a type with more than two parts.
    var service: String
  }

  let graph: StepGraph
  /// By change.
  let operations: [Operations]
  /// Operations that an earlier run of this plan has done, by change.
  let doneBefore: [Operations]
  let lanes: [LaneName]

  init(_ plan: Plan, done: [Int]) {
    var operations = [Operations](repeating: [], count: plan.changes.count)
    var doneBefore = operations
    var numbers: [LaneName: Int] = [:]
    var lanes: [LaneName] = []
    var stepLanes: [Int] = []
    stepLanes.reserveCapacity(plan.steps.count)
    for step in plan.steps {
      operations[step.change].insert(Operations(step.operation))
      let change = plan.changes[step.change]
      let name = LaneName(target: change.target, service: Self.service(of: change.type))
      if let known = numbers[name] {
        stepLanes.append(known)
      } else {
        numbers[name] = lanes.count
        stepLanes.append(lanes.count)
        lanes.append(name)
      }
    }
    for step in done { doneBefore[plan.steps[step].change].insert(Operations(plan.steps[step].operation)) }
    graph = StepGraph(dependencies: plan.steps.map(\.dependencies), lanes: stepLanes)
    self.operations = operations
    self.doneBefore = doneBefore
    self.lanes = lanes
  }

  /// Everything of a type's name but its kind.
  private static func service(of type: TypeName) -> String {
    type.text.lastIndex(of: "/").map { String(type.text[..<$0]) } ?? type.text
  }
}

extension Plan {
  func facts(_ step: Int) -> StepFacts {
    let step = steps[step]
    let change = changes[step.change]
    return StepFacts(
      step: step.id, address: change.address, type: change.type, target: change.target, operation: step.operation,
      action: change.action, incarnation: step.incarnation)
  }
}

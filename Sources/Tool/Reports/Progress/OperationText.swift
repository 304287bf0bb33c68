import Planning

/// The words for one step's progress.
enum OperationText {
  /// `Creating` in `aws.Vpc/prod: Creating...`.
  static func doing(_ operation: Step.Operation) -> String {
    switch operation {
    case .create: "Creating"
    case .update: "Modifying"
    case .delete: "Destroying"
    case .adopt: "Adopting"
    case .move: "Moving"
    case .forget: "Forgetting"
    case .setLate: "Linking"
    case .clearLate: "Unlinking"
    }
  }

  /// `Creation` in `aws.Vpc/prod: Creation complete after 2s`.
  static func deed(_ operation: Step.Operation) -> String {
    switch operation {
    case .create: "Creation"
    case .update: "Modification"
    case .delete: "Destruction"
    case .adopt: "Adoption"
    case .move: "Move"
    case .forget: "Forgetting"
    case .setLate: "Linking"
    case .clearLate: "Unlinking"
    }
  }

  /// `45s`, `1m5s`, `1h0m5s`.
  static func elapsed(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60)
    if hours > 0 { return "\(hours)h\(minutes)m\(rest)s" }
    return minutes > 0 ? "\(minutes)m\(rest)s" : "\(rest)s"
  }
}

extension FunctionLibrary {
  /// The parts of moments and spans: `getFullYear()`, with a time zone as an argument.
  static let moments: [Overload] =
    parts.flatMap { name, part in
      [
        Overload.method(
          name, [.timestamp], .int,
          .unary { moment throws(EvaluationError) in
            .int(try FunctionLibrary.part(moment, zone: "UTC", part))
          }),
        .method(
          name, [.timestamp, .string], .int,
          .binary { moment, zone throws(EvaluationError) in
            .int(try FunctionLibrary.part(moment, zone: zone.text ?? "", part))
          }),
      ]
    }
    + spans.map { name, unit in
      .method(
        name, [.duration], .int,
        .unary { span in
          guard case .duration(let nanoseconds) = span else { return .int(0) }
          return .int(nanoseconds / unit)
        })
    }

  private static let spans: [(String, Int64)] = [
    ("getHours", 3_600_000_000_000), ("getMinutes", 60_000_000_000), ("getSeconds", 1_000_000_000),
    ("getMilliseconds", 1_000_000),
  ]

  private typealias Part = @Sendable (Timestamp, Timestamp.Civil) -> Int

  private static let parts: [(String, Part)] = [
    ("getFullYear", { $1.year }), ("getMonth", { $1.month - 1 }), ("getDate", { $1.day }),
    ("getDayOfMonth", { $1.day - 1 }), ("getDayOfWeek", { $1.dayOfWeek }), ("getDayOfYear", { $1.dayOfYear }),
    ("getHours", { $1.hour }), ("getMinutes", { $1.minute }), ("getSeconds", { $1.second }),
    ("getMilliseconds", { moment, _ in Int(moment.nanoseconds / 1_000_000) }),
  ]

  private static func part(_ operand: Operand, zone: String, _ part: Part) throws(EvaluationError) -> Int64 {
    guard case .timestamp(let moment) = operand else { return 0 }
    guard let offset = TimeZones.offset(of: zone, at: moment) else {
      throw EvaluationError("there is no time zone `\(zone)`", hint: "such as `Europe/Zurich` or `+02:00`")
    }
    return Int64(part(moment, moment.civil(offset: offset)))
  }
}

import GCPClient
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/billing/docs/reference/budget/rest/v1/billingAccounts.budgets
  static let gcpBudget = ResourceType(
    TypeName("gcp/Budget"), "A budget of the target's billing account, and who is told when it is spent.",
    schema: Schema([
      Field("displayName", .string, .required, "For readers, at most 60 characters; no two of ours may share it."),
      Field(
        "amount",
        .object(
          Schema([
            Field(
              "specifiedAmount",
              .object(
                Schema([
                  Field("currencyCode", .string, .optionalComputed, "The account's currency."),
                  Field("units", .string, .required, "The amount."),
                  Field("nanos", .int, serverDefault: 0, "Billionths of a unit."),
                ])), [], "An amount."),
            Field("lastPeriodAmount", .any, [], "`{}`: as much as in the last period."),
          ])), .required, "How much."),
      Field(
        "budgetFilter",
        .object(
          Schema([
            Field("projects", .list(.string, .unordered), [], "Only of these: `projects/…`."),
            Field("services", .list(.string, .unordered), [], "Only for these: `services/…`."),
            Field(
              "calendarPeriod", .string, .optionalComputed, allowed: ["MONTH", "QUARTER", "YEAR"], "In which time."),
            Field(
              "creditTypesTreatment", .string, .optionalComputed,
              allowed: ["INCLUDE_ALL_CREDITS", "EXCLUDE_ALL_CREDITS", "INCLUDE_SPECIFIED_CREDITS"],
              "Whether credits count."),
          ])), .optionalComputed, "What counts."),
      Field(
        "thresholdRules",
        .list(
          .object(
            Schema([
              Field("thresholdPercent", .double, .required, "The share, 0.5 for a half."),
              Field(
                "spendBasis", .string, serverDefault: "CURRENT_SPEND", allowed: ["CURRENT_SPEND", "FORECASTED_SPEND"],
                "What is spent or what will be."),
            ])), .unordered), .exclusive, "When somebody is told."),
      Field(
        "notificationsRule",
        .object(
          Schema([
            Field("pubsubTopic", .string, [], "A topic that is told."),
            Field("schemaVersion", .string, .optionalComputed, "`1.0`."),
            Field(
              "monitoringNotificationChannels", .list(.string, .unordered), references: "gcp/NotificationChannel",
              "Channels that are told, by their ids."),
            Field("disableDefaultIamRecipients", .bool, serverDefault: false, "Whether the account's owners are not."),
          ])), .optionalComputed, "Who is told."),
    ]),
    identity: Identity(
      naturalKey: ["displayName"], uniqueness: .account, consistencyWindow: .seconds(10), idPrefix: "budgets/"),
    marker: .none, recovery: .naturalKey, scope: .account, operations: .permissions("billing.budgets"))
}

extension GCPType {
  static let budget = GCPType(
    .gcpBudget,
    .resources(
      .billingBudgets, "billingAccounts.budgets", id: nil,
      [.pages("billingAccounts/{billingAccount}/budgets", "budgets", most: 100)], marking: .none, guardField: "etag"
    ) {
      $0.creation.path = "billingAccounts/{billingAccount}/budgets"
    })
}

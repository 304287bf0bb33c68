import Resources
import Schemas

extension AWSType {
  /// https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_RequestServiceQuotaIncrease.html
  static let serviceQuotaIncrease = AWSType(
    type: ResourceType(
      TypeName("aws/ServiceQuotaIncrease"),
      "A request for a higher service quota; granted by AWS, later, and never taken back.",
      schema: Schema([
        Field("serviceCode", .string, [.required, .immutable], "The service, such as `ec2`."),
        Field("quotaCode", .string, [.required, .immutable], "The quota, such as `L-417A185B`."),
        Field(
          "desiredValue", .double, .required, equality: .atLeast,
          "The value that is asked for; nothing is asked where the quota is as high already."),
        Field("value", .double, [.computed, .volatile], "The value in force."),
        Field("requestStatus", .string, [.computed, .volatile], "`PENDING`, `CASE_OPENED`, `APPROVED` or `DENIED`."),
      ]),
      identity: Identity(
        naturalKey: ["serviceCode", "quotaCode"], uniqueness: .region, consistencyWindow: .seconds(30),
        idPath: "{serviceCode}/{quotaCode}"),
      marker: .none, recovery: .naturalKey, scope: .region,
      operations: [
        .list: .needs(
          "servicequotas:ListRequestedServiceQuotaChangeHistory", "servicequotas:GetServiceQuota",
          "servicequotas:GetAWSDefaultServiceQuota", each: 2),
        .read: .needs(
          "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota", "servicequotas:GetServiceQuota",
          "servicequotas:GetAWSDefaultServiceQuota", each: 3),
        .create: .needs("servicequotas:RequestServiceQuotaIncrease", "iam:CreateServiceLinkedRole"),
        .update: .needs("servicequotas:RequestServiceQuotaIncrease"), .delete: .needs(),
      ], lifespan: .permanent),
    wire: ServiceQuotaIncreaseWire())
}

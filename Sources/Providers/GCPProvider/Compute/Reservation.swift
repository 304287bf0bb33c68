import GCPClient
import HTTP
import ProviderKit
import Resources
import Schemas
import Values

extension ResourceType {
  /// https://cloud.google.com/compute/docs/reference/rest/v1/reservations
  static let gcpReservation = ResourceType(
    TypeName("gcp/Reservation"), "Machines of a zone that are kept free for us.",
    schema: Schema([
      .name("The name, unique in the project and zone."),
      Field("zone", .string, [.required, .immutable], "The zone, such as `europe-west6-a`."),
      Field("description", .string, .immutable, "For readers; where the marker stands."),
      Field(
        "specificReservation",
        .object(
          Schema([
            Field("count", .string, .required, "How many machines."),
            Field(
              "instanceProperties",
              .object(
                Schema([
                  Field("machineType", .string, .required, "The type of machine."),
                  Field("minCpuPlatform", .string, .optionalComputed, "The oldest processor."),
                  Field(
                    "guestAccelerators",
                    .list(
                      .object(
                        Schema([
                          Field("acceleratorType", .string, .required, equality: .link, "The type, by name."),
                          Field("acceleratorCount", .int, .required, "How many on each machine."),
                        ]))), [], "Accelerators."),
                ])), [.required, .immutable], "What each machine is."),
          ])), .required, "Which machines, and how many."),
      Field(
        "specificReservationRequired", .bool, .immutable, serverDefault: false,
        "Whether only machines that name it may use it."),
      Field("status", .string, [.computed, .volatile], "`READY` and so on."),
      .selfLink,
    ]),
    identity: .path("projects/{account}/zones/{zone}/reservations/{name}", "name", "zone"),
    marker: .createOnlyDescription, recovery: .token, scope: .zone,
    operations: .permissions("compute.reservations"))
}

extension GCPType {
  static let reservation = GCPType(
    .gcpReservation,
    .compute(
      "reservations", [.aggregated("reservations")], update: .none, marking: .createOnlyDescription, guardField: nil
    ) {
      $0.writers = [.reservationSize]
    })
}

extension FieldWriter {
  /// Of a reservation, only its size can be changed.
  static let reservationSize = FieldWriter(fields: ["specificReservation"]) {
    task, wire, now, wanted async throws(ProviderError) in
    let body: Value = ["specificSkuCount": wanted.fields["specificReservation"]?["count"] ?? .null]
    try await wire.run(
      GCPCall(wire.service, "\(wire.collection).resize", .repeatable, .post, "\(now.id)/resize", body: body), task)
  }
}

import TestSupport
import Testing

/// Shorter waits are for stand-ins on this machine: with a real cloud they would take what is there for missing.
@Suite("settings for stand-ins")
struct StandInTests {
  private static let settings = #"{"leaseMilliseconds":1000}"#

  private func plan(
    _ settings: String, _ endpoint: String?, of cloud: String = "AWS"
  ) async throws -> ProcessGate.Answer {
    var variables = ["PLUMB_STAND_IN": settings]
    variables["\(cloud)_ENDPOINT_URL"] = endpoint
    return try await BuiltBinary(SampleEstate.files, variables).run("plan --sandbox")
  }

  @Test(
    "they are refused where the endpoint is not on this machine",
    arguments: [
      nil, "", "https://ec2.us-west-2.amazonaws.com", "http://127.0.0.1.example.com:5000", "https://127.0.0.1:5000",
      "http://localhost.example.com:80", "http://example.com/?http://127.0.0.1:1",
      "http://127.0.0.1:5000@example.com",
    ])
  func refused(endpoint: String?) async throws {
    for cloud in ["AWS", "GCP"] {
      let answer = try await plan(Self.settings, endpoint, of: cloud)
      #expect(answer.code != 0, "\(endpoint ?? "none")")
      #expect(answer.errorText.contains("`PLUMB_STAND_IN` needs an `AWS_ENDPOINT_URL` or `GCP_ENDPOINT_URL` on"))
    }
  }

  @Test("what they do not know is refused", arguments: ["{", "[]", #"{"lease":1}"#, #"{"windowMilliseconds":0}"#])
  func wrong(settings: String) async throws {
    let answer = try await plan(settings, "http://127.0.0.1:5000")
    #expect(answer.code != 0 && answer.errorText.contains("PLUMB_STAND_IN"), "\(answer.errorText)")
  }

  @Test(
    "on this machine they hold", arguments: ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000"])
  func taken(endpoint: String) async throws {
    let answer = try await plan(Self.settings, endpoint)
    #expect(answer.code == 0, "\(answer.errorText)")
  }
}

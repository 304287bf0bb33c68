import AWSProvider
import HTTP
import Platform
import ProviderKit
import Resources
import TestSupport
import Testing
import Values

@Suite("whose account a target is")
struct AWSIdentityTests {
  @Test("keys of another account are refused, naming both, before anything else is asked")
  func mismatch() async throws {
    let account = try await MotoAccount()
    let target = account.target("prod", ["aws": ["accountId": "999999999999", "region": "us-west-2"]])
    let error = await #expect(throws: ProviderError.self) { _ = try await account.provider.reader(target) }
    #expect(error?.reason == .denied(permission: nil))
    #expect(
      error?.message == "target prod is account 999999999999, but its credentials belong to account \(account.id)")
    await #expect(throws: ProviderError.self) { _ = try await account.provider.writer(target, fence: Fence(1)) }
    #expect(try await account.actions() == [])
  }

  @Test("an identity says account, region and endpoint, and is asked for once")
  func identity() async throws {
    let account = try await MotoAccount(region: "eu-central-1")
    let identity = try await account.provider.identify(account.target())
    #expect(
      identity
        == TargetIdentity(
          target: TargetName("test"), provider: "aws", account: account.id, region: "eu-central-1",
          endpoint: "http://127.0.0.1:\(account.moto.port)/"))
    _ = try await account.provider.reader(account.target())
    #expect(try await account.records().map { $0["action"]?.string } == ["GetCallerIdentity"])
  }

  @Test("a role is assumed for the half that names one, once for many calls")
  func assumedRole() async throws {
    let bench = try await AWSBench()
    let other = try await AWSBench()
    let role = try await other.make(
      "Role", "plan", ["roleName": "plumb-plan", "assumeRolePolicyDocument": AWSTypeCase.trust("ec2.amazonaws.com")])
    let arn = try #require(role.fields["arn"]?.string)
    let target = bench.account.target(
      "there",
      [
        "aws": ["accountId": .string(other.account.id), "region": "us-west-2"],
        "credentials": [
          "read": ["assumeRole": .string(arn), "sessionName": "reading"], "write": ["profile": "missing"],
        ],
      ])
    let mark = try await bench.account.mark()
    let reader = try await bench.account.provider.reader(target)
    let page = try await reader.list(TypeName("aws/Role"), .scope(other.account.scope), after: nil)
    #expect(page.items.map(\.remote) == [role.remote])
    let records = try await bench.account.records(since: mark)
    #expect(records.map { $0["action"]?.string } == ["AssumeRole"])
    #expect(records.first?["params"]?["RoleSessionName"] == "reading")
    let error = await #expect(throws: ProviderError.self) {
      _ = try await bench.account.provider.writer(target, fence: Fence(1))
    }
    #expect(error?.message.contains("no profile `missing`") == true)
  }

  @Test("profiles of the shared files sign requests")
  func profile() async throws {
    let folder = TemporaryDirectory()
    let account = try await MotoAccount()
    let config = folder.write(
      "[profile dev]\nregion = ap-south-1\nendpoint_url = http://127.0.0.1:\(account.moto.port)\n", to: "config")
    let credentials = folder.write(
      "[dev]\naws_access_key_id = AKIATEST\(account.id)\naws_secret_access_key = secret\n", to: "credentials")
    let provider = AWSProvider(
      transport: account.moto.transport,
      environment: Environment([
        "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": credentials, "AWS_PROFILE": "dev",
      ]), files: LocalFiles(), time: SystemTime(), random: SystemRandom())
    let identity = try await provider.identify(account.target())
    #expect(identity.account == account.id)
    #expect(identity.region == "ap-south-1")
  }
}

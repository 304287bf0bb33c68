import AWSProvider
import KubernetesClient
import KubernetesProvider
import Platform
import ProviderKit
import Resources
import SandboxProvider
import Testing
import Values

@Suite("provider battery: the sandbox standing for the clouds")
struct SandboxBatteryTests {
  @Test("the types of AWS obey the catalog's rules")
  func lint() {
    #expect(CatalogLint.problems(AWSCatalog.catalog) == [])
  }

  @Test("every type of AWS lives and dies in the sandbox")
  func battery() async {
    let sandbox = Sandbox(.memory, time: SimulatedTime(skipsSleep: true), random: SeededRandom(seed: 1))
    let provider = sandbox.provider(standingFor: "aws", catalog: AWSCatalog.catalog, pageSize: 2)
    let target = Target(
      name: TargetName("aws-test"), provider: "aws",
      settings: ["aws": ["accountId": "123456789012", "region": "us-west-2"]])
    let covered = Set(Self.samples.map(\.type))
    #expect(AWSCatalog.catalog.all.map(\.name).filter { !covered.contains($0) } == [])
    #expect(await ProviderBattery(provider, target, Self.samples, pageSize: 2).failures() == [])
  }

  @Test("objects of Kubernetes live and die in the sandbox")
  func kubernetes() async {
    let sandbox = Sandbox(.memory, time: SimulatedTime(skipsSleep: true), random: SeededRandom(seed: 1))
    let machine = KubernetesMachine(
      environment: Environment(), files: SimulatedFiles(), time: SimulatedTime(), random: SeededRandom(seed: 2))
    let provider = sandbox.provider(standingFor: KubernetesProvider(machine), pageSize: 2)
    let target = Target(
      name: TargetName("eks"), provider: "kubernetes", settings: ["kubernetes": ["context": "eks-east"]])
    #expect(await ProviderBattery(provider, target, KubernetesSamples.all, pageSize: 2).failures() == [])
  }

  private static let trust: Value = [
    "Version": "2012-10-17",
    "Statement": [
      ["Effect": "Allow", "Principal": ["Service": "ec2.amazonaws.com"], "Action": "sts:AssumeRole"]
    ],
  ]

  static let samples: [BatterySample] = network + gateways + rules + storage + AWSPlatformSamples.all

  private static let network: [BatterySample] = [
    BatterySample(
      TypeName("aws/Vpc"), "vpc",
      updated: { _ in ["cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "tags": ["team": "ml"]] },
      fields: { _ in ["cidrBlock": "10.0.0.0/16", "tags": ["team": "web", "old": "1"]] }),
    BatterySample(
      TypeName("aws/Subnet"), "subnet",
      updated: { ["vpcId": $0.id("vpc"), "cidrBlock": "10.0.1.0/24", "mapPublicIpOnLaunch": true] },
      fields: { ["vpcId": $0.id("vpc"), "cidrBlock": "10.0.1.0/24"] }),
    BatterySample(
      TypeName("aws/Subnet"), "subnet-2", fields: { ["vpcId": $0.id("vpc"), "cidrBlock": "10.0.2.0/24"] }),
    BatterySample(
      TypeName("aws/Subnet"), "subnet-3", fields: { ["vpcId": $0.id("vpc"), "cidrBlock": "10.0.3.0/24"] }),
  ]

  private static let gateways: [BatterySample] = [
    BatterySample(
      TypeName("aws/InternetGateway"), "igw", updated: { ["vpcId": $0.id("vpc")] },
      fields: { _ in ["tags": ["a": "b"]] }),
    BatterySample(
      TypeName("aws/ElasticIp"), "ip", updated: { _ in ["tags": ["a": "c"]] },
      fields: { _ in ["tags": ["a": "b"]] }),
    BatterySample(
      TypeName("aws/NatGateway"), "nat",
      updated: { ["subnetId": $0.id("subnet"), "allocationId": $0.id("ip"), "tags": ["a": "b"]] },
      fields: { ["subnetId": $0.id("subnet"), "allocationId": $0.id("ip")] }),
    BatterySample(
      TypeName("aws/RouteTable"), "routes",
      updated: {
        [
          "vpcId": $0.id("vpc"),
          "routes": [["destinationCidrBlock": "0.0.0.0/0", "natGatewayId": $0.id("nat")]],
          "associations": [["subnetId": $0.id("subnet-2")]],
        ]
      },
      fields: {
        [
          "vpcId": $0.id("vpc"),
          "routes": [["destinationCidrBlock": "0.0.0.0/0", "gatewayId": $0.id("igw")]],
          "associations": [["subnetId": $0.id("subnet")]],
        ]
      }),
    BatterySample(
      TypeName("aws/VpcEndpoint"), "endpoint",
      updated: {
        [
          "vpcId": $0.id("vpc"), "serviceName": "com.amazonaws.us-west-2.s3",
          "routeTableIds": [$0.id("routes")],
        ]
      },
      fields: { ["vpcId": $0.id("vpc"), "serviceName": "com.amazonaws.us-west-2.s3"] }),
  ]

  private static let rules: [BatterySample] = ["one", "two"].map { name in
    BatterySample(
      TypeName("aws/SecurityGroup"), name,
      late: { objects in
        [
          "ipPermissions": [
            [
              "ipProtocol": "tcp", "fromPort": 443, "toPort": 443,
              "userIdGroupPairs": [["groupId": objects.id("one")], ["groupId": objects.id("two")]],
            ]
          ]
        ]
      },
      fields: { ["groupName": .string(name), "description": "A group.", "vpcId": $0.id("vpc")] })
  }

  private static let storage: [BatterySample] = [
    BatterySample(
      TypeName("aws/Bucket"), "bucket",
      updated: { _ in ["bucket": "acme-battery", "versioning": ["status": "Enabled"]] },
      late: {
        ["policy": ["Version": "2012-10-17", "Statement": [["Principal": ["AWS": $0.field("role", "arn")]]]]]
      },
      fields: { _ in ["bucket": "acme-battery", "encryption": ["sseAlgorithm": "AES256"]] }),
    BatterySample(
      TypeName("aws/Role"), "role",
      updated: { _ in
        ["roleName": "battery", "assumeRolePolicyDocument": trust, "description": "For the battery."]
      },
      fields: { _ in
        ["roleName": "battery", "assumeRolePolicyDocument": trust, "policies": ["own": trust]]
      }),
    BatterySample(
      TypeName("aws/InstanceProfile"), "profile",
      updated: { ["instanceProfileName": "battery", "roles": [$0.id("role")]] },
      fields: { _ in ["instanceProfileName": "battery"] }),
  ]
}

import Resources
import Testing
import Values

/// One type of AWS, with what it is made of and every change it can take.
struct AWSTypeCase: Sendable, CustomTestStringConvertible {
  var kind: String
  /// Fields to begin with.
  var fields: @Sendable (AWSBench) async throws -> Value
  /// Each change: names of fields and their new values, given those before.
  var changes: @Sendable (AWSBench, Value) async throws -> [[(String, Value?)]]

  var testDescription: String { kind }

  static let tags: Value = ["Name": "one", "Owner": "platform"]

  static let all: [AWSTypeCase] =
    [
      AWSTypeCase(kind: "Vpc") { _ in
        ["cidrBlock": "10.30.0.0/17", "instanceTenancy": "default", "enableDnsHostnames": true, "tags": tags]
      } changes: { _, _ in
        [
          [("enableDnsHostnames", false)], [("enableDnsSupport", false)],
          [("tags", ["Name": "two", "Team": "a b=c&d"])],
        ]
      },
      AWSTypeCase(kind: "Subnet") { bench in
        let network = try await bench.network()
        return [
          "vpcId": .string(network.vpc), "cidrBlock": "10.20.16.0/20", "availabilityZone": "us-west-2b",
          "mapPublicIpOnLaunch": true, "tags": tags,
        ]
      } changes: { _, _ in
        [[("mapPublicIpOnLaunch", false)], [("tags", ["Name": "two"])]]
      },
      AWSTypeCase(kind: "InternetGateway") { bench in
        ["vpcId": .string(try await bench.network().vpc), "tags": tags]
      } changes: { bench, _ in
        let other = try await bench.make("Vpc", "other", ["cidrBlock": "10.99.0.0/16"])
        return [[("vpcId", .string(other.remote.text))], [("tags", ["Name": "two"])]]
      },
      AWSTypeCase(kind: "ElasticIp") { _ in
        ["domain": "vpc", "tags": tags]
      } changes: { _, _ in
        [[("tags", ["Name": "two"])]]
      },
      AWSTypeCase(kind: "NatGateway") { bench in
        let network = try await bench.network()
        let address = try await bench.make("ElasticIp", "nat", [:])
        return [
          "subnetId": .string(network.subnets[0]), "allocationId": .string(address.remote.text),
          "connectivityType": "public", "tags": tags,
        ]
      } changes: { _, _ in
        [[("tags", ["Name": "two"])]]
      },
      AWSTypeCase(kind: "RouteTable") { bench in
        let network = try await bench.network()
        let gateway = try await bench.make("InternetGateway", "out", ["vpcId": .string(network.vpc)])
        return [
          "vpcId": .string(network.vpc),
          "routes": [["destinationCidrBlock": "0.0.0.0/0", "gatewayId": .string(gateway.remote.text)]],
          "associations": [["subnetId": .string(network.subnets[0])]], "tags": tags,
        ]
      } changes: { bench, before in
        let subnets = try await bench.list("Subnet").items.map(\.remote.text)
        let used = before["associations"]?[0]?["subnetId"]?.string
        let address = try await bench.make("ElasticIp", "nat", [:])
        let nat = try await bench.make(
          "NatGateway", "nat",
          ["subnetId": .string(used ?? ""), "allocationId": .string(address.remote.text)])
        let gateway = before["routes"]?[0]?["gatewayId"] ?? .null
        return [
          [("routes", [["destinationCidrBlock": "0.0.0.0/0", "natGatewayId": .string(nat.remote.text)]])],
          [
            (
              "routes",
              [
                ["destinationCidrBlock": "10.77.0.0/16", "natGatewayId": .string(nat.remote.text)],
                ["destinationCidrBlock": "::/0", "gatewayId": gateway],
              ]
            )
          ],
          [("associations", .list(subnets.filter { $0 != used }.map { ["subnetId": .string($0)] }))],
          [("routes", []), ("associations", [])], [("tags", ["Name": "two"])],
        ]
      },
      AWSTypeCase(kind: "SecurityGroup") { bench in
        let network = try await bench.network()
        let peer = try await bench.make(
          "SecurityGroup", "peer", ["groupName": "peer", "description": "a peer", "vpcId": .string(network.vpc)])
        return [
          "groupName": "web", "description": "web servers", "vpcId": .string(network.vpc),
          "ipPermissions": [
            [
              "ipProtocol": "tcp", "fromPort": 443, "toPort": 443,
              "ipRanges": [["cidrIp": "10.0.0.0/8", "description": "inside"], ["cidrIp": "192.0.2.0/24"]],
              "userIdGroupPairs": [["groupId": .string(peer.remote.text)]],
            ],
            ["ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "ipRanges": [["cidrIp": "198.51.100.0/24"]]],
            ["ipProtocol": "udp", "fromPort": 53, "toPort": 53, "ipv6Ranges": [["cidrIpv6": "2001:db8::/32"]]],
          ],
          "ipPermissionsEgress": [
            ["ipProtocol": "udp", "fromPort": 53, "toPort": 53, "ipRanges": [["cidrIp": "0.0.0.0/0"]]]
          ],
          "tags": tags,
        ]
      } changes: { _, before in
        [
          [("ipPermissions", [["ipProtocol": "-1", "ipRanges": [["cidrIp": "10.0.0.0/8"]]]])],
          [("ipPermissions", [["ipProtocol": "-1", "ipRanges": [["cidrIp": "10.0.0.0/8", "description": "why"]]]])],
          [("ipPermissionsEgress", [["ipProtocol": "-1", "ipRanges": [["cidrIp": "0.0.0.0/0"]]]])],
          [("ipPermissions", []), ("ipPermissionsEgress", [])], [("tags", ["Name": "two"])],
        ]
      },
      AWSTypeCase(kind: "VpcEndpoint") { bench in
        let network = try await bench.network()
        let table = try await bench.make("RouteTable", "private", ["vpcId": .string(network.vpc)])
        return [
          "vpcId": .string(network.vpc), "serviceName": "com.amazonaws.us-west-2.s3", "vpcEndpointType": "Gateway",
          "routeTableIds": [.string(table.remote.text)],
          "policyDocument": [
            "Version": "2012-10-17",
            "Statement": [["Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"]],
          ], "tags": tags,
        ]
      } changes: { bench, before in
        let table = try await bench.make("RouteTable", "second", ["vpcId": before["vpcId"] ?? .null])
        return [[("routeTableIds", [.string(table.remote.text)])], [("tags", ["Name": "two"])]]
      },
    ] + named + platform + stores + people
}

/// Blueprints that tests share: a network, and a team's part of it.
enum KindFixtures {
  static let network = """
    apiVersion: plumb.dev/v1
    kind: Blueprint
    metadata: {name: net}
    spec:
      defines: {apiVersion: acme.dev/v1, kind: Net}
      description: A network with subnets.
      schema:
        required: [cidr]
        properties:
          cidr: {type: string, format: cidr, description: All addresses.}
          isOpen: {type: boolean, default: false}
          subnets:
            type: array
            default: []
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [key]
            items:
              required: [key, cidr]
              properties:
                key: {type: string}
                zone: {type: string, default: us-west-2a}
                cidr: {type: string, format: cidr}
      validations:
        - rule: size(spec.subnets) <= 3
          path: spec.subnets
          message: "has ${size(spec.subnets)} subnets, and three are enough"
          hint: take one away
        - forEach: {in: spec.subnets, as: [i, s]}
          rule: s.cidr != spec.cidr
          path: "spec.subnets[${i}].cidr"
          message: "gives `${s.key}` all addresses"
      let: {prefix: '"net-" + metadata.name'}
      resources:
        aws:
          - {role: vpc, type: aws/Vpc, template: {cidrBlock: "${spec.cidr}", tags: {Name: "${prefix}"}}}
          - role: subnet
            type: aws/Subnet
            forEach: {in: spec.subnets, as: [s], key: s.key}
            template: {vpcId: "${resources.vpc.id}", cidrBlock: "${s.cidr}", availabilityZone: "${s.zone}",
              tags: {Name: "${prefix}-${s.key}"}}
          - role: gateway
            type: aws/InternetGateway
            when: spec.isOpen
            metadata: {protect: true}
            template: {tags: {vpc: "in-${resources.vpc.id}"}}
      outputs:
        vpcId: "${resources.vpc.id}"
        cidr: "${spec.cidr}"
        label: "of-${resources.vpc.id}"
        subnetIds: "${spec.subnets.map(s, resources.subnet[s.key].id)}"
        gatewayId: '${has(resources.gateway) ? resources.gateway.id : ""}'
    ---

    """

  static let team = """
    apiVersion: plumb.dev/v1
    kind: Blueprint
    metadata: {name: teamspace}
    spec:
      defines: {apiVersion: acme.dev/v1, kind: TeamSpace}
      schema:
        required: [netRef, zones]
        properties:
          netRef: {x-plumb-reference: Net}
          cache: {type: boolean, default: false}
          zones: {type: object, additionalProperties: {type: string, format: cidr}}
      validations:
        - {rule: size(spec.zones) >= 2, path: spec.zones, message: "needs two zones, has ${size(spec.zones)}"}
      resources:
        aws:
          - role: subnet
            type: aws/Subnet
            forEach: {in: spec.zones, as: [zone, cidr], key: zone}
            template: {vpcId: "${spec.netRef.outputs.vpcId}", cidrBlock: "${cidr}", availabilityZone: "${zone}"}
          - {role: bucket, type: aws/Bucket, when: spec.cache, metadata: {protect: true},
             template: {bucket: "${metadata.name}-cache"}}
      outputs: {subnetIds: '${spec.zones.map(z, resources.subnet[z].id)}'}
    ---

    """

  static let prod = """
    apiVersion: acme.dev/v1
    kind: Net
    metadata: {name: prod}
    spec:
      cidr: 10.0.0.0/16
      isOpen: true
      subnets: [{key: a, cidr: 10.0.0.0/20}, {key: b, zone: us-west-2b, cidr: 10.0.16.0/20}]
    ---

    """

  static func vision(_ zones: String = "{us-west-2a: 10.0.64.0/24, us-west-2b: 10.0.65.0/24}") -> String {
    """
    apiVersion: acme.dev/v1
    kind: TeamSpace
    metadata: {name: vision}
    spec:
      netRef: {name: prod}
      zones: \(zones)
      cache: true
    ---

    """
  }
}

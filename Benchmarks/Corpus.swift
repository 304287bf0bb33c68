/// Generated manifests of the kinds an estate is made of, the same in every run.
enum Corpus {
  /// About `bytes` of YAML: block maps and lists, flow collections, quoted, literal and folded texts,
  /// comments.
  static func yaml(bytes: Int) -> [UInt8] {
    var corpus: [UInt8] = []
    corpus.reserveCapacity(bytes + 4_096)
    var number = 0
    while corpus.count < bytes {
      corpus += Array(document(number).utf8)
      number += 1
    }
    return corpus
  }

  private static func document(_ number: Int) -> String {
    switch number % 4 {
    case 0: subnet(number)
    case 1: deployment(number)
    case 2: configMap(number)
    default: network(number)
    }
  }

  private static func subnet(_ number: Int) -> String {
    """
    ---
    apiVersion: aws.plumb.dev/v1
    kind: Subnet
    metadata: {name: subnet-\(number), target: aws-prod}   # direct
    spec:
      vpcId: '${aws.Vpc["net-\(number / 10)"].id}'
      cidrBlock: 10.\(number % 250).\(number % 16 * 16).0/20
      availabilityZone: us-west-2a
      mapPublicIpOnLaunch: false
      tags: {owner: platform, costCenter: "\(1_000 + number % 97)"}

    """
  }

  private static func deployment(_ number: Int) -> String {
    """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: api-\(number)
      namespace: team-\(number % 40)
      labels:
        app.kubernetes.io/name: api
        app.kubernetes.io/instance: "api-\(number)"
    spec:
      replicas: \(number % 9)
      selector:
        matchLabels: {app: api-\(number)}
      template:
        metadata:
          labels:
            app: api-\(number)
        spec:
          containers:
          - name: main
            image: registry.example.com/team/api:1.\(number % 30).0
            args: ["--port=8080", '--log=info', --verbose]
            ports:
            - containerPort: 8080
              protocol: TCP
            resources:
              limits: {cpu: "2", memory: 4Gi}
              requests: {cpu: 500m, memory: 1Gi}
            readinessProbe:
              httpGet: {path: /healthz, port: 8080}
              periodSeconds: 10

    """
  }

  private static func configMap(_ number: Int) -> String {
    """
    ---
    # settings of service \(number)
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings-\(number)
    data:
      settings.ini: |
        [main]
        level = info
        workers = \(number % 32)
        endpoint = https://service-\(number).example.com/v1
      note: >-
        A longer text that is folded into one line, as people
        write it when they explain something to each other.
      ratio: "0.\(number % 100)"

    """
  }

  private static func network(_ number: Int) -> String {
    """
    ---
    apiVersion: plumb.dev/v1
    kind: Network
    metadata: {name: net-\(number), target: aws-prod}
    spec:
      topology: Private
      cidr: 10.\(number % 250).0.0/17
      subnets:
        - {key: a, zone: us-west-2a, cidr: 10.\(number % 250).32.0/20}
        - {key: b, zone: us-west-2b, cidr: 10.\(number % 250).48.0/20}
        - {key: public-a, zone: us-west-2a, cidr: 10.\(number % 250).0.0/22, public: true}
      egress: {nat: "${var.nat}"}
      accessCidrs: [198.51.100.0/24, 203.0.113.0/24]
      limits:
        instances: 100
        weight: 0.25
        memory: 8Ti

    """
  }
}

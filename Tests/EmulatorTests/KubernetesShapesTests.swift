import Testing

/// Manifests in the shapes in which public projects publish theirs: every list, quantity, selector and template of them
/// is read back by the server in another spelling or with more in it.
@Suite("Kubernetes manifests as projects write them")
struct KubernetesShapesTests {
  static let shapes: [String: String] = [
    "metrics-server": """
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: metrics-server, namespace: NS, labels: {k8s-app: metrics-server}}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: NS-aggregated-metrics-reader
      labels:
        k8s-app: metrics-server
        rbac.authorization.k8s.io/aggregate-to-admin: "true"
    rules:
    - apiGroups: [metrics.k8s.io]
      resources: [pods, nodes]
      verbs: [get, list, watch]
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: NS-metrics-reader}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: NS-aggregated-metrics-reader}
    subjects: [{kind: ServiceAccount, name: metrics-server, namespace: NS}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: metrics-server, namespace: NS}
    spec:
      ports: [{name: https, port: 443, protocol: TCP, targetPort: https}]
      selector: {k8s-app: metrics-server}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: metrics-server, namespace: NS}
    spec:
      selector: {matchLabels: {k8s-app: metrics-server}}
      strategy: {rollingUpdate: {maxUnavailable: 0}}
      template:
        metadata: {labels: {k8s-app: metrics-server}}
        spec:
          containers:
          - args: [--cert-dir=/tmp, --secure-port=4443, --kubelet-use-node-status-port, --metric-resolution=15s]
            image: registry.test/metrics-server:v0.6.1
            imagePullPolicy: IfNotPresent
            livenessProbe:
              failureThreshold: 3
              httpGet: {path: /livez, port: https, scheme: HTTPS}
              periodSeconds: 10
            name: metrics-server
            ports: [{containerPort: 4443, name: https, protocol: TCP}]
            resources: {requests: {cpu: 100m, memory: 200Mi}}
            securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsUser: 1000}
            volumeMounts: [{mountPath: /tmp, name: tmp-dir}]
          nodeSelector: {kubernetes.io/os: linux}
          priorityClassName: system-cluster-critical
          serviceAccountName: metrics-server
          volumes: [{emptyDir: {}, name: tmp-dir}]
    """,
    "node-exporter": """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: node-exporter, namespace: NS, labels: {app.kubernetes.io/name: node-exporter}}
    spec:
      selector: {matchLabels: {app.kubernetes.io/name: node-exporter}}
      updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 10%}}
      template:
        metadata:
          annotations: {prometheus.io/scrape: "true"}
          labels: {app.kubernetes.io/name: node-exporter}
        spec:
          automountServiceAccountToken: true
          containers:
          - name: node-exporter
            image: registry.test/node-exporter:v1.3.1
            args: ["--path.sysfs=/host/sys", "--no-collector.wifi"]
            env:
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
            resources: {limits: {cpu: 250m, memory: 1Gi}, requests: {cpu: 102m, memory: 0.5Gi}}
            securityContext: {capabilities: {add: [SYS_TIME], drop: [ALL]}}
            volumeMounts:
            - {mountPath: /host/sys, mountPropagation: HostToContainer, name: sys, readOnly: true}
          - name: proxy
            image: registry.test/proxy:v0.11
            ports: [{containerPort: 9100, hostPort: 9100, name: https}]
          hostNetwork: true
          tolerations: [{operator: Exists}]
          volumes: [{hostPath: {path: /sys}, name: sys}]
    """,
    "team": """
    apiVersion: v1
    kind: ResourceQuota
    metadata: {name: compute, namespace: NS}
    spec:
      hard: {requests.cpu: "4", requests.memory: 16384Mi, limits.cpu: 8000m, requests.nvidia.com/gpu: 4, pods: 50}
      scopeSelector: {matchExpressions: [{operator: In, scopeName: PriorityClass, values: [high]}]}
    ---
    apiVersion: v1
    kind: LimitRange
    metadata: {name: standard, namespace: NS}
    spec:
      limits:
      - {type: Container, default: {cpu: 500m, memory: 512Mi}, defaultRequest: {cpu: 0.1, memory: 128Mi}, max: {cpu: 2}}
      - {type: PersistentVolumeClaim, max: {storage: 100Gi}}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: default-deny, namespace: NS}
    spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: allow-dns, namespace: NS}
    spec:
      podSelector: {}
      policyTypes: [Egress]
      egress:
      - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
        ports: [{port: 53, protocol: UDP}, {port: 53}]
      - to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ---
    apiVersion: scheduling.k8s.io/v1
    kind: PriorityClass
    metadata: {name: NS-high}
    value: 1000000
    description: for training runs that must not wait
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: registry, namespace: NS}
    type: Opaque
    stringData: {password: "not a real one"}
    data: {user: YWRtaW4=}
    """,
    "redis": """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: redis, namespace: NS}
    data:
      redis.conf: |
        appendonly yes
        maxmemory 2mb
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: redis, namespace: NS}
    spec: {clusterIP: None, ports: [{port: 6379, name: redis}], selector: {app: redis}}
    ---
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: redis, namespace: NS}
    spec:
      serviceName: redis
      replicas: 3
      selector: {matchLabels: {app: redis}}
      template:
        metadata: {labels: {app: redis}}
        spec:
          affinity:
            podAntiAffinity:
              preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 100
                podAffinityTerm: {labelSelector: {matchLabels: {app: redis}}, topologyKey: kubernetes.io/hostname}
          initContainers:
          - {name: init, image: "registry.test/busybox:1", command: [sh, -c, "cp /cfg/redis.conf /data"]}
          containers:
          - name: redis
            image: registry.test/redis:6
            ports: [{containerPort: 6379, name: redis}]
            readinessProbe: {exec: {command: [redis-cli, ping]}, timeoutSeconds: 1}
            volumeMounts: [{name: data, mountPath: /data}, {name: config, mountPath: /cfg}]
          volumes: [{name: config, configMap: {name: redis}}]
      volumeClaimTemplates:
      - metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
    ---
    apiVersion: autoscaling/v1
    kind: HorizontalPodAutoscaler
    metadata: {name: redis, namespace: NS}
    spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: redis}, minReplicas: 3, maxReplicas: 5}
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: redis, namespace: NS}
    spec:
      rules:
      - host: redis.acme.test
        http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: redis, port: {number: 6379}}}}]}
    ---
    apiVersion: batch/v1
    kind: Job
    metadata: {name: warm, namespace: NS}
    spec:
      backoffLimit: 2
      template:
        spec: {restartPolicy: Never, containers: [{name: warm, image: "registry.test/warm:1"}]}
    """,
    "webhook": """
    apiVersion: v1
    kind: Service
    metadata: {name: hook, namespace: NS}
    spec: {ports: [{port: 443}], selector: {app: hook}}
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: NS-hook}
    webhooks:
    - name: validate.acme.test
      admissionReviewVersions: [v1]
      sideEffects: None
      failurePolicy: Ignore
      namespaceSelector: {matchLabels: {nobody: has-this}}
      clientConfig: {service: {name: hook, namespace: NS, path: /validate}}
      rules: [{apiGroups: [acme.test], apiVersions: [v1], operations: [CREATE], resources: [things]}]
    """,
  ]

  @Test("apply, and a second plan is empty", arguments: shapes.keys.sorted())
  func applies(_ name: String) async throws {
    let space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: NS}\n"
    let estate = try await KubeEstate(["space.yaml": space, "\(name).yaml": Self.shapes[name] ?? ""])
    let applied = try await estate.expect("apply --auto-approve", says: "Apply complete!")
    #expect(!applied.contains("not a real one") && !applied.contains("YWRtaW4="), "a secret is shown")
    let mark = try estate.requests().count
    try await estate.expectNothingToDo()
    let asked = try estate.requests().dropFirst(mark)
    #expect(asked.allSatisfy { !$0.contains("dryRun") }, "\(asked.filter { $0.contains("dryRun") })")
    try await estate.expect("drift", says: "No drift.")
  }
}

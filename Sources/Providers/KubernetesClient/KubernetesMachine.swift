import HTTP
import Platform

/// What the client takes from outside: network, files, programs, clock, randomness.
package struct KubernetesMachine: Sendable {
  /// A cluster has its own authorities, certificates and proxy, so each gets a transport of its own.
  package typealias TransportMaker = @Sendable (CurlConfiguration) -> any HTTPTransport

  package var makeTransport: TransportMaker
  package var environment: Environment
  package var files: any FileSystem
  package var children: any ChildRunner
  package var time: any TimeSource
  package var random: any RandomSource
  /// Every request that goes out, by verb and resource: `list pods`.
  package let counter: RequestCounter

  package init(
    makeTransport: @escaping TransportMaker = { CurlTransport($0) }, environment: Environment,
    files: any FileSystem, children: any ChildRunner = SystemChildren(), time: any TimeSource,
    random: any RandomSource
  ) {
    self.makeTransport = makeTransport
    self.environment = environment
    self.files = files
    self.children = children
    self.time = time
    self.random = random
    counter = RequestCounter()
  }
}

import Platform

/// What the client of a cloud takes from outside: network, files, programs, clock, randomness.
package struct ClientMachine: Sendable {
  package var transport: any HTTPTransport
  package var environment: Environment
  package var files: any FileSystem
  package var children: any ChildRunner
  package var time: any TimeSource
  package var random: any RandomSource
  /// Every request that goes out, by service and operation.
  package let counter: RequestCounter

  package init(
    transport: any HTTPTransport, environment: Environment, files: any FileSystem,
    children: any ChildRunner = SystemChildren(), time: any TimeSource, random: any RandomSource
  ) {
    self.transport = transport
    self.environment = environment
    self.files = files
    self.children = children
    self.time = time
    self.random = random
    counter = RequestCounter()
  }
}

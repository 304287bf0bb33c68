/// Waits for nothing but its task's cancellation: a long sleep of simulated time, which takes no real time.
package func untilCancelled() async throws(CancellationError) {
  let (stream, continuation) = AsyncStream<Never>.makeStream()
  for await _ in stream {}
  continuation.finish()
  throw CancellationError()
}

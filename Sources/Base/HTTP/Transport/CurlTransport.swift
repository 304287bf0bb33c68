import Platform
import Synchronization

/// HTTP/1.1 and HTTP/2 by libcurl, with pooled connections, on one thread of its own.
///
/// Nothing is loaded and no thread runs before the first request. Name resolution, TLS and all transfers happen on
/// that thread; callers suspend. libcurl re-sends a request by itself when a reused connection turns out dead: a
/// request whose repetition is `never` is kept from that twice over, by its fresh connection and by a check before
/// each writing.
package final class CurlTransport: HTTPTransport {
  private let mailbox = CurlMailbox()
  private let configuration: CurlConfiguration
  private let isStarted = Mutex(false)

  package init(_ configuration: CurlConfiguration = CurlConfiguration()) {
    self.configuration = configuration
  }

  deinit { mailbox.close() }

  package var statistics: TransportStatistics { mailbox.statistics }

  package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    if request.headers.hasLineBreaks {
      throw .notSent(.invalidRequest, "\(request.url.host): a header field holds a line break or has no name")
    }
    start()
    let job = CurlJob(request)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        job.continuation = continuation
        mailbox.add(job)
      }
    } onCancel: {
      mailbox.cancel(job)
    }
    return try result.get()
  }

  private func start() {
    let isNew = isStarted.withLock { started in
      defer { started = true }
      return !started
    }
    guard isNew else { return }
    NativeThread.start("plumb-http") { [mailbox, configuration] in
      CurlLoop.run(mailbox, configuration)
    }
  }
}

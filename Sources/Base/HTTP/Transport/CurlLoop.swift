import CCurl
import Platform

/// The transport's thread: takes jobs, drives libcurl, hands results back.
struct CurlLoop {
  /// Letters wake the poll, so this bounds only how stale an idle loop is.
  private static let longestPoll = Duration.seconds(60)

  /// A deadline that begins after a look is seen at most this much late.
  private static let checkInterval = Duration.milliseconds(50)

  private let mailbox: CurlMailbox
  private let settings: CurlHandleSettings
  private let multi: UnsafeMutableRawPointer
  private var idle: [UnsafeMutableRawPointer] = []
  private var active: [ObjectIdentifier: CurlJob] = [:]
  /// When to look at the first-byte deadlines again; nil while nothing is active.
  private var nextCheck: Duration?

  /// Runs until the transport has gone.
  static func run(_ mailbox: CurlMailbox, _ configuration: CurlConfiguration) {
    if let problem = plumb_curl_load() { return mailbox.fail(String(cString: problem)) }
    guard let multi = plumb_curl_multi_create() else { return mailbox.fail("libcurl has no memory") }
    var loop = CurlLoop(mailbox, configuration, multi)
    loop.drive()
  }

  private init(_ mailbox: CurlMailbox, _ configuration: CurlConfiguration, _ multi: UnsafeMutableRawPointer) {
    self.mailbox = mailbox
    self.multi = multi
    settings = CurlHandleSettings(configuration)
    plumb_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHost)
    plumb_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.idleConnections)
    plumb_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
  }

  private mutating func drive() {
    mailbox.setWakeup(multi)
    while true {
      let letters = mailbox.take()
      for job in letters.added { begin(job) }
      for job in letters.cancelled { cancel(job) }
      if letters.isClosed && active.isEmpty { break }
      plumb_curl_multi_perform(multi)
      var code = CURLE_OK
      while let easy = plumb_curl_multi_next_done(multi, &code) { end(easy, code) }
      checkFirstBytes()
      plumb_curl_multi_poll(multi, Int32(clamping: pollTime().wholeMilliseconds))
    }
    mailbox.setWakeup(nil)
    for easy in idle { plumb_curl_easy_destroy(easy) }
    plumb_curl_multi_destroy(multi)
  }

  private mutating func begin(_ job: CurlJob) {
    if job.isCancelled { return finish(job, .failure(.cancelled(job))) }
    guard let easy = idle.popLast() ?? settings.create() else {
      return finish(job, .failure(.notSent(.invalidRequest, "libcurl has no memory")))
    }
    job.easy = easy
    guard settings.apply(job, to: easy), plumb_curl_multi_add(multi, easy) == CURLM_OK else {
      release(job)
      return finish(
        job, .failure(.notSent(.invalidRequest, "\(job.request.url.host): libcurl refuses the request")))
    }
    active[ObjectIdentifier(job)] = job
  }

  private mutating func cancel(_ job: CurlJob) {
    job.isCancelled = true
    stop(job, .cancelled(job))
  }

  /// Ends a transfer that still runs; one that has ended already keeps its result.
  private mutating func stop(_ job: CurlJob, _ error: HTTPError) {
    guard active.removeValue(forKey: ObjectIdentifier(job)) != nil, let easy = job.easy else { return }
    plumb_curl_multi_remove(multi, easy)
    release(job)
    finish(job, .failure(error))
  }

  private mutating func end(_ easy: UnsafeMutableRawPointer, _ code: CURLcode) {
    guard let context = plumb_curl_get_context(easy) else { return }
    let job = Unmanaged<CurlJob>.fromOpaque(context).takeUnretainedValue()
    plumb_curl_multi_remove(multi, easy)
    active[ObjectIdentifier(job)] = nil
    var connections = 0
    plumb_curl_get_long(easy, CURLINFO_NUM_CONNECTS, &connections)
    release(job)
    mailbox.count { $0.connections += connections }
    guard code == CURLE_OK else { return finish(job, .failure(HTTPError(code, job))) }
    finish(job, .success(HTTPResponse(status: job.status, headers: job.headers, body: job.body)))
  }

  /// Takes the handle back into the pool, without anything of the job.
  private mutating func release(_ job: CurlJob) {
    guard let easy = job.easy else { return }
    plumb_curl_set_pointer(easy, CURLOPT_HTTPHEADER, nil)
    plumb_curl_set_pointer(easy, CURLOPT_CONNECT_TO, nil)
    plumb_curl_list_free(job.headerList)
    plumb_curl_list_free(job.placeList)
    (job.headerList, job.placeList) = (nil, nil)
    job.easy = nil
    idle.append(easy)
  }

  private func finish(_ job: CurlJob, _ result: CurlJob.Result) {
    mailbox.count { statistics in
      statistics.requests += job.sendCount
      if job.sendCount > 0 { statistics.sentBytes += job.request.body.count }
      statistics.receivedBytes += job.body.count
      if case .failure = result { statistics.failures += 1 }
    }
    job.continuation?.resume(returning: result)
    job.continuation = nil
  }

  private mutating func checkFirstBytes() {
    guard !active.isEmpty else { return nextCheck = nil }
    let now = SystemTime().elapsed
    if let nextCheck, now < nextCheck { return }
    var next = now + Self.checkInterval
    for job in Array(active.values) {
      guard let deadline = job.firstByteDeadline else { continue }
      if deadline <= now {
        stop(job, HTTPError(CURLE_OPERATION_TIMEDOUT, job))
      } else {
        next = min(next, deadline)
      }
    }
    nextCheck = active.isEmpty ? nil : next
  }

  private func pollTime() -> Duration {
    guard let nextCheck else { return Self.longestPoll }
    return max(.zero, nextCheck - SystemTime().elapsed + .milliseconds(1))
  }
}

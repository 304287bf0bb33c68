import CCurl
import Platform

/// Sets options of libcurl's easy handles; constants once per handle, the rest per request.
struct CurlHandleSettings: Sendable {
  private let configuration: CurlConfiguration
  /// Fields libcurl would add by itself are switched off by an empty one.
  private static let silencedFields = ["Expect:", "Accept:"]

  init(_ configuration: CurlConfiguration) { self.configuration = configuration }

  /// A new handle, or nil where there is no memory.
  func create() -> UnsafeMutableRawPointer? {
    guard let easy = plumb_curl_easy_create() else { return nil }
    // Signals would reach arbitrary threads; redirects, cookies and .netrc stay off by default.
    set(easy, CURLOPT_NOSIGNAL, 1)
    set(easy, CURLOPT_PATH_AS_IS, 1)
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(easy, CURLOPT_TCP_NODELAY, 1)
    set(easy, CURLOPT_TCP_KEEPALIVE, 1)
    set(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    set(easy, CURLOPT_PIPEWAIT, 1)
    plumb_curl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
    plumb_curl_set_text(easy, CURLOPT_USERAGENT, configuration.userAgent)
    setTrust(easy)
    setCallbacks(easy)
    return easy
  }

  /// Everything of one request; false where libcurl refuses an option for want of memory.
  func apply(_ job: CurlJob, to easy: UnsafeMutableRawPointer) -> Bool {
    let request = job.request
    let context = Unmanaged.passUnretained(job).toOpaque()
    for option in [CURLOPT_PRIVATE, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_PREREQDATA] {
      plumb_curl_set_pointer(easy, option, context)
    }
    let isFresh = request.reuse == .freshConnection
    set(easy, CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0)
    set(easy, CURLOPT_FORBID_REUSE, isFresh ? 1 : 0)
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.timeouts.connect))
    set(easy, CURLOPT_TIMEOUT_MS, milliseconds(request.timeouts.total))
    setProxy(easy, request)
    setHeaders(easy, job)
    return setMethod(easy, request)
      && plumb_curl_set_text(easy, CURLOPT_URL, setPlace(easy, job).description) == CURLE_OK
  }

  /// The URL for libcurl. It takes the name of the TLS handshake from there, so where another name is wanted, that
  /// stands in the URL, the connection goes where the request says, and the `Host` field stays the request's.
  private func setPlace(_ easy: UnsafeMutableRawPointer, _ job: CurlJob) -> HTTPURL {
    var url = job.request.url
    guard let name = configuration.tls.serverName, url.scheme == .https else { return url }
    job.placeList = plumb_curl_list_append(nil, "::\(url.host):\(url.port ?? url.scheme.defaultPort)")
    plumb_curl_set_pointer(easy, CURLOPT_CONNECT_TO, job.placeList)
    url.host = name
    return url
  }

  /// 0 would be without limit.
  private func milliseconds(_ duration: Duration) -> Int { Int(max(1, duration.wholeMilliseconds)) }

  private func setMethod(_ easy: UnsafeMutableRawPointer, _ request: HTTPRequest) -> Bool {
    let isHead = request.method == .head
    set(easy, CURLOPT_NOBODY, isHead ? 1 : 0)
    if isHead { return plumb_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, nil) == CURLE_OK }
    let sendsLength = !request.body.isEmpty || [.post, .put, .patch].contains(request.method)
    if sendsLength {
      let result = request.body.withUnsafeBytes { plumb_curl_set_body(easy, $0.baseAddress, $0.count) }
      guard result == CURLE_OK else { return false }
      set(easy, CURLOPT_POST, 1)
    } else {
      plumb_curl_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
      set(easy, CURLOPT_HTTPGET, 1)
    }
    return plumb_curl_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method.description) == CURLE_OK
  }

  private func setHeaders(_ easy: UnsafeMutableRawPointer, _ job: CurlJob) {
    var list: UnsafeMutablePointer<curl_slist>?
    var silenced = Self.silencedFields
    if job.request.headers["Content-Type"] == nil { silenced.append("Content-Type:") }
    if job.request.headers["Accept"] != nil { silenced.removeAll { $0 == "Accept:" } }
    if job.request.headers["User-Agent"] != nil { silenced.append("User-Agent:") }
    if configuration.tls.serverName != nil, job.request.headers["Host"] == nil {
      list = plumb_curl_list_append(list, "Host: \(job.request.url.authority)")
    }
    for text in silenced { list = plumb_curl_list_append(list, text) }
    for field in job.request.headers.fields {
      // libcurl writes an empty value only for a name that ends in a semicolon.
      let text = field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
      list = plumb_curl_list_append(list, text)
    }
    job.headerList = list
    plumb_curl_set_pointer(easy, CURLOPT_HTTPHEADER, list)
  }

  /// An empty text keeps libcurl from reading the process's own environment.
  private func setProxy(_ easy: UnsafeMutableRawPointer, _ request: HTTPRequest) {
    let proxies = request.usesProxy ? configuration.proxies : ProxySettings()
    let proxy =
      switch request.url.scheme {
      case .http: proxies.http
      case .https: proxies.https
      }
    plumb_curl_set_text(easy, CURLOPT_PROXY, proxy ?? "")
    plumb_curl_set_text(easy, CURLOPT_NOPROXY, proxies.exceptions ?? "")
  }

  private func setTrust(_ easy: UnsafeMutableRawPointer) {
    let tls = configuration.tls
    for (option, bytes) in [
      (CURLOPT_CAINFO_BLOB, tls.authorities), (CURLOPT_SSLCERT_BLOB, tls.clientCertificate),
      (CURLOPT_SSLKEY_BLOB, tls.clientKey),
    ] {
      guard let bytes else { continue }
      _ = bytes.withUnsafeBytes { plumb_curl_set_blob(easy, option, $0.baseAddress, $0.count) }
    }
    switch tls.verification {
    case .full: break
    case .none:
      set(easy, CURLOPT_SSL_VERIFYPEER, 0)
      set(easy, CURLOPT_SSL_VERIFYHOST, 0)
    }
  }

  private func setCallbacks(_ easy: UnsafeMutableRawPointer) {
    plumb_curl_set_chunk_function(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      CurlHandleSettings.deliver(bytes, size * count, context) { $0.takeHeader($1) }
    }
    plumb_curl_set_chunk_function(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      CurlHandleSettings.deliver(bytes, size * count, context) { $0.takeBody($1) }
    }
    plumb_curl_set_prerequest_function(easy) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      let job = Unmanaged<CurlJob>.fromOpaque(context).takeUnretainedValue()
      return job.begin(now: SystemTime().elapsed) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
  }

  /// What libcurl is told was taken: everything, or nothing to end the transfer. A piece of zero bytes is fine.
  private static func deliver(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ context: UnsafeMutableRawPointer?,
    _ take: (CurlJob, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Int {
    guard let bytes, let context else { return 0 }
    let job = Unmanaged<CurlJob>.fromOpaque(context).takeUnretainedValue()
    return bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
      take(job, UnsafeBufferPointer(start: $0, count: count)) ? count : -1
    }
  }

  private func set(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int) {
    plumb_curl_set_long(easy, option, value)
  }
}

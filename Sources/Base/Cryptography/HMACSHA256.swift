import CCrypto

/// HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
  /// `@unchecked Sendable`: the handle is immutable and libcrypto's to share between threads.
  private struct Algorithm: @unchecked Sendable {
    let handle: OpaquePointer
  }

  private static let algorithm: Algorithm = {
    guard let handle = EVP_MAC_fetch(nil, "HMAC", nil) else { preconditionFailure("libcrypto has no HMAC") }
    return Algorithm(handle: handle)
  }()

  package static func code(_ bytes: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) -> SHA256Digest {
    guard let context = EVP_MAC_CTX_new(algorithm.handle) else { preconditionFailure("libcrypto has no memory") }
    defer { EVP_MAC_CTX_free(context) }
    return SHA256Digest { output in
      let isDone = withDigestParameter { start(context, key, $0) }
        && EVP_MAC_update(context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) == 1
        && EVP_MAC_final(context, output, nil, SHA256Digest.byteCount) == 1
      precondition(isDone, "libcrypto cannot make a message code")
    }
  }

  package static func code(_ bytes: [UInt8], key: [UInt8]) -> SHA256Digest {
    bytes.withUnsafeBytes { bytes in key.withUnsafeBytes { code(bytes, key: $0) } }
  }

  /// Over the text's UTF-8.
  package static func code(_ text: String, key: [UInt8]) -> SHA256Digest { code(Array(text.utf8), key: key) }
  package static func code(_ text: String, key: SHA256Digest) -> SHA256Digest { code(text, key: key.bytes) }

  /// libcrypto takes a nil key for "keep the last one", so an empty key still needs an address.
  private static func start(_ context: OpaquePointer, _ key: UnsafeRawBufferPointer, _ parameters: UnsafePointer<OSSL_PARAM>) -> Bool {
    var none: UInt8 = 0
    guard let bytes = key.baseAddress, !key.isEmpty else { return EVP_MAC_init(context, &none, 0, parameters) == 1 }
    return EVP_MAC_init(context, bytes.assumingMemoryBound(to: UInt8.self), key.count, parameters) == 1
  }

  private static func withDigestParameter(_ body: (UnsafePointer<OSSL_PARAM>) -> Bool) -> Bool {
    var name = Array("SHA256".utf8CString)
    return name.withUnsafeMutableBufferPointer { name in
      let parameters = [
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0), OSSL_PARAM_construct_end(),
      ]
      return parameters.withUnsafeBufferPointer { $0.baseAddress.map(body) ?? false }
    }
  }
}

/// Compares secrets in a time that depends on their lengths alone.
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

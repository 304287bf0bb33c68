import CCrypto

/// An algorithm of libcrypto, looked up once: a look-up costs several times as much as a short digest.
///
/// `@unchecked Sendable`: the handle is immutable and libcrypto's to share between threads.
struct DigestAlgorithm: @unchecked Sendable {
  static let sha256 = DigestAlgorithm("SHA256")
  static let md5 = DigestAlgorithm("MD5")
  static let sha1 = DigestAlgorithm("SHA1")

  let handle: OpaquePointer

  private init(_ name: String) {
    guard let handle = EVP_MD_fetch(nil, name, nil) else { preconditionFailure("libcrypto has no \(name)") }
    self.handle = handle
  }

  /// Writes the digest of all bytes to `output`, which has room for it.
  func digest(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutablePointer<UInt8>) {
    let result = EVP_Digest(bytes.baseAddress, bytes.count, output, nil, handle, nil)
    precondition(result == 1, "libcrypto cannot make a digest")
  }
}

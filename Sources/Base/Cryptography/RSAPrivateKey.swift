import CCrypto

/// A private key of RSA, for signatures that others check with its public half. It never shows in descriptions.
///
/// `@unchecked Sendable`: libcrypto's keys may be used from several threads at once, and this one is never changed.
package final class RSAPrivateKey: @unchecked Sendable, CustomStringConvertible {
  private let handle: OpaquePointer

  /// Reads PEM text (PKCS #8 or PKCS #1); nil for anything else: other keys, and keys under a passphrase.
  package init?(pem: String) {
    var text = Array(pem.utf8)
    guard let source = BIO_new_mem_buf(&text, Int32(clamping: text.count)) else { return nil }
    defer { BIO_free(source) }
    // With a callback that knows no passphrase nobody is asked on the terminal.
    guard let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in 0 }, nil) else {
      ERR_clear_error()
      return nil
    }
    guard EVP_PKEY_is_a(key, "RSA") == 1 else {
      EVP_PKEY_free(key)
      return nil
    }
    handle = key
  }

  deinit { EVP_PKEY_free(handle) }

  package var description: String { "(sensitive)" }

  /// The signature of PKCS #1 version 1.5 over the SHA-256 of the bytes (RFC 8017, section 8.2), which JSON Web Tokens
  /// call `RS256`.
  package func signature(of bytes: [UInt8]) -> [UInt8] {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("libcrypto has no memory for a signature") }
    defer { EVP_MD_CTX_free(context) }
    let started = EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, handle, nil)
    precondition(started == 1, "libcrypto cannot sign with this key")
    var length = Int(EVP_PKEY_get_size(handle))
    var signature = [UInt8](repeating: 0, count: length)
    let result = EVP_DigestSign(context, &signature, &length, bytes, bytes.count)
    precondition(result == 1, "libcrypto cannot make a signature")
    return Array(signature.prefix(length))
  }
}

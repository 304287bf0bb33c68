import CCrypto

/// HMAC with SHA-256 (RFC 2104): a digest of the key and a digest of the key and the text.
package enum HMACSHA256 {
  /// Bytes of a block of SHA-256; longer keys are replaced by their digest.
  private static let blockSize = 64
  private static let innerPad: UInt8 = 0x36
  private static let outerPad: UInt8 = 0x5c

  package static func code(_ bytes: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) -> SHA256Digest {
    if key.count > blockSize { return SHA256.digest(key).withUnsafeBytes { code(bytes, key: $0) } }
    let inner = digest(key, innerPad, bytes)
    return inner.withUnsafeBytes { digest(key, outerPad, $0) }
  }

  package static func code(_ bytes: [UInt8], key: [UInt8]) -> SHA256Digest {
    bytes.withUnsafeBytes { bytes in key.withUnsafeBytes { code(bytes, key: $0) } }
  }

  /// Over the text's UTF-8.
  package static func code(_ text: String, key: [UInt8]) -> SHA256Digest { code(Array(text.utf8), key: key) }

  /// Over the text's UTF-8, with a code as the key, as derivations of keys have it.
  package static func code(_ text: String, key: SHA256Digest) -> SHA256Digest {
    var text = text
    return text.withUTF8 { text in key.withUnsafeBytes { code(UnsafeRawBufferPointer(text), key: $0) } }
  }

  private static func digest(
    _ key: UnsafeRawBufferPointer, _ pad: UInt8, _ bytes: UnsafeRawBufferPointer
  ) -> SHA256Digest {
    withUnsafeTemporaryAllocation(byteCount: blockSize + bytes.count, alignment: 8) { buffer in
      for index in 0..<blockSize { buffer[index] = (index < key.count ? key[index] : 0) ^ pad }
      UnsafeMutableRawBufferPointer(rebasing: buffer[blockSize...]).copyMemory(from: bytes)
      defer { for index in 0..<blockSize { buffer[index] = 0 } }
      return SHA256.digest(UnsafeRawBufferPointer(buffer))
    }
  }
}

/// Compares secrets in a time that depends on their lengths alone.
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

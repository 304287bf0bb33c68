import CCrypto

/// The 32 bytes of a SHA-256 digest or of a message code made with it.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  package static let byteCount = 32

  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  init(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
    withUnsafeMutableBytes(of: &words) { bytes in
      bytes.withMemoryRebound(to: UInt8.self) { if let start = $0.baseAddress { fill(start) } }
    }
  }

  /// nil where there are not exactly 32 bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
  }

  /// nil where the text is not 64 hexadecimal digits.
  package init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes)
  }

  package func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
    Swift.withUnsafeBytes(of: words, body)
  }

  package var bytes: [UInt8] { withUnsafeBytes(Array.init) }
  /// 64 lower-case hexadecimal digits.
  package var hex: String { withUnsafeBytes { Hex.encode($0) } }
  package var description: String { hex }

  package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }
}

/// SHA-256 (FIPS 180-4) over bytes at hand.
package enum SHA256 {
  package static func digest(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
    SHA256Digest { DigestAlgorithm.sha256.digest(bytes, into: $0) }
  }

  package static func digest(_ bytes: [UInt8]) -> SHA256Digest { bytes.withUnsafeBytes { digest($0) } }

  /// Over the text's UTF-8.
  package static func digest(_ text: String) -> SHA256Digest {
    var text = text
    return text.withUTF8 { digest(UnsafeRawBufferPointer($0)) }
  }
}

/// SHA-256 over bytes that come in pieces.
package struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, DigestAlgorithm.sha256.handle, nil) == 1
    else {
      preconditionFailure("libcrypto has no memory for a digest")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let result = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(result == 1, "libcrypto refuses bytes for a digest")
  }

  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  package mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  package consuming func finish() -> SHA256Digest {
    SHA256Digest {
      let result = EVP_DigestFinal_ex(context, $0, nil)
      precondition(result == 1, "libcrypto cannot end a digest")
    }
  }
}

/// MD5, only where a protocol asks for it as a checksum (`Content-MD5`).
package enum MD5 {
  package static let byteCount = 16

  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { input in
      [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
        guard let start = buffer.baseAddress else { return }
        DigestAlgorithm.md5.digest(input, into: start)
        filled = byteCount
      }
    }
  }
}

/// SHA-1, only where a format of others names files by it.
package enum SHA1 {
  package static let byteCount = 20

  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { input in
      [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
        guard let start = buffer.baseAddress else { return }
        DigestAlgorithm.sha1.digest(input, into: start)
        filled = byteCount
      }
    }
  }
}

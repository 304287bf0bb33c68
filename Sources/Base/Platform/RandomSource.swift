import CLinux
import Glibc
import Synchronization

/// Random bytes; injected wherever ids, keys or jitter are made.
package protocol RandomSource: Sendable {
  func fill(_ buffer: UnsafeMutableRawBufferPointer)
}

extension RandomSource {
  package func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      fill(UnsafeMutableRawBufferPointer(buffer))
      filled = count
    }
  }

  package func word() -> UInt64 {
    var word: UInt64 = 0
    withUnsafeMutableBytes(of: &word) { fill($0) }
    return word
  }

  /// At least 0 and below 1.
  package func fraction() -> Double { Double(word() >> 11) * 0x1p-53 }

  /// 32 lower-case hexadecimal digits (128 bits): for ids and client tokens.
  package func hexID() -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Lower-case base32 digits without i, l, o and u, 5 bits each: for short ids people read aloud.
  package func base32ID(length: Int = 16) -> String {
    let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    return String(decoding: bytes(length).map { digits[Int($0 & 31)] }, as: UTF8.self)
  }
}

/// The kernel's generator.
package struct SystemRandom: RandomSource {
  package init() {}

  package func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    var filled = 0
    while filled < buffer.count {
      let count = plumb_random(buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      precondition(count > 0 || errno == EINTR, "the kernel gives no random bytes")
      filled += max(count, 0)
    }
  }
}

/// Repeatable bytes for tests (SplitMix64).
package final class SeededRandom: RandomSource {
  private let state: Mutex<UInt64>

  package init(seed: UInt64) { state = Mutex(seed) }

  package func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    state.withLock { state in
      for index in buffer.indices {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        buffer[index] = UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
      }
    }
  }
}

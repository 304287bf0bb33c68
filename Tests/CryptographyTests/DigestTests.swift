import Cryptography
import TestSupport
import Testing

@Suite("Digests and encodings")
struct DigestTests {
  @Test(
    "SHA-256 gives the published digests",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, expected: String) {
    #expect(SHA256.digest(text).hex == expected)
    #expect(SHA256.digest(Array(text.utf8)) == SHA256Digest(hex: expected))
  }

  @Test("a digest of pieces is the digest of the whole")
  func stream() {
    var generator = SeededGenerator(seed: 1)
    let bytes = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    var stream = SHA256Stream()
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 0...300, using: &generator))
      stream.update(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    #expect(stream.finish() == SHA256.digest(bytes))
  }

  // RFC 4231, cases 1, 2 and 6; the last is the empty key and text.
  @Test(
    "HMAC gives the published codes",
    arguments: [
      (
        [UInt8](repeating: 0x0b, count: 20), "Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), "what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
      ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
  func hmac(key: [UInt8], text: String, expected: String) {
    #expect(HMACSHA256.code(text, key: key).hex == expected)
  }

  @Test("SHA-1 gives the published digest")
  func sha1() {
    #expect(Hex.encode(SHA1.digest(Array("abc".utf8))) == "a9993e364706816aba3e25717850c26c9cd0d89d")
  }

  @Test("MD5 gives the published digest")
  func md5() {
    #expect(Hex.encode(MD5.digest(Array("abc".utf8))) == "900150983cd24fb0d6963f7d28e17f72")
    #expect(Hex.encode(MD5.digest([])) == "d41d8cd98f00b204e9800998ecf8427e")
  }

  @Test(
    "base64 gives the published texts",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, expected: String) {
    #expect(Base64.encode(Array(text.utf8)) == expected)
    #expect(Base64.decode(expected) == Array(text.utf8))
    #expect(Base64.decode(Base64.encode(Array(text.utf8), .url), .url) == Array(text.utf8))
  }

  @Test("every byte survives all encodings")
  func roundTrip() {
    let bytes = [UInt8](0...255)
    #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    #expect(Base64.decode(Base64.encode(bytes, .url), .url) == bytes)
    #expect(Hex.decode(Hex.encode(bytes)) == bytes)
  }

  @Test(
    "broken base64 is refused", arguments: ["Z", "Zg=", "Zh==", "Zg==Zg==", "Zm9*", "-_-_", "=", "Zm9v="])
  func broken(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test(
    "secrets compare by content",
    arguments: [([1, 2], [1, 2], true), ([1, 2], [1, 3], false), ([1], [1, 2], false)])
  func constantTime(left: [UInt8], right: [UInt8], isEqual: Bool) {
    #expect(isEqualInConstantTime(left, right) == isEqual)
  }
}

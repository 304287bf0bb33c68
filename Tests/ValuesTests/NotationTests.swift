import Testing
import Values

@Suite("Notations: quantities, addresses, blocks")
struct NotationTests {
  @Test(
    "quantities are exact whatever their size",
    arguments: [
      ("9999999999999999999999999999999999999G", "9999999999999999999999999999999999999G"),
      ("12Mi", "12Mi"), ("1024Ki", "1Mi"), ("1.5Gi", "1536Mi"), ("0.5Ki", "512"), ("1000m", "1"), ("1500m", "1500m"),
      ("1e3", "1e3"), ("0.1", "100m"), ("-0", "0"), ("+5", "5"), (".5", "500m"), ("5.", "5"), ("0.1n", "1n"),
      ("9Ei", "9223372036854775807"), ("1e-9", "1e-9"), ("123456789.123456789", "123456789123456789n"),
    ])
  func quantityText(_ text: String, _ canonical: String) {
    #expect(Quantity(text)?.description == canonical)
  }

  @Test(
    "what is no quantity",
    arguments: [
      "", ".", "Mi", "10Mo", "10Mm", "1,5", "Three", "200K", "1e", "1e+", "1e257", "--1", "1 ", "1e999999999",
    ])
  func noQuantity(_ text: String) {
    #expect(Quantity(text) == nil)
  }

  @Test("quantities have a longest text and a largest power of ten")
  func quantityLimits() {
    #expect(Quantity(String(repeating: "9", count: Quantity.textBytes)) != nil)
    #expect(Quantity(String(repeating: "9", count: Quantity.textBytes + 1)) == nil)
    #expect(Quantity("1e256") != nil && Quantity("1e257") == nil && Quantity("1e-256") == Quantity("1n"))
  }

  @Test("quantities add, multiply and divide")
  func arithmetic() throws {
    let fifty = try #require(Quantity("50k")), hundred = try #require(Quantity("100k"))
    #expect((fifty + Quantity(20)).description == "50020")
    #expect((fifty + -hundred).description == "-50k")
    #expect((fifty + -hundred) < fifty && hundred > fifty)
    #expect((hundred + -fifty).integer == 50_000)
    #expect((fifty * -2).description == "-100k")
    #expect(Quantity(10_000).divided(by: 3, places: 4).description == "3333333300u")
    #expect(Quantity(-10_000).divided(by: 3, places: 0).integer == -3333)
    #expect(Quantity(5).divided(by: 2, places: 0).integer == 3)
    #expect(Quantity(10_000).wholeDivided(by: -3).integer == -3333)
    #expect(Quantity("50.703k")?.approximate == 50_703)
    #expect(Quantity(.min).integer == .min)
    #expect(Quantity("9223372036854775808")?.integer == nil)
    #expect(Quantity("1500m")?.integer == nil)
    #expect((Quantity(.max) * .max).description == "85070591730234615847396907784232501249")
  }

  @Test(
    "addresses have one canonical text",
    arguments: [
      ("10.0.0.7", "10.0.0.7"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
      ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("::ffff:c0a8:1", "192.168.0.1"),
      ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
  func addressText(_ text: String, _ canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test(
    "what is no address",
    arguments: [
      "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.+4", ":", ":::", "2001:db8:::68", "1::2::3", "12345::",
      "fe80::1%en0", "::ffff:192.168.0.1", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "::1.2.3", "1.2.3.4::", "::g", ":1::2",
    ])
  func noAddress(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("classes of addresses")
  func classes() throws {
    func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
    #expect(try address("127.1.2.3").isLoopback && address("::1").isLoopback)
    #expect(try address("224.0.0.1").isLinkLocalMulticast && !address("224.0.1.1").isLinkLocalMulticast)
    #expect(try address("ff02::1").isLinkLocalMulticast && !address("fd00::1").isLinkLocalMulticast)
    #expect(try address("169.254.169.254").isLinkLocalUnicast && address("fe80::1").isLinkLocalUnicast)
    #expect(try address("10.0.0.1").isGlobalUnicast && !address("255.255.255.255").isGlobalUnicast)
    #expect(try !address("fd80::1").isLinkLocalUnicast && address("fd80::1").isGlobalUnicast)
  }

  @Test("blocks keep their address, hold addresses and blocks, and mask")
  func blocks() throws {
    let block = try #require(CIDRBlock("192.168.0.9/16"))
    #expect(block.description == "192.168.0.9/16" && block.masked.description == "192.168.0.0/16")
    #expect(try block.contains(#require(IPAddress("192.168.255.1"))))
    #expect(try !block.contains(#require(IPAddress("::1"))))
    #expect(try block.contains(#require(CIDRBlock("192.168.10.0/24"))))
    #expect(try !block.contains(#require(CIDRBlock("192.168.0.0/15"))))
    #expect(try #require(CIDRBlock("::/0")).contains(#require(IPAddress("ffff::"))))
  }
}

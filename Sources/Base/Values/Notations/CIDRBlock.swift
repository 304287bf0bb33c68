/// An address with the length of its network's prefix (RFC 4632, RFC 4291).
///
/// Two blocks are equal with the same address and length; to compare networks, compare what `masked` gives.
package struct CIDRBlock: Hashable, Sendable {
  package let address: IPAddress
  package let prefix: Int

  /// Reads `10.0.0.7/16` or `2001:db8::/32`; bits beyond the prefix are kept. nil for anything else.
  package init?(_ text: String) {
    let halves = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2, let address = IPAddress(halves[0]),
      let prefix = IPAddress.decimal(halves[1], limit: address.width)
    else { return nil }
    self.init(address, prefix)
  }

  private init(_ address: IPAddress, _ prefix: Int) {
    self.address = address
    self.prefix = prefix
  }

  /// 4 or 6.
  package var version: Int { address.version }

  /// The first address, as a number.
  package var network: UInt128 {
    let host = UInt128(address.width - prefix)
    return (address.number >> host) << host
  }

  /// The block without bits beyond its prefix.
  package var masked: CIDRBlock { CIDRBlock(IPAddress(version: version, number: network), prefix) }

  package func contains(_ other: IPAddress) -> Bool {
    let host = UInt128(address.width - prefix)
    return version == other.version && address.number >> host == other.number >> host
  }

  package func contains(_ other: CIDRBlock) -> Bool { prefix <= other.prefix && contains(other.address) }
}

extension CIDRBlock: CustomStringConvertible {
  package var description: String { "\(address)/\(prefix)" }
}

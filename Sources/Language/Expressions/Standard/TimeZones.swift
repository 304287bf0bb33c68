import Platform
import Synchronization

/// Offsets from UTC: fixed ones, and those of the system's time zone database.
enum TimeZones {
  /// The zones read so far; nil for a name that is none.
  private static let zones = Mutex<[String: TimeZoneData?]>([:])
  /// Zones that are kept; there are some six hundred names.
  private static let limit = 1_024
  /// Bytes of one zone's file; the largest have four thousand.
  private static let fileBytes = 65_536
  private static let folder = "/usr/share/zoneinfo"

  /// Seconds east of UTC; nil for an unknown zone.
  static func offset(of zone: String, at moment: Timestamp) -> Int64? {
    if zone.isEmpty || zone == "UTC" || zone == "Z" || zone == "GMT" { return 0 }
    return fixed(zone) ?? named(zone)?.offset(at: moment.seconds)
  }

  /// `+02:00`, `-02:30`, `01:00`.
  private static func fixed(_ zone: String) -> Int64? {
    var rest = Substring(zone)
    let isWest = rest.first == "-"
    if isWest || rest.first == "+" { rest = rest.dropFirst() }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(Lexer.isDigit) }),
      let hours = Int64(parts[0]), let minutes = Int64(parts[1]), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
  }

  private static func named(_ zone: String) -> TimeZoneData? {
    if let known = zones.withLock({ $0[zone] }) { return known }
    let data = read(zone)
    zones.withLock { zones in
      if zones.count >= limit { zones.removeAll() }
      zones[zone] = .some(data)
    }
    return data
  }

  /// A name goes into a path: only words, with `/` between them.
  private static func read(_ zone: String) -> TimeZoneData? {
    let parts = zone.split(separator: "/", omittingEmptySubsequences: false)
    let isSafe = parts.allSatisfy { part in
      !part.isEmpty && part.utf8.allSatisfy { Lexer.isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    }
    guard isSafe, zone.utf8.count <= 64 else { return nil }
    do throws(FileError) {
      return TimeZoneData(try LocalFiles().read("\(folder)/\(zone)", limit: fileBytes))
    } catch {
      return nil
    }
  }
}

/// The transitions of one zone, from a file of the time zone database.
/// https://www.rfc-editor.org/rfc/rfc8536
///
/// After the last transition of the file its offset stays: the distribution's files reach to 2037.
struct TimeZoneData: Sendable {
  private let transitions: [Int64]
  /// The offset that each transition begins.
  private let offsets: [Int64]
  /// The offset before the first transition.
  private let first: Int64

  /// Nil for bytes that are no such file.
  init?(_ bytes: [UInt8]) {
    var reader = ZoneReader(bytes: bytes)
    guard let old = reader.header(), old.version >= UInt8(ascii: "2") else { return nil }
    reader.position += old.length(ofTime: 4)
    guard let header = reader.header(), reader.position + header.length(ofTime: 8) <= bytes.count, header.types > 0
    else { return nil }
    transitions = (0..<header.times).map { _ in reader.integer(8) }
    let indices = (0..<header.times).map { _ in Int(reader.integer(1) & 0xFF) }
    let types = (0..<header.types).map { _ in
      let offset = Int64(Int32(truncatingIfNeeded: reader.integer(4)))
      reader.position += 2
      return offset
    }
    guard indices.allSatisfy({ $0 < types.count }) else { return nil }
    offsets = indices.map { types[$0] }
    first = types[0]
  }

  /// Seconds east of UTC at a moment in seconds since 1970.
  func offset(at seconds: Int64) -> Int64 {
    var low = 0, high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : offsets[low - 1]
  }
}

private struct ZoneReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  struct Header {
    let version: UInt8
    let universal: Int, standard: Int, leaps: Int, times: Int, types: Int, characters: Int

    /// Bytes of the data behind the header.
    func length(ofTime size: Int) -> Int {
      times * size + times + types * 6 + characters + leaps * (size + 4) + standard + universal
    }
  }

  mutating func header() -> Header? {
    guard position + 44 <= bytes.count, bytes[position..<position + 4].elementsEqual("TZif".utf8) else { return nil }
    let version = bytes[position + 4]
    position += 20
    let counts = (0..<6).map { _ in Int(integer(4)) }
    guard counts.allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else { return nil }
    return Header(
      version: version, universal: counts[0], standard: counts[1], leaps: counts[2], times: counts[3],
      types: counts[4], characters: counts[5])
  }

  /// A big-endian integer of this many bytes.
  mutating func integer(_ size: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in bytes[position..<position + size] { value = value << 8 | UInt64(byte) }
    position += size
    return Int64(bitPattern: value)
  }
}

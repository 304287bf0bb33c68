/// A text with markers such as 1️⃣ in it, which give the positions a test speaks about.
///
/// `MarkedText("a: 1️⃣b")` has the text `a: b` and `marker(1)` at line 1, column 4.
package struct MarkedText: Sendable {
  /// A place in the text without its markers: line and column count from 1, in code points; the offset is in bytes.
  package struct Place: Hashable, Sendable {
    package var line: Int
    package var column: Int
    package var offset: Int

    package init(line: Int, column: Int, offset: Int) {
      self.line = line
      self.column = column
      self.offset = offset
    }
  }

  /// The text without the markers.
  package private(set) var text: String
  private var places: [Int: Place] = [:]

  package init(_ marked: String) {
    var place = Place(line: 1, column: 1, offset: 0)
    var text = String.UnicodeScalarView()
    for character in marked {
      if let number = Self.markerNumber(character) {
        precondition(places[number] == nil, "the marker \(character) stands twice")
        places[number] = place
        continue
      }
      for scalar in character.unicodeScalars {
        text.append(scalar)
        place.offset += scalar.utf8.count
        if scalar == "\n" {
          place.line += 1
          place.column = 1
        } else {
          place.column += 1
        }
      }
    }
    self.text = String(text)
  }

  /// Where the marker with this digit stood.
  /// - Precondition: the text has the marker.
  package func marker(_ number: Int) -> Place {
    guard let place = places[number] else { preconditionFailure("the text has no marker \(number)") }
    return place
  }

  /// The digits of all markers in ascending order.
  package var markers: [Int] { places.keys.sorted() }

  /// A marker is a digit, the emoji variation selector and the enclosing keycap.
  private static func markerNumber(_ character: Character) -> Int? {
    let scalars = Array(character.unicodeScalars)
    guard scalars.count == 3, scalars[1].value == 0xFE0F, scalars[2].value == 0x20E3 else { return nil }
    return Int(String(scalars[0]))
  }
}

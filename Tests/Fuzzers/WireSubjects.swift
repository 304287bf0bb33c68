import AWSClient
import Values

/// Answers of services, which may be anything: a proxy's page, a half-sent body, an attack.
enum WireSubjects {
  static let xml: Subjects.Subject = { bytes in
    do throws(XMLError) {
      let document = try XMLReader.read(bytes)
      let text = JSONWriter().bytes(document.value)
      let again = try XMLReader.read(XMLWriter.write(document.value, root: "Root", namespace: "urn:x"))
      precondition(!text.isEmpty && again.name == "Root", "what was read can be written")
      _ = document.value.items("reservationSet.instancesSet")
      _ = document.value.text("Error.Code")
    } catch {
      precondition(error.line >= 0, "a line is counted from the start")
    }
  }
}

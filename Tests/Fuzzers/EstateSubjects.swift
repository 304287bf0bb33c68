import Diagnostics
import Inventory
import Manifests
import Planning
import Platform
import Values

/// The files an estate lives in: manifests, plans, records, the journal.
enum EstateSubjects {
  /// A whole estate in one file.
  static let manifest: Subjects.Subject = { bytes in
    let files = SimulatedFiles(["/e/plumb.yaml": String(decoding: bytes, as: UTF8.self)])
    let loaded = EstateLoader(files: files, providers: ["aws", "kubernetes"]).load(root: "/e")
    Oracles.diagnostics(loaded.diagnostics, bytes)
    precondition(loaded.digest.utf8.count == 64, "every estate has a digest")
  }

  static let plan: Subjects.Subject = { bytes in
    do throws(PlanFileError) {
      let plan = try PlanFile.read(bytes, file: "fuzz.plan")
      let text = PlanFile.bytes(plan, version: "1.0.0")
      let again = PlanFile.bytes(try PlanFile.read(text, file: "again.plan"), version: "1.0.0")
      precondition(again == text, "writing a plan changes it")
      _ = plan.withheldAddresses
      Oracles.diagnostics(plan.diagnostics, [])
    } catch {
      precondition(!error.diagnostic.message.contains("again.plan"), error.diagnostic.message)
      Oracles.diagnostics([error.diagnostic], bytes)
    }
  }

  /// Entries one a line: each is written as it is read, and the fold takes or refuses the whole.
  static let journal: Subjects.Subject = { bytes in
    var fold = JournalFold()
    for range in JSONLines.ranges(of: bytes) {
      let line = Array(bytes[range])
      guard let entry = decoded(line) else { return }
      let text = JournalCodec.encode(entry)
      precondition(decoded(text) == entry, "writing an entry changes it")
      do throws(JournalFold.Problem) { try fold.apply(entry) } catch { return }
      precondition(fold.foldStart <= fold.nextSequence, "a fold starts after its end")
      _ = fold.openIntents
    }
  }

  static let record: Subjects.Subject = { bytes in
    do throws(StoreError) {
      let record = try RecordCodec.decode(bytes)
      let again = try RecordCodec.decode(RecordCodec.encode(record))
      precondition(again == record, "writing a record changes it")
    } catch {
      precondition(!error.message.isEmpty, "a refusal says why")
    }
  }

  private static func decoded(_ bytes: [UInt8]) -> JournalEntry? {
    do throws(StoreError) { return try JournalCodec.decode(bytes) } catch { return nil }
  }
}

import Inventory
import S3Inventory
import Values

/// Objects of a shared inventory, which anybody with the bucket's keys may have written.
enum BucketSubjects {
  /// The number that a segment says of itself, so that its object's name agrees with it.
  private static func number(_ bytes: [UInt8]) -> UInt64 {
    do throws(JSONError) {
      return UInt64(clamping: try JSONReader.parse(bytes)["number"]?.int ?? 1)
    } catch {
      return 1
    }
  }

  static let segment: Subjects.Subject = { bytes in
    let number = number(bytes)
    do throws(StoreError) {
      let segment = try SegmentCodec.decode(bytes, number: number)
      let text = SegmentCodec.encode(segment)
      let again = try SegmentCodec.decode(text, number: number)
      precondition(SegmentCodec.encode(again) == text, "writing changes a segment")
      var state = LogState()
      do throws(StoreError) { try state.apply(segment) } catch { return }
      precondition(state.head == 1 && state.snapshot.serial <= 1, "one segment is one step")
    } catch {
      precondition(!error.message.isEmpty, "a refusal says why")
    }
  }

  static let snapshot: Subjects.Subject = { bytes in
    let number = number(bytes)
    do throws(StoreError) {
      let state = try SnapshotCodec.decode(bytes, number: number)
      let text = SnapshotCodec.encode(state)
      let again = try SnapshotCodec.decode(text, number: state.head)
      precondition(SnapshotCodec.encode(again) == text, "writing changes a snapshot")
      precondition(again.snapshot.openIntents == state.snapshot.openIntents, "an intent is lost")
    } catch {
      precondition(!error.message.isEmpty, "a refusal says why")
    }
    do throws(StoreError) { _ = try Archive(bytes, name: "1-8.json") } catch {
      precondition(!error.message.isEmpty, "a refusal says why")
    }
  }

  static let lock: Subjects.Subject = { bytes in
    do throws(StoreError) {
      let document = try LeaseDocument(bytes)
      let again = try LeaseDocument(document.bytes)
      precondition(again == document, "writing changes a lock")
    } catch {
      precondition(!error.message.isEmpty, "a refusal says why")
    }
  }
}

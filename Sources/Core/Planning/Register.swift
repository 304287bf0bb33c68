import Resources

/// Desired resources and records side by side, one row for each address, sorted. Made by merging two sorted lists, so
/// that no address is hashed.
package struct Register: Sendable {
  package struct Row: Sendable {
    package var address: Address
    /// Position in the estate's resources.
    package var desired: Int?
    /// Positions in `records`.
    package var records: Range<Int>
  }

  /// Sorted by address and incarnation.
  package let records: [Recorded]
  package private(set) var rows: [Row] = []

  /// - Parameter desired: nil where nothing is desired, whatever the manifests say.
  package init(_ desired: DesiredEstate?, _ unordered: [Recorded]) {
    let isSorted = zip(unordered, unordered.dropFirst()).allSatisfy { $0.key < $1.key }
    records = isSorted ? unordered : unordered.sorted { $0.key < $1.key }
    let resources = desired?.resources ?? [], order = desired?.byAddress ?? []
    rows.reserveCapacity(max(order.count, records.count))
    var next = 0, start = 0
    while next < order.count || start < records.count {
      var row = Row(address: Address(""), desired: nil, records: start..<start)
      let wanted = next < order.count ? resources[Int(order[next])].address : nil
      let recorded = start < records.count ? records[start].address : nil
      if let wanted, recorded.map({ wanted <= $0 }) ?? true {
        row.address = wanted
        // An address that is written twice was refused with the manifests; the last one stands for it here.
        while next < order.count, resources[Int(order[next])].address == wanted {
          row.desired = Int(order[next])
          next += 1
        }
      }
      if let recorded, wanted.map({ recorded <= $0 }) ?? true {
        row.address = recorded
        while start < records.count, records[start].address == recorded { start += 1 }
        row.records = row.records.lowerBound..<start
      }
      rows.append(row)
    }
  }

  /// The row of an address.
  func row(_ address: Address) -> Row? {
    let position = rows.partition(by: address, \.address)
    return position < rows.count && rows[position].address == address ? rows[position] : nil
  }
}

extension Array {
  /// The first position of a sorted array whose key is not below this one.
  func partition(by wanted: Address, _ key: (Element) -> Address) -> Int {
    var low = 0, high = count
    while low < high {
      let middle = (low + high) / 2
      if key(self[middle]) < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

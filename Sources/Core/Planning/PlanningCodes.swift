import Diagnostics

extension DiagnosticCode {
  static let dependencyCycle = DiagnosticCode(2001)
  static let targetChanged = DiagnosticCode(2002)
  static let unknownType = DiagnosticCode(2003)
  static let foreignHolder = DiagnosticCode(2004)
  static let twoSided = DiagnosticCode(2005)
  static let nothingToAdopt = DiagnosticCode(2006)
  static let adoptsForeign = DiagnosticCode(2007)
  static let unreadable = DiagnosticCode(2008)
  static let nothingSelected = DiagnosticCode(2009)
  static let typeChanged = DiagnosticCode(2010)
  static let observedMissing = DiagnosticCode(2012)
  /// The service says beforehand that it would refuse a write.
  static let refusedByService = DiagnosticCode(2013)
  static let ownedByOther = DiagnosticCode(2014)
  static let mergedHere = DiagnosticCode(2015)
  static let protected = DiagnosticCode(2101)
  static let stateful = DiagnosticCode(2102)
  static let tooManyDeletes = DiagnosticCode(2103)
  static let cannotCreateFirst = DiagnosticCode(2104)
}

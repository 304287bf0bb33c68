import Values

/// Native objects of Kubernetes are resources as they are; what `metadata` says of other manifests, their annotations
/// in `plumb.dev/` say.
extension ManifestDocument {
  package var isNative: Bool { if case .kubernetes = group { true } else { false } }

  /// The fields of a direct resource: its `spec`, or a native object without what names its kind.
  package var fields: Value? {
    guard isNative else { return spec }
    return Value.build { builder in
      builder.setPosition(body.origin)
      builder.beginMap()
      for entry in body.entries where entry.key != "apiVersion" && entry.key != "kind" {
        builder.startEntry(entry)
        if entry.key == "metadata", entry.value["annotations"]?.kind == .map {
          Self.append(metadata: entry.value, to: &builder)
        } else {
          builder.append(entry.value)
        }
      }
      builder.endMap()
    }
  }

  /// Without the annotations that are for Plumb alone.
  private static func append(metadata: Value, to builder: inout TapeBuilder) {
    builder.setPosition(metadata.origin)
    builder.beginMap()
    for entry in metadata.entries {
      guard entry.key == "annotations" else {
        builder.startEntry(entry)
        builder.append(entry.value)
        continue
      }
      let kept = entry.value.entries.filter { !isOurs($0.key) }
      if kept.isEmpty, entry.value.count > 0 { continue }
      builder.startEntry(entry)
      builder.setPosition(entry.value.origin)
      builder.beginMap()
      for annotation in kept {
        builder.startEntry(annotation)
        builder.append(annotation.value)
      }
      builder.endMap()
    }
    builder.endMap()
  }

  static let annotationPrefix = "plumb.dev/"
  /// Annotations that stand on the object itself, since its provider goes by them.
  private static let kept: Set = ["plumb.dev/force", "plumb.dev/deletion", "plumb.dev/wait"]

  private static func isOurs(_ key: String) -> Bool { key.hasPrefix(annotationPrefix) && !kept.contains(key) }

  /// What `metadata` says of the resource's treatment; of a native object its annotations, in the same form.
  package var settings: Value? {
    guard isNative else { return metadata }
    guard let annotations = metadata?["annotations"], annotations.kind == .map,
      annotations.entries.contains(where: { Self.isOurs($0.key) })
    else { return nil }
    return Value.build { builder in
      builder.setPosition(annotations.origin)
      builder.beginMap()
      for entry in annotations.entries where Self.isOurs(entry.key) {
        builder.startEntry(entry)
        Self.append(setting: String(entry.key.dropFirst(Self.annotationPrefix.count)), entry.value, to: &builder)
      }
      builder.endMap()
    }
  }

  /// Annotations by the names of the settings that they stand for.
  private static let settingNames = [
    "management-policy": "managementPolicy", "create-before-destroy": "createBeforeDestroy",
    "depends-on": "dependsOn", "moved-from": "movedFrom",
  ]

  /// Annotations are texts: `true` is a truth, and lists have commas.
  private static func append(setting name: String, _ value: Value, to builder: inout TapeBuilder) {
    builder.key(settingNames[name] ?? name)
    let text = value.spelling
    switch name {
    case "protect", "create-before-destroy":
      builder.setPosition(value.origin)
      builder.bool(text == "true")
    case "depends-on", "ignore":
      builder.setPosition(value.origin)
      builder.beginList()
      for item in text.split(separator: ",") {
        builder.setPosition(value.origin)
        builder.string(String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()))
      }
      builder.endList()
    case "adopt":
      builder.setPosition(value.origin)
      builder.beginMap()
      if text == "true" {
        builder.key("naturalKey")
        builder.bool(true)
      } else {
        builder.key("id")
        builder.string(text)
      }
      builder.endMap()
    default: builder.append(value)
    }
  }

  /// The annotations that have a meaning, for what is not known.
  package static let annotations = [
    "adopt", "create-before-destroy", "deletion", "depends-on", "expressions", "force", "ignore", "management-policy",
    "moved-from", "protect", "target", "wait",
  ].map { annotationPrefix + $0 }
}

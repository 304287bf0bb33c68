import Diagnostics
import Platform
import Testing

@testable import Commands

@Suite("reading a command line")
struct ArgumentTests {
  private static let list = Command(
    "list", "List.", examples: [("t box list", "all")],
    options: [
      CommandOption("out", short: "o", .text("FILE"), "where"),
      CommandOption("only", .text("GLOB"), isRepeated: true, "which"),
      CommandOption("count", .number("N", 1...10), environment: "T_COUNT", "how many"),
      CommandOption("mode", .choice(["fast", "slow"]), "how"),
      CommandOption("wait", .duration("TIME"), "how long"),
      CommandOption("box", .optional("DIR", standIn: "here"), environment: "T_BOX", "where it is"),
      CommandOption("quiet", "say nothing"),
    ],
    positionals: [
      Positional("NAME", isOptional: true, "a name"), Positional("PLACE", isOptional: true, "a place"),
    ]
  ) { _ in .ok }

  private static let root = Command(
    "t", "Test.", examples: [("t box list", "all")],
    [
      Command("box", "Boxes.", examples: [("t box list", "all")], [list]),
      Command("one", "One.", examples: [("t one x", "x")], positionals: [Positional("X", "what")]) { _ in .ok
      },
    ])

  private func parse(_ words: [String], _ variables: [String: String] = [:]) -> ArgumentParser.Request {
    ArgumentParser(root: Self.root, global: [.json], environment: Environment(variables)).parse(words)
  }

  /// The values as `name=a,b` in order of names, then the positionals.
  private func read(_ words: [String], _ variables: [String: String] = [:]) -> String {
    switch parse(words, variables) {
    case .run(let path, let arguments):
      let values = arguments.values.sorted { $0.key < $1.key }.map {
        "\($0.key)=\($0.value.joined(separator: ","))"
      }
      return ([path.text] + values + arguments.positionals).joined(separator: " ")
    case .help(let path): return "help \(path.text)"
    case .version: return "version"
    case .wrong(let diagnostic):
      return ([diagnostic.message] + diagnostic.hints.dropLast()).joined(separator: " | ")
    }
  }

  @Test(
    "flags with one dash or two, values after a blank or an equals sign",
    arguments: [
      ("box list --out a", "t box list out=a"), ("box list -out=a", "t box list out=a"),
      ("box list -o a", "t box list out=a"),
      ("box list -o=a", "t box list out=a"), ("box list --out=a=b", "t box list out=a=b"),
      ("box list --only a --only=b", "t box list only=a,b"), ("box list --out a --out b", "t box list out=b"),
      ("box list x --quiet y", "t box list quiet= x y"), ("box list -- --quiet", "t box list --quiet"),
      ("box list - x", "t box list - x"), ("box list --quiet=false x", "t box list x"),
      ("--json box list", "t box list json="), ("box --json list", "t box list json="),
      ("box list --box x", "t box list box=here x"), ("box list --box=d x", "t box list box=d x"),
      ("box list --count 10 --wait 5m --mode slow", "t box list count=10 mode=slow wait=5m"),
      ("one -x", "`t one` has no flag `-x`"), ("one -- -x", "t one -x"),
    ])
  func accepted(line: String, expected: String) {
    #expect(read(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test(
    "help and version, wherever they stand",
    arguments: [
      ("", "help t"), ("--help", "help t"), ("-h", "help t"), ("help", "help t"), ("help box", "help t box"),
      ("help box list", "help t box list"), ("box --help", "help t box"),
      ("box list x --help", "help t box list"),
      ("--version", "version"), ("-v", "version"),
    ])
  func help(line: String, expected: String) {
    #expect(read(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test(
    "what is wrong is said with what was probably meant",
    arguments: [
      ("bux list", "there is no command `bux` | did you mean `box`?"),
      ("box lst", "there is no command `box lst` | did you mean `list`?"),
      ("box", "`t box` needs a command: `list`"),
      ("box list --qiet", "`t box list` has no flag `--qiet` | did you mean `--quiet`?"),
      ("box list ---quiet", "`t box list` has no flag `---quiet` | did you mean `--quiet`?"),
      ("box list --out", "`--out` needs a value: `--out FILE`"),
      ("box list --out --quiet", "`--out` needs a value: `--out FILE`"),
      ("box list --out=", "`--out` is empty"),
      ("box list --quiet=x", "`--quiet` takes no value"),
      ("box list --count 0", "`--count` takes a whole number from 1 to 10, not `0`"),
      ("box list --count x", "`--count` takes a whole number from 1 to 10, not `x`"),
      ("box list --mode fats", "`--mode` takes one of `fast`, `slow`, not `fats` | did you mean `fast`?"),
      ("box list --wait soon", "`--wait` takes a time such as `30s` or `5m`, not `soon`"),
      ("box list --wait 99999999999", "`--wait` takes a time such as `30s` or `5m`, not `99999999999`"),
      ("box list a b c", "`t box list` takes [NAME] [PLACE]; `c` is too much"),
      ("one", "`t one` needs X: what"),
      ("state", "there is no command `state` | `t inventory` does that here"),
    ])
  func refused(line: String, expected: String) {
    #expect(read(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test("variables set what the command line leaves open, and are checked the same")
  func environment() {
    #expect(read(["box", "list"], ["T_COUNT": "3"]) == "t box list count=3")
    #expect(read(["box", "list", "--count", "4"], ["T_COUNT": "3"]) == "t box list count=4")
    #expect(
      read(["box", "list"], ["T_COUNT": "30"]) == "`T_COUNT` takes a whole number from 1 to 10, not `30`")
    #expect(read(["box", "list"], ["T_BOX": "1"]) == "t box list box=here")
    #expect(read(["box", "list"], ["T_BOX": "dir"]) == "t box list box=dir")
    #expect(read(["box", "list"], ["T_BOX": "0"]) == "t box list")
  }

  @Test("PLUMB_CLI_ARGS stands before the words of the command line")
  func inserted() {
    let variables = ["PLUMB_CLI_ARGS": "--out 'a b' --quiet", "PLUMB_CLI_ARGS_box_list": "--count 2"]
    #expect(read(["box", "list", "--out", "c"], variables) == "t box list count=2 out=c quiet=")
    #expect(read(["box", "list"], variables) == "t box list count=2 out=a b quiet=")
    #expect(
      read(["box", "list"], ["PLUMB_CLI_ARGS": "'open"]) == "a quote in `PLUMB_CLI_ARGS` is never closed")
  }

  @Test("words as a shell splits them")
  func words() {
    #expect(ShellWords.split(#"a  "b c" 'd "e' f\ g "" h"i"j"#) == ["a", "b c", "d \"e", "f g", "", "hij"])
    #expect(ShellWords.split("\"open") == nil)
    #expect(ShellWords.split("") == [])
  }

  @Test("every command has examples, and they parse")
  func examples() {
    func check(_ path: CommandPath) {
      #expect(!path.command.examples.isEmpty, "\(path.text)")
      for example in path.command.examples {
        for line in example.line.components(separatedBy: " && ") where line.hasPrefix("plumb ") {
          let words = ShellWords.split(String(line.prefix { $0 != ">" && $0 != "|" })) ?? []
          let parser = ArgumentParser(
            root: CommandTable.root, global: CommandOption.global, environment: Environment())
          if case .wrong(let diagnostic) = parser.parse(Array(words.dropFirst())) {
            Issue.record("\(line): \(diagnostic.message)")
          }
        }
      }
      for command in path.command.subcommands { check(path.child(command)) }
    }
    check(CommandPath(names: ["plumb"], command: CommandTable.root))
  }

  @Test("no two options of a command share a name, and none takes a global one's")
  func names() {
    func check(_ path: CommandPath) {
      let names = (path.command.options + CommandOption.global).map(\.name)
      #expect(Set(names).count == names.count, "\(path.text)")
      for command in path.command.subcommands { check(path.child(command)) }
    }
    check(CommandPath(names: ["plumb"], command: CommandTable.root))
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator).map(String.init)
  }
}

import Diagnostics
import Expressions
import Testing
import Values

@Suite("Libraries of expressions")
struct LibraryTests {
  private static let environment = ExpressionEnvironment(
    variables: ["any": .dyn, "text": .string])

  private func evaluate(_ source: String) -> EvaluationResult.Outcome? {
    Program.compile(source, in: Self.environment).program?.evaluate(
      Activation(["any": .int(1), "text": .string("a\u{301}b\r\n")])
    ).outcome
  }

  @Test(
    "what holds at the edges",
    arguments: [
      // Code points, not characters.
      #"text.charAt(1) == "\u0301""#, #"text.indexOf("b") == 2"#, #"text.reverse() == "\n\rb\u0301a""#,
      #"text.split("") == ["a", "\u0301", "b", "\r", "\n"]"#, #"text.split("\r") == ["a\u0301b", "\n"]"#,
      #"text.trim() == "a\u0301b""#, #"text.replace("a", "") == "\u0301b\r\n""#,
      // Searches.
      #""abc".indexOf("", 2) == 2"#, #""abc".indexOf("c", 20) == -1"#, #""abc".lastIndexOf("") == 3"#,
      #""abc".lastIndexOf("", 1) == 1"#, #""abc".lastIndexOf("a", 0) == 0"#, #""".lastIndexOf("x", 0) == -1"#,
      // Cuts.
      #""abc".split("", 2) == ["a", "bc"]"#, #""abc".split("b", 0) == []"#, #""abc".split("b", 1) == ["abc"]"#,
      #""".split("") == []"#, #""".split(",") == [""]"#, #""ab".replace("", "-") == "-a-b-""#,
      #""ab".replace("", "-", 2) == "-a-b""#, #""ab".replace("a", "x", 0) == "ab""#, #"[].join("-") == """#,
      // Numbers.
      "math.greatest(1, 1.0) == 1 && type(math.greatest(1, 1.0)) == int", "math.least(2u, 1) == 1",
      "math.greatest([1.5, 2u, -3]) == 2u", "math.greatest(1, 2u, 3.5, 2) == 3.5", "math.sqrt(4u) == 2.0",
      "math.bitShiftRight(-1, 63) == 1", "math.bitShiftLeft(1, 64) == 0", "math.bitShiftLeft(1u, 9000000000000) == 0u",
      "math.sign(-0.0) == 0.0", "math.isNaN(math.sign(0.0 / 0.0))",
      // Lists.
      "[].sum() == 0", "[1.5].filter(x, false).sum() + 1.0 == 1.0", "[2, 1.5, 3u].min() == 1.5",
      "[[1], [[2]]].flatten() == [1, [2]]", "[1, [2, [3]]].flatten(5) == [1, 2, 3]", "[[1]].flatten(0) == [[1]]",
      "[1, 1u, 1.0, 2].distinct() == [1, 2]", "[].isSorted()", "![2, 1].isSorted()", "[1, 2u].indexOf(2.0) == 1",
      "lists.range(0) == []", "lists.range(100000).size() == 100000", "![].first().hasValue()",
      "[b'b', b'a'].sort() == [b'a', b'b']",
      "[true, false].sort() == [false, true]", "'a'.includes('a') && !any.includes(2)",
      "sets.equivalent([1], [1u, 1.0])",
      "sets.contains([[1], {'a': 1.5}, 2.5, null], [{'a': 1.5}, [1.0], null])",
      "[[1], [1.0], [2]].distinct().size() == 2",
      "sets.contains([], []) && !sets.intersects([], [])",
      // Patterns.
      #""ab".matches("b") && matches("ab", "^a") && !"ab".matches("^b")"#, #""aXbX".findAll("", 1) == [""]"#,
      #"regex.replace("abc", "(b)|x", r"[\1\0\\]") == r"a[bb\]c""#, #"regex.replace("abc", "", "-") == "-a-b-c-""#,
      #"regex.replace("aaa", "a", "b", 2) == "bba""#, #"regex.replace("aaa", "a", r"\", 0) == "aaa""#,
      #"regex.extract("ab", "(x)?b") == optional.none()"#, #"regex.extractAll("ab", "(x)?[ab]") == []"#,
      // Encodings.
      #"base64.decode("aGVsbG8") == b'hello'"#, #"base64.encode(b'') == """#,
      #"base64.decode(base64.encode(b'\xff\xfe')) == b'\xff\xfe'"#,
      // Types.
      "type(ip('::1')) == net.IP && type(cidr('::/0')) == net.CIDR", "format.named('x') == optional.none()",
      "format.uuid() == format.named('uuid').value()", "url('/a') == url('/a') && url('/a') != url('/b')",
      "semver('1.0.0+a') == semver('1.0.0+b')", "quantity('1Ki') != quantity('1k')", "dyn(ip('::1')) != dyn('::1')",
      // Formats.
      #""%s".format([{"b": [1.0, null], "a": duration("1.5s")}]) == "{a: 1.5s, b: [1, null]}""#,
      #""%x %X %o %b".format([-255, "é", -8, false]) == "-ff C3A9 -10 0""#, #""%.0e".format([12345]) == "1e+04""#,
      #""%.1000f".format([1]).size() == 1002"#,
      #""%d%%".format([1.5]) == "1.5%""#, #""%s".format([ip("::1")]) == "::1""#, #""%s".format([b'\xff']) == "\ufffd""#,
    ])
  func holds(_ source: String) {
    guard case .value(.bool(true))? = evaluate(source) else {
      let problems = Program.compile(source, in: Self.environment).diagnostics.map(\.message)
      Issue.record("\(problems) \(String(describing: evaluate(source)))")
      return
    }
  }

  @Test(
    "what is refused, with its reason",
    arguments: [
      (#""abc".charAt(4)"#, "the place 4 is outside the text, which has 3 characters"),
      (#""abc".charAt(-1)"#, "the place -1 is outside the text, which has 3 characters"),
      (#""abc".indexOf("a", -1)"#, "the place -1 is negative"),
      (#""abc".substring(2, 1)"#, "the text cannot be cut from 2 to 1: the end is before the start"),
      ("[dyn(1)].join()", "an `int` cannot be joined; only texts can"),
      ("math.greatest([])", "`math.greatest` of an empty list has no value"),
      ("math.least(dyn('a'))", "`math.least` does not take a `string`"),
      ("math.abs(-9223372036854775808)", "`math.abs(-9223372036854775808)` does not fit an `int`"),
      ("math.bitShiftLeft(1, -1)", "`math.bitShiftLeft` cannot shift by -1 places"),
      ("[1].slice(0, 2)", "a list of 1 cannot be cut from 0 to 2"),
      ("[1, 'a'].sort()", "a list of an `int` and a `string` cannot be sorted"),
      ("[dyn({})].max()", "a `map` and a `map` have no order between them"),
      ("[].min()", "`min` of an empty list has no value"),
      ("[1].flatten(-1)", "a list cannot be flattened -1 times"),
      ("[9223372036854775807, 1].sum()", "the sum does not fit its type"),
      ("lists.range(100001)", "`lists.range` makes lists of 0 to 100000 numbers, not 100001"),
      ("lists.range(9000).map(x, [x]).distinct()", "the lists are too long to be compared item by item"),
      (#"regex.extract("a", "(a)(b)")"#, "the pattern has 2 groups, and at most one can be extracted"),
      (#"regex.replace("a", "a", r"\2")"#, "the replacement names group 2, and the pattern has 0"),
      (#"regex.replace("a", "a", r"\x")"#, #"in a replacement `\` needs a digit or another `\` after it"#),
      (#"base64.decode("a")"#, "the text is no base64"),
      ("ip('1.2.3')", "`1.2.3` is no IP address"), ("cidr('10.0.0.0')", "`10.0.0.0` is no CIDR block"),
      ("cidr('::/0').containsIP('x')", "`x` is no IP address"),
      ("quantity('8GB')", "`8GB` is no quantity"), ("quantity('1').div(0)", "a quantity is divided by zero"),
      ("quantity('1.5').asInteger()", "`1500m` has a fraction or does not fit an `int`"),
      ("semver('1.2')", "`1.2` is no semantic version"),
      ("url('x')", "the text is no URL: parse \"x\": invalid URI for request"),
      (#""%d".format(["a"])"#, "`%d` takes numbers, not a `string`"),
      (#""%s".format([])"#, "the format wants more than the 0 values it was given"),
      (#""%y".format([1])"#, "the format has a `%` without a known letter after it"),
      (#""%.1001f".format([1])"#, "the precision of `%.` must be a number up to 1000"),
    ])
  func refused(_ source: String, _ message: String) {
    let (program, diagnostics) = Program.compile(source, in: Self.environment)
    guard let program else {
      #expect(diagnostics.map(\.message) == [message])
      return
    }
    guard case .failed(let diagnostic) = program.evaluate(Activation(["any": .int(1), "text": .string("")])).outcome
    else {
      Issue.record("was accepted: \(source)")
      return
    }
    #expect(diagnostic.message == message)
  }

  @Test(
    "what the check refuses",
    arguments: [
      "math.greatest('a')", "math.least()", "isIP(1)", "sets.contains([1], ['a'])", "[1].join()", "'a'.split(1)",
    ])
  func checked(_ source: String) {
    #expect(Program.compile(source, in: Self.environment).program == nil)
  }

  @Test("what functions make costs as much as what they are given")
  func costOfResults() {
    let program = Program.compile("lists.range(int(any) * 50000).size()", in: Self.environment).program
    let activation = Activation(["any": .int(1), "text": .string("")])
    func outcome(_ cost: Int) -> EvaluationResult.Outcome? {
      program?.evaluate(activation, limits: EvaluationLimits(cost: cost)).outcome
    }
    guard case .failed? = outcome(5_000), case .value? = outcome(20_000) else {
      Issue.record("\(String(describing: outcome(5_000)))")
      return
    }
  }

  @Test("a pattern that is written out is read by the check")
  func patterns() {
    for source in ["any.matches('(')", "text.find('(')", "regex.replace(text, '(', '')", "matches(text, 'a**')"] {
      let diagnostics = Program.compile(source, in: Self.environment).diagnostics
      #expect(diagnostics.count == 1 && diagnostics[0].message.contains("is no regular expression: "), "\(source)")
    }
    #expect(Program.compile("text.matches(text)", in: Self.environment).program != nil)
  }
}

import AWSClient
import Testing
import Values

@Suite("XML of AWS")
struct XMLTests {
  private func read(_ text: String, _ limits: XMLLimits = XMLLimits()) throws(XMLError) -> XMLDocument {
    try XMLReader.read(Array(text.utf8), limits: limits)
  }

  @Test("items and members are lists, repeated names too, everything else is a map of texts")
  func shapes() throws {
    let document = try read(
      """
      <?xml version="1.0"?><DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/">
        <requestId>r</requestId><vpcSet><item><vpcId>vpc-1</vpcId><tagSet/></item></vpcSet>
        <a:Flat>1</a:Flat><a:Flat>2</a:Flat><Roles><member>x &amp; y &#228;</member></Roles></DescribeVpcsResponse>
      """)
    #expect(document.name == "DescribeVpcsResponse")
    #expect(
      document.value == [
        "requestId": "r", "vpcSet": [["vpcId": "vpc-1", "tagSet": ""]], "Flat": ["1", "2"], "Roles": ["x & y ä"],
      ])
    #expect(document.value.items("vpcSet").count == 1)
    #expect(document.value.items("vpcSet")[0].items("tagSet").isEmpty)
    #expect(document.value.text("vpcSet") == nil)
  }

  @Test("document types are refused, and so are entities of any kind")
  func documentTypes() {
    let bomb = "<!DOCTYPE a [<!ENTITY x \"xxxx\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;</a>"
    #expect(throws: XMLError.self) { try read(bomb) }
    let error = #expect(throws: XMLError.self) { try read("<!DOCTYPE html><html/>") }
    #expect(error?.reason == .documentType)
    let file = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
    #expect((#expect(throws: XMLError.self) { try read(file) })?.reason == .documentType)
  }

  @Test("depth, count and size have limits; at the limit is fine")
  func limits() throws {
    var limits = XMLLimits()
    limits.depth = 3
    _ = try read("<a><b><c/></b></a>", limits)
    #expect((#expect(throws: XMLError.self) { try read("<a><b><c><d/></c></b></a>", limits) })?.reason == .tooDeep)
    limits = XMLLimits()
    limits.elements = 3
    _ = try read("<a><b/><b/></a>", limits)
    #expect((#expect(throws: XMLError.self) { try read("<a><b/><b/><b/></a>", limits) })?.reason == .tooMany)
    limits = XMLLimits()
    limits.bytes = 4
    _ = try read("<a/>", limits)
    #expect((#expect(throws: XMLError.self) { try read("<a />", limits) })?.reason == .tooLarge)
  }

  @Test(
    "broken texts are errors with a line", arguments: ["", "<a>", "<a>\n</b>", "<a/><b/>", "plain", "<a>\u{1}</a>"])
  func malformed(_ text: String) {
    let error = #expect(throws: XMLError.self) { try read(text) }
    #expect(error?.reason == .malformed)
  }

  @Test("bodies are escaped and keep their order")
  func writing() throws {
    let body = XMLWriter.write(
      ["TagSet": ["Tag": [["Key": "a<b>&\"", "Value": "x\ry"], ["Key": "n", "Value": 3]]]], root: "Tagging",
      namespace: "urn:s3")
    let text = String(decoding: body, as: UTF8.self)
    #expect(
      text.hasSuffix(
        "<Tagging xmlns=\"urn:s3\"><TagSet><Tag><Key>a&lt;b&gt;&amp;&quot;</Key><Value>x&#13;y</Value></Tag>"
          + "<Tag><Key>n</Key><Value>3</Value></Tag></TagSet></Tagging>"))
    #expect(try XMLReader.read(body).value.items("TagSet.Tag")[0].text("Value") == "x\ry")
  }

  @Test("forms number lists the way each protocol does")
  func forms() {
    let value: Value = ["Filter": [["Name": "vpc-id", "Value": ["a", "b"]]], "DryRun": false, "Max": 5, "Empty": []]
    let plain = FormEncoder.parameters(value, .plain).map { "\($0.name)=\($0.value)" }
    #expect(plain == ["Filter.1.Name=vpc-id", "Filter.1.Value.1=a", "Filter.1.Value.2=b", "DryRun=false", "Max=5"])
    let member = FormEncoder.parameters(["Tags": [["Key": "k"]]], .member).map { "\($0.name)=\($0.value)" }
    #expect(member == ["Tags.member.1.Key=k"])
    let body = FormEncoder.body([(name: "A.1", value: "a b+c/ä")])
    #expect(String(decoding: body, as: UTF8.self) == "A.1=a%20b%2Bc%2F%C3%A4")
  }
}

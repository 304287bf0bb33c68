import Cryptography
import TestSupport
import Testing

/// Keys and signature were made with `openssl` for this test alone.
@Suite("RSA signatures")
struct RSAPrivateKeyTests {
  @Test("the signature is the one that openssl makes, whatever form the key has")
  func signature() throws {
    for pem in [SampleKey.pem, Self.pkcs1, "Bag Attributes\n\(SampleKey.pem)\n"] {
      let key = try #require(RSAPrivateKey(pem: pem))
      #expect(Hex.encode(key.signature(of: Array("Plumb".utf8))) == Self.signed)
      #expect(key.signature(of: []) != key.signature(of: [0]))
    }
  }

  @Test("what is no key of RSA, or is locked, is none")
  func refused() {
    for text in ["", "no key", Self.locked, Self.elliptic, String(SampleKey.pem.dropLast(200))] {
      #expect(RSAPrivateKey(pem: text) == nil)
    }
  }

  @Test("a key shows in no description")
  func secret() throws { #expect("\(try #require(RSAPrivateKey(pem: SampleKey.pem)))" == "(sensitive)") }

  private static let signed =
    "0e68135e01ed17623b122e14025cd214fd1de8c5d054d6efb23d6bcb44bdb316be81a946140a0f009146378e8d45c57f"
    + "6bbb2c679b020af8e38b4668338a6830121bb9e3a4edf2df603fca1d0b7553db4443ae42f40590d53823f74ababfffc6"
    + "74203f0006d14711a2e4de449fd69eb4d391f07bb4d735983267b69e4d477a59576c771cbc92c8bc5866570dc94c6d88"
    + "66286ed6bbeabdb6365d687bbc537f5ccafa0642c89ce41c4d9949cea4e2e1e40d7b9024046b7bd4917e87af0f01a9e3"
    + "924e2b90f7c74870ff048cdd6e394df6b7a31f3bfe1e8edb5a55f59e631b99cfa69b1460df5e25626dbc26f8807447d9"
    + "d6a83fe9c0a1fa332907731dcaba2f33"

  private static let pkcs1 = """
    -----BEGIN RSA PRIVATE KEY-----
    MIIEowIBAAKCAQEA5GLcCdqt/U9eStiupniEza9mBVEECo75wC72MF9qC/G2QVIB
    7dz+HoYJCf4l0nafSKZ/4DNglb9w2bxwHG4ZIADxQLfeJ6SYhdn+6NgCN5EmreQ9
    BJKDKB8ZyhOxu1ZQe1hrkjDvATi5yyyjJJJU7ydeQODqYctGaDNuYLlo0mldoo2V
    Ky+o4EvYp/cMu1cXQna37OVXNXWQZU7LsQepxQthI/Bxn3rXzJtdbQxCYhBBLoBt
    9IS7ZDQVSE6fJJ3NQgAJo9rkANHnjfIaSxAfdLdkI8Kgwkn/WfRUBmEL6LMZeGPw
    k9/M/yi6kPWMarKKKMzLbv5jzNci9bwJU2yjcQIDAQABAoIBACmPa+dHKh5MkSYh
    pDaa+9/KKVCSW5/oQL6eTSKkWlHuHHJqj/tPGddIIOD2pL9V4sp/sgmEj/DwM4ML
    7YLe7ieKxFw4mW6xXygMcXzBwjWGbnl6bTglyURF1JWXW+JxZJftkTW7PeMFBZpZ
    dx6ymk4i5d38j+pX6WoQ4ecsFk0jk2pc4IjyUZS7iAUssgG4ugH7DCZDkQhNDKsl
    CAsvApm7G0rnTsE8C96kiHUJbumuhGjc+dlA2LUbAMm4ggY+EZnEqC5FkUpmG6/r
    zmR7KAwuEcyy6K/sxv+1NxdPdTSIQbJqEFxAovM0pWX2Oi/Mb94sqHfwq0I6oJKx
    sVh+2PkCgYEA9Fuo6bMJtvzIm3X2CdjASPLHfKjavcs72Kv8S3d5sKtFMrX1RiIG
    a3+x6w4xtq+0ebNsYG29aFUU5TUPcFgQJV9mqoMbw0hjycRVCVaTJ2tkAEntvSbq
    FCLlLxnr3iO5srqojz4TzIVY4X1vVWrrZ8Q5+gsdniXoAWMDJYfrMZsCgYEA70Rl
    ndIoNXuuPXsOz1DHPQQlP0XvvUP4yNlw/+Xxyw/y+tNqSKD8GwQ4arzrNEOxjeFP
    q1ZhRv8SWoTQxMkH7YX9kxkRONk+HgBnpx944QoYkw8YIgLk0ItUNCctFfxTCYXM
    JlcxNVPpggqPRSp7MiK0l1WDtsdOjOqN3yeA5eMCgYEAymHMAVqmlibA43kMgNVD
    VGe3bvjOylizxV2URNC8OeVwF3L6pM5zcL8/FUYZSIw3toAzJ55cPDgTaU7L7akS
    HlHoTxrteIzREQAJygUpNYHNPiv8uierwWexV5RpdP8zwuKzzoeEkGR027Uu65j1
    RWkQ95YTPrN4dwWRSplK4zcCgYAwrGVPmbT8TFDByQrWOcSOMQ2ytXNzuSQfF7zZ
    EdoCSRhQ1jlE1Rr0FAO2EwB1/V9dUXx3inb3jmQZbfNaVNr8Asn25p6ORgNQ7xwm
    70wT243sPKHYKWaK1g0nHuEZG994jHNfSVWFV7Ck96j1lRLCvDSopIjK4fikygJa
    ZxrdqQKBgARunRIny8OR0QGikjHG5LH2vSJFySazAik5fhv94sFItTZIZH5R484c
    EhoWYLceM7r+969fW0wCcGxHPBKozul4CueKSHsHltiL7SRIxhyqfd1ziRHEQZ9b
    h8703sozLF4U32uOLjojFDTxWuAa7PzAqayH6/AeThnt2t+vygt5
    -----END RSA PRIVATE KEY-----
    """

  private static let locked = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIIFLTBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIz9SD2BoGzSkCAggA
    MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBAdPHb4+WoAcYpOSXTY5LU/BIIE
    0F6fYOAm2LV1aCa9mwq0AeJMOIJHMJCzucv52MdygUZAkyoHWBlcpt19umNrdi/T
    gf2QA3KNvIJFkxtzcE41utfy6GAvzF98ry4EEuztJsop8sBWnQhI4IA9/xVXEwuR
    mUn1Xke6fq3qRZRHU7ruGTMJfCNHR/oc2n6b89sdCpaRouwJonTZBJrooG0NrutO
    LyKxRjRT7DN3BHbH6j5wdo30BMvvmsx/LbYJ7GGnGWZT4AgZrtNYyUrG6agBT3aN
    JZtTv+XDbNxUG7VK5L2FRI3L+SkNsK4WVQuNwKBCcdriO+C3f1ILgl980WpvM0rU
    0FsmoFhpSeEsQ3C/Wa1cz3PeA+br1wx8tXrp/pcioSsBHW11cEQ+M9iSoamMZHh7
    5EZhA3t0GlDW5LZkJRgz0v8jchzAKADDREGfuScyoKgs5mqS7uDwzHtBVwV/pCsT
    Rd7ypdIU7HgYxlGtP02tw2T5TGY58z9b9Mki8ZLX9DyV3df2YA4+xhx6wfqC4yQH
    nq3c/sd8IXwrbmY/2goJ5NK8JTkmC9r9lg44TOz3YySApjKtVtB6cwX+hymVtqYF
    fFhQddMnk0my4Q4QM17KlF+XldE+0oMLRfD/TzEHQoTovg5re/G/iMe74Xu2bSEX
    WkuHaySGUv6BCLI+dsHACgj97rvh2YPdUDH635Hf1y/qCDmwPgx70tTenyX2g10z
    8Ga+54VgjTy+2Yts1MaMztpxIV0Ot1kLpv/fNGGCXXsY1yBwbwijODG915EgSPMe
    lE0rVvpYELbEy4jiNq2MtoIw47FW0WpEWI31GFWdJyTltnEHQNRE+uQDvSx6O53C
    gbZs36Yuooi1UqcktiEwxZRpasNnT2WJ+R1JdV9NAzF+n/V1vDpeOV+YKWtAKUeu
    NZ206O2EfxrGTtYlX59nr6hB3WWgE2rUTQGMbIsBRzvd/P2HF+5O/r4PkV0GjqNu
    OyiipepN2SkbvXwXoHdjmfXKqlrkn4/s45fMuc/HIJB2z3UqwudjQklAlSjDZcjn
    j0qVHZ/EB0qFmcnQ5Wvc7F6hw8n5YN5nOYQcSxo+EXE2OgzpgsH16OO+l9ZK6uW8
    PYuMHSTzM0KX19U5SP0ohYosgRGhfKEzHkaoV92RKnf58+sbiDAc3jeqMx84dgic
    c4hIZV66ylZVd+om7Uf7J+ZS2PVaZYdVL0BIjvElhCPnkOuqMj5dnoKk+8XmrPhH
    8JYU7AVHs6vtwKSn6dr3I/Nivtu3MHnuCo1M3CwF6iHYKdAhvo8N92yg8M5lb8k7
    ZRegP21+ymuRJ1w5JTsUCWLZMNPXjwyvwPan9Yv/Ar78Wt/vgjaTpjDBCh+CNstw
    linoWBYLrHqv1RZrZ9euPSZ2OLlx7MuZ8/+4AXlb9W05D0YRV4GydaqRxfWGzvFT
    ws8phHjvZ1hlb6FZhymje8BwKvfkhRDvR+azzyUDG5Ot0QTb2HaHsWxlHEdK1iUk
    5tl4CpkIn/nLLesrHlU12ERiBAfq9ZVVT/uGC6Sh+05bh644YY6tY0Zho3GqXWl0
    MS5upNvy4cqK2wV8C3Lkk1TrNoj2PduMl+Ddswt0fRJuVFS2EcneRohlp0rRascH
    8ZyIQqLWUcJduc/jQO3IUXNy6IBl6Y2oYv49xK/7qNgx
    -----END ENCRYPTED PRIVATE KEY-----
    """

  private static let elliptic = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIJ5Fr/jASS+RuwwPjftNN1PfLw0L5H9beyzyYJitgVT3oAoGCCqGSM49
    AwEHoUQDQgAEysq7ADKY6NfN/sEbN6R/bkB6mQjJ70Y1BkkUQJ8d88tBssBqtJAb
    dij1KB+NshKKjjaLqxm9aJfZB+NhgsBqsA==
    -----END EC PRIVATE KEY-----
    """
}

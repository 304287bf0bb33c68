/// An RSA key that was made with `openssl` for these tests alone.
package enum SampleKey {
  /// PKCS #8.
  package static let pem = """
    -----BEGIN PRIVATE KEY-----
    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDkYtwJ2q39T15K
    2K6meITNr2YFUQQKjvnALvYwX2oL8bZBUgHt3P4ehgkJ/iXSdp9Ipn/gM2CVv3DZ
    vHAcbhkgAPFAt94npJiF2f7o2AI3kSat5D0EkoMoHxnKE7G7VlB7WGuSMO8BOLnL
    LKMkklTvJ15A4Ophy0ZoM25guWjSaV2ijZUrL6jgS9in9wy7VxdCdrfs5Vc1dZBl
    TsuxB6nFC2Ej8HGfetfMm11tDEJiEEEugG30hLtkNBVITp8knc1CAAmj2uQA0eeN
    8hpLEB90t2QjwqDCSf9Z9FQGYQvosxl4Y/CT38z/KLqQ9YxqsooozMtu/mPM1yL1
    vAlTbKNxAgMBAAECggEAKY9r50cqHkyRJiGkNpr738opUJJbn+hAvp5NIqRaUe4c
    cmqP+08Z10gg4Pakv1Xiyn+yCYSP8PAzgwvtgt7uJ4rEXDiZbrFfKAxxfMHCNYZu
    eXptOCXJREXUlZdb4nFkl+2RNbs94wUFmll3HrKaTiLl3fyP6lfpahDh5ywWTSOT
    alzgiPJRlLuIBSyyAbi6AfsMJkORCE0MqyUICy8CmbsbSudOwTwL3qSIdQlu6a6E
    aNz52UDYtRsAybiCBj4RmcSoLkWRSmYbr+vOZHsoDC4RzLLor+zG/7U3F091NIhB
    smoQXECi8zSlZfY6L8xv3iyod/CrQjqgkrGxWH7Y+QKBgQD0W6jpswm2/MibdfYJ
    2MBI8sd8qNq9yzvYq/xLd3mwq0UytfVGIgZrf7HrDjG2r7R5s2xgbb1oVRTlNQ9w
    WBAlX2aqgxvDSGPJxFUJVpMna2QASe29JuoUIuUvGeveI7myuqiPPhPMhVjhfW9V
    autnxDn6Cx2eJegBYwMlh+sxmwKBgQDvRGWd0ig1e649ew7PUMc9BCU/Re+9Q/jI
    2XD/5fHLD/L602pIoPwbBDhqvOs0Q7GN4U+rVmFG/xJahNDEyQfthf2TGRE42T4e
    AGenH3jhChiTDxgiAuTQi1Q0Jy0V/FMJhcwmVzE1U+mCCo9FKnsyIrSXVYO2x06M
    6o3fJ4Dl4wKBgQDKYcwBWqaWJsDjeQyA1UNUZ7du+M7KWLPFXZRE0Lw55XAXcvqk
    znNwvz8VRhlIjDe2gDMnnlw8OBNpTsvtqRIeUehPGu14jNERAAnKBSk1gc0+K/y6
    J6vBZ7FXlGl0/zPC4rPOh4SQZHTbtS7rmPVFaRD3lhM+s3h3BZFKmUrjNwKBgDCs
    ZU+ZtPxMUMHJCtY5xI4xDbK1c3O5JB8XvNkR2gJJGFDWOUTVGvQUA7YTAHX9X11R
    fHeKdveOZBlt81pU2vwCyfbmno5GA1DvHCbvTBPbjew8odgpZorWDSce4Rkb33iM
    c19JVYVXsKT3qPWVEsK8NKikiMrh+KTKAlpnGt2pAoGABG6dEifLw5HRAaKSMcbk
    sfa9IkXJJrMCKTl+G/3iwUi1NkhkflHjzhwSGhZgtx4zuv73r19bTAJwbEc8EqjO
    6XgK54pIeweW2IvtJEjGHKp93XOJEcRBn1uHzvTeyjMsXhTfa44uOiMUNPFa4Brs
    /MCprIfr8B5OGe3a36/KC3k=
    -----END PRIVATE KEY-----
    """
}

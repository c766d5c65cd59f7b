//! Which rules fit a service, by its name alone.

use sigv4::{ContentSha256, PathEncoding, PathRules, SigningRules};

/// Names in a credential scope, and the rules that they get. For the first four, and for no others, the
/// endpoint rules of botocore 1.44.5 switch double encoding off; the next three want
/// `x-amz-content-sha256`.
const RULES: [(&str, SigningRules<'static>); 28] = [
    ("s3", SigningRules::S3),
    ("s3express", SigningRules::S3),
    ("s3-object-lambda", SigningRules::S3),
    ("s3-outposts", SigningRules::S3),
    ("aoss", SigningRules::STANDARD_WITH_CONTENT_SHA256),
    ("glacier", SigningRules::STANDARD_WITH_CONTENT_SHA256),
    ("vpc-lattice-svcs", SigningRules::STANDARD_WITH_CONTENT_SHA256),
    // Neighbours by name, services among them.
    ("", SigningRules::STANDARD),
    ("S3", SigningRules::STANDARD),
    ("s3 ", SigningRules::STANDARD),
    (" s3", SigningRules::STANDARD),
    ("s", SigningRules::STANDARD),
    ("s3-", SigningRules::STANDARD),
    ("s3-foo", SigningRules::STANDARD),
    ("s3v4", SigningRules::STANDARD),
    ("s3tables", SigningRules::STANDARD),
    ("s3vectors", SigningRules::STANDARD),
    ("s3files", SigningRules::STANDARD),
    ("s3expres", SigningRules::STANDARD),
    ("S3Express", SigningRules::STANDARD),
    ("s3-outpost", SigningRules::STANDARD),
    ("vpc-lattice", SigningRules::STANDARD),
    ("Glacier", SigningRules::STANDARD),
    // And the rest.
    ("iam", SigningRules::STANDARD),
    ("sts", SigningRules::STANDARD),
    ("execute-api", SigningRules::STANDARD),
    ("dynamodb", SigningRules::STANDARD),
    ("es", SigningRules::STANDARD),
];

#[test]
fn a_service_gets_the_rules_that_fit_it() {
    for (service, rules) in RULES {
        assert_eq!(SigningRules::of_service(service), rules, "{service:?}");
        #[cfg(feature = "signer")]
        if !service.is_empty() {
            let credentials = sigv4::OwnedCredentials::new("AKIDEXAMPLE", "secret");
            // A name with a blank cannot be signed for at all.
            if let Ok(signer) = sigv4::Signer::new(credentials, "us-east-1", service) {
                assert_eq!(signer.rules(), &rules, "{service}");
                let other = SigningRules::STANDARD_WITH_CONTENT_SHA256;
                assert_eq!(signer.with_rules(other).rules(), &other, "{service}");
            }
        }
    }
}

/// The table has every exception, in order, and nothing else.
#[test]
fn the_table_lists_what_is_not_standard() {
    let mut expected = RULES.to_vec();
    expected.retain(|(_, rules)| *rules != SigningRules::STANDARD);
    expected.sort_by_key(|(name, _)| *name);
    assert_eq!(SigningRules::BY_SERVICE, expected);
}

#[test]
fn the_presets_are_what_their_names_say() {
    let standard = SigningRules::STANDARD;
    assert_eq!(standard.path, PathRules { normalize: true, encoding: PathEncoding::Twice });
    assert_eq!(standard.content_sha256, ContentSha256::Omit);
    let declaring = SigningRules { content_sha256: ContentSha256::Add, ..standard };
    assert_eq!(SigningRules::STANDARD_WITH_CONTENT_SHA256, declaring);
    let path = PathRules { normalize: false, encoding: PathEncoding::Once };
    assert_eq!(SigningRules::S3, SigningRules { path, ..declaring });
    assert_eq!(SigningRules::default(), standard);
}

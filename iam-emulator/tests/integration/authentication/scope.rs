//! The scope of a credential.

use iam_emulator::{Configuration, Emulator, RegionCheck};

use super::signature::signed_by_hand;
use super::{REGION, SERVICE, TERMINATOR, alice, altered, call, refused};
use crate::client::{Client, form_request};

/// The root of an account that looks at regions.
fn strict() -> Client {
    let configuration =
        Configuration { region_check: RegionCheck::Strict, ..Configuration::default() };
    let emulator = Emulator::with_seed(configuration, 1).unwrap();
    Client::root_of(emulator.into())
}

#[test]
fn all_that_is_wrong_with_a_scope_is_told_at_once() {
    let root = strict();
    let date = "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date \
        from HTTP: '20000101' != '20260211', from '20260211T104038Z'.";
    let scope = "20260211/us-east-1/iam/aws4_request";
    for (presented, sentences) in [
        ("20260211/us-west-1/iam/aws4_request", &[REGION][..]),
        ("20260211//iam/aws4_request", &[REGION]),
        ("20260211/us-east-1/ec2/aws4_request", &[SERVICE]),
        ("20260211/us-east-1/IAM/aws4_request", &[SERVICE]),
        ("20260211/us-east-1/iam/aws5_request", &[TERMINATOR]),
        ("20000101/us-east-1/iam/aws4_request", &[date]),
        ("20260211/us-west-1/s3/aws4_request", &[REGION, SERVICE]),
        ("20000101/x/y/z", &[REGION, SERVICE, TERMINATOR, date]),
    ] {
        let request = altered(root.sign(call(), "iam"), scope, presented);
        let message = sentences.concat();
        refused(&root.send(request), "SignatureDoesNotMatch", &message);
    }
    let wrong = root.send(root.sign(form_request("GetCallerIdentity", "2011-06-15", &[]), "s3"));
    let message = "Credential should be scoped to correct service: 'sts'. ";
    refused(&wrong, "SignatureDoesNotMatch", message);
}

#[test]
fn who_was_signed_for_refuses_the_version_of_the_other() {
    let root = strict();
    for (action, version, signed_for, other) in [
        ("GetCallerIdentity", "2011-06-15", "iam", "sts"),
        ("ListUsers", "2010-05-08", "sts", "iam"),
    ] {
        let answer = root.send(root.sign(form_request(action, version, &[]), signed_for));
        let message = format!("Could not find operation {action} for version {version}");
        answer.refused(400, "InvalidAction", Some(&message));
        root.send(root.sign(form_request(action, version, &[]), other)).succeeded();
    }
}

#[test]
fn any_region_will_do_unless_told_otherwise() {
    let lenient = Client::root();
    for region in ["us-east-1", "eu-central-1", "auto"] {
        let client = Client { region: region.to_owned(), ..lenient.clone() };
        client.iam("GetUser", &[]).succeeded();
        client.sts("GetCallerIdentity", &[]).succeeded();
    }
    let elsewhere = Client { region: "eu-central-1".to_owned(), ..strict() };
    for answer in [elsewhere.iam("GetUser", &[]), elsewhere.sts("GetCallerIdentity", &[])] {
        refused(&answer, "SignatureDoesNotMatch", REGION);
    }
    strict().iam("GetUser", &[]).succeeded();
    strict().sts("GetCallerIdentity", &[]).succeeded();
}

#[test]
fn a_region_may_be_empty() {
    let nowhere = Client { region: String::new(), ..alice() };
    let request = signed_by_hand(&nowhere, "x-amz-date", "20260211T104038Z");
    nowhere.send(request).succeeded();
}

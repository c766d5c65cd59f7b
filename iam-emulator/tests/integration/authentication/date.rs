//! The date of a request, and how far it may be from the emulator's.

use time::Duration;

use super::signature::signed_by_hand;
use super::{GET_USER, alice, call, refused, with_header};
use crate::client::Client;

#[test]
fn a_date_must_be_one() {
    let alice = alice();
    for date in ["yesterday", "20260231T000000Z", "1770806438", ""] {
        let request = with_header(alice.sign(call(), "iam"), "x-amz-date", date);
        let message = format!(
            "Date must be in ISO-8601 'basic format'. Got '{date}'. \
             See http://en.wikipedia.org/wiki/ISO_8601"
        );
        refused(&alice.send(request), "IncompleteSignature", &message);
    }
}

#[test]
fn the_clocks_may_differ_by_fifteen_minutes() {
    let alice = alice();
    let skewed = |seconds| {
        let client = Client { clock: alice.now + Duration::seconds(seconds), ..alice.clone() };
        let in_header = client.iam("GetUser", &[]);
        let presigned = client.presign(GET_USER, "iam", None);
        [in_header, client.send(presigned)]
    };
    for seconds in [-900, 0, 900] {
        for answer in skewed(seconds) {
            answer.succeeded();
        }
    }
    for answer in skewed(-901) {
        refused(
            &answer,
            "SignatureDoesNotMatch",
            "Signature expired: 20260211T102537Z is now earlier than 20260211T102538Z \
             (20260211T104038Z - 15 min.)",
        );
    }
    for answer in skewed(901) {
        refused(
            &answer,
            "SignatureDoesNotMatch",
            "Signature not yet current: 20260211T105539Z is still later than 20260211T105538Z \
             (20260211T104038Z + 15 min.)",
        );
        // By which SDKs set their clocks.
        assert_eq!(answer.headers["date"], "Wed, 11 Feb 2026 10:40:38 GMT");
    }
}

#[test]
fn expires_is_neither_needed_nor_enforced() {
    let alice = alice();
    let late = alice.after(Duration::minutes(15));
    let too_late = alice.after(Duration::minutes(15) + Duration::seconds(1));
    for expires in [None, Some(1), Some(604_800)] {
        let presigned = alice.presign(GET_USER, "iam", expires);
        late.send(presigned.clone()).succeeded();
        let answer = too_late.send(presigned);
        assert_eq!(answer.text("Code").unwrap(), "SignatureDoesNotMatch");
        assert!(answer.text("Message").unwrap().starts_with("Signature expired: "));
    }
}

#[test]
fn the_date_may_come_in_other_forms_and_headers() {
    let alice = alice();
    for (header, date) in [
        ("x-amz-date", "20260211T104038Z"),
        ("x-amz-date", "2026-02-11T10:40:38Z"),
        ("date", "20260211T104038Z"),
        ("date", "Wed, 11 Feb 2026 10:40:38 GMT"),
    ] {
        alice.send(signed_by_hand(&alice, header, date)).succeeded();
    }
    // A `Date` that is far off does not count beside `X-Amz-Date`.
    let far_off = with_header(call(), "date", "Wed, 11 Feb 2015 10:40:38 GMT");
    alice.send(alice.sign(far_off, "iam")).succeeded();
}

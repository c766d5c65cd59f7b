//! Explanations where the other side's canonical request or string to sign is known.

use sigv4::explain::{Comparison, Explanation, Item, Mistake, ServerView, SignatureFinding};

use super::cases::{CASES, Case};

const RIGHT: &str = "GET\n/a%2520b/../c\nx=1\nhost:example.amazonaws.com\n\
    x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n\
    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn case(name: &str) -> &'static Case {
    CASES.iter().find(|case| case.name == name).unwrap()
}

fn compare(case: &Case, text: &str) -> (Option<Comparison>, Vec<(Item, String, String)>) {
    let explanation = case.explain_by(|view| ServerView { other_text: Some(text), ..view });
    let differences = explanation.differences().iter();
    let differences =
        differences.map(|found| (found.item.clone(), found.here.clone(), found.there.clone()));
    (explanation.comparison(), differences.collect())
}

/// The canonical request of `path_not_encoded_again`, as its client had it.
fn signed(path: &str) -> String {
    let right = RIGHT.replace("/a%2520b/../c", path);
    right.replace("x=1", "")
}

#[test]
fn the_line_that_differs_is_shown_side_by_side() {
    let text = signed("/my%20file/a");
    let (comparison, differences) = compare(case("path_not_encoded_again"), &text);
    assert_eq!(comparison, Some(Comparison::OtherWasSigned));
    let path = (Item::Path, "/my%2520file/a".to_owned(), "/my%20file/a".to_owned());
    assert_eq!(differences, [path]);
}

#[test]
fn a_text_that_was_not_signed_is_told_apart() {
    let text = signed("/my%20file/a").replace("GET", "HEAD");
    let (comparison, differences) = compare(case("path_not_encoded_again"), &text);
    assert_eq!(comparison, Some(Comparison::Differs));
    // The first line that differs is the first that is shown.
    assert_eq!(differences[0], (Item::Method, "GET".to_owned(), "HEAD".to_owned()));
    assert_eq!(differences[1].0, Item::Path);
}

#[test]
fn the_same_text_leaves_the_key_as_the_cause() {
    let case = case("secret_with_line_break");
    let text = signed("/");
    let explanation = case.explain_by(|view| ServerView { other_text: Some(&text), ..view });
    assert_eq!(explanation.comparison(), Some(Comparison::Same));
    assert_eq!(explanation.mistakes(), [Mistake::SecretWhiteSpace]);
    assert!(explanation.differences().is_empty());
}

#[test]
fn a_service_that_refuses_what_is_right_here_shows_its_view() {
    let case = case("right_header");
    let normalized = "GET\n/c\na=%2F&x=1\nhost:example.amazonaws.com\n\
        x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n\
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(compare(case, normalized), (Some(Comparison::Same), Vec::new()));
    let xml = normalized.replace("/c\n", "/prod/c\n").replace('&', "&amp;");
    let answer = format!(
        "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code>\
         <CanonicalRequest>{xml}</CanonicalRequest></Error>"
    );
    let (comparison, differences) = compare(case, &answer);
    assert_eq!(comparison, Some(Comparison::Differs));
    assert_eq!(differences, [(Item::Path, "/c".to_owned(), "/prod/c".to_owned())]);
    assert_eq!(compare(case, "no such text").0, Some(Comparison::Unreadable));
}

#[test]
fn strings_to_sign_are_compared_line_by_line() {
    let case = case("time_read_twice");
    let hash = "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63";
    let text = format!(
        "AWS4-HMAC-SHA256\n20150830T123601Z\n20150830/us-east-1/service/aws4_request\n{hash}"
    );
    let (comparison, differences) = compare(case, &text);
    assert_eq!(comparison, Some(Comparison::OtherWasSigned));
    let time = (Item::Timestamp, "20150830T123600Z".to_owned(), "20150830T123601Z".to_owned());
    assert_eq!(differences, [time]);
    let (comparison, differences) = compare(case, &text.replace("bb579", "bb570"));
    assert_eq!(comparison, Some(Comparison::Differs));
    assert_eq!(differences[1].0, Item::CanonicalRequestHash);
}

#[test]
fn what_no_mistake_leads_to_is_explained_by_the_text() {
    let text = signed("/elsewhere");
    let explain =
        |name: &str| case(name).explain_by(|view| ServerView { other_text: Some(&text), ..view });
    let path = |explanation: &Explanation| {
        let differences = explanation.differences();
        assert_eq!(differences.len(), 1, "{explanation}");
        (differences[0].here.clone(), differences[0].there.clone())
    };
    let explanation = explain("elsewhere");
    assert_eq!(explanation.comparison(), Some(Comparison::OtherWasSigned));
    assert_eq!(explanation.signature(), SignatureFinding::HoldsForOtherText);
    assert!(!explanation.to_string().contains("Unknown"), "{explanation}");
    assert_eq!(path(&explanation), ("/".to_owned(), "/elsewhere".to_owned()));

    // The text was signed, but with a secret that is wrong as well.
    let explanation = explain("elsewhere_with_secret");
    assert_eq!(explanation.comparison(), Some(Comparison::Differs));
    assert_eq!(explanation.mistakes(), [Mistake::SecretWhiteSpace]);
    assert_eq!(explanation.signature(), SignatureFinding::HoldsWithMistakes);
    assert_eq!(path(&explanation), ("/".to_owned(), "/elsewhere".to_owned()));
}

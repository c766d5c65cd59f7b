//! One refused request under examination.

use alloc::rc::Rc;
use alloc::vec::Vec;

use crate::bytes::base64;
use crate::bytes::encode;
use crate::explain::canonical_text::{CanonicalText, Layout};
use crate::explain::difference::{Differences, Item};
use crate::explain::draft::{Derivation, Draft, Key, RequestHash, RequestLine, StringToSign};
use crate::explain::explanation::{Comparison, Explanation, SignatureFinding};
use crate::explain::mistake::Mistake;
use crate::explain::other_text::OtherText;
use crate::explain::redaction::Redaction;
use crate::explain::refusal::Refused;
use crate::explain::scene::Scene;
use crate::explain::search::Search;
use crate::explain::{EXPLAIN_OTHER_TEXT_LEN_MAX, EXPLAIN_REQUEST_LEN_MAX, ServerView};
use crate::names::ALGORITHM;
use crate::request::{Headers, Request};
use crate::signature::Signature;
use crate::verify::rules::{PayloadRule, UnnormalizedPath, Unsigned};
use crate::verify::{Body, PresentedSignature, PresentedText, VerifyError, VerifyRules};

/// A request, what it presents, and what it is held against.
pub(crate) struct Examination<'a, H: ?Sized> {
    view: &'a ServerView<'a>,
    presented: &'a PresentedSignature<'a>,
    request: &'a Request<'a, H>,
    body_sha256: [u8; 32],
}

impl<'a, H: Headers + ?Sized> Examination<'a, H> {
    pub(crate) const fn new(
        view: &'a ServerView<'a>,
        presented: &'a PresentedSignature<'a>,
        request: &'a Request<'a, H>,
        body_sha256: [u8; 32],
    ) -> Self {
        Self { view, presented, request, body_sha256 }
    }

    pub(crate) fn explain(&self, refusal: Option<VerifyError>) -> Explanation {
        let scene = Scene::new(self.view, self.presented, self.request, self.body_sha256);
        let redaction = Redaction::new(&scene, self.presented);
        let mut differences = Differences::new(&redaction);
        let mut explanation = Explanation::new(refusal);
        if let Some(error) = refusal {
            let refused = Refused { scene: &scene, presented: self.presented };
            explanation.mistakes = refused.add(error, &mut differences);
        }
        if let Some(base) = self.rebuild() {
            let presented = self.signature();
            let mut bases = Vec::from([base]);
            if let Some(text) = self.view.other_text {
                let signature = presented.map(|(signature, _)| signature);
                let (comparison, other) = compare(text, &bases[0], signature, &mut differences);
                explanation.comparison = Some(comparison);
                bases.extend(other);
            }
            if let Some((signature, writing)) = presented {
                explanation.mistakes.extend(writing);
                examine(&scene, &bases, signature, &mut explanation, &mut differences);
            }
        }
        explanation.differences = differences.found;
        explanation.steps = scene.budget.spent();
        explanation.is_cut_short = scene.budget.is_cut_short();
        explanation
    }

    /// What the verifier signs for comparison, as far as it can be rebuilt.
    fn rebuild(&self) -> Option<Draft> {
        let headers = self.request.headers().pairs();
        let headers = headers.map(|(name, value)| name.len().saturating_add(value.len()));
        let len = [self.request.method().len(), self.request.target().len()].into_iter();
        let len = len.chain(headers).fold(0, usize::saturating_add);
        if len > EXPLAIN_REQUEST_LEN_MAX {
            return None;
        }
        let rules = self.view.rules;
        // What is refused for these is examined nevertheless.
        let relaxed = VerifyRules {
            unnormalized_path: UnnormalizedPath::Accept,
            unsigned_amz_headers: Unsigned::Allow,
            unsigned_date: Unsigned::Allow,
            payload: PayloadRule::AlwaysHashed,
            ..rules
        };
        // Each byte becomes three at most, and some separators are added.
        let mut text = [0].repeat(len.saturating_mul(4).saturating_add(1_024));
        let text =
            self.presented.canonical_request(self.request, &self.body(), &relaxed, &mut text);
        let mut text = CanonicalText::parse(text.ok()??)?;
        text.payload = self.payload_line();
        let credential = self.presented.credential(&rules).ok()?;
        let parts = [credential.date, credential.region, credential.service, credential.terminator];
        let parts: Vec<_> = parts.map(bytes).into();
        let timestamp = match self.presented.timestamp(&rules) {
            Ok(timestamp) => timestamp.as_bytes().to_vec(),
            Err(_) => bytes(self.presented.date(&rules)?),
        };
        let string_to_sign = StringToSign {
            timestamp,
            scope: parts.join(&b'/'),
            request: RequestLine::Sha256,
            end: "",
        };
        let secret = self.view.credentials.secret_access_key().as_bytes();
        let key = Rc::new(Key::derive(secret, parts, Derivation::Standard));
        Some(Draft { text, layout: Layout::RIGHT, string_to_sign, key })
    }

    /// The body, which is not hashed again.
    const fn body(&self) -> Body<'static> {
        Body::Sha256(self.body_sha256)
    }

    /// The last line, also where it is what the request is refused for.
    fn payload_line(&self) -> Vec<u8> {
        let (view, presented) = (self.view, self.presented);
        let declared = presented.part(&presented.content_sha256, &view.rules);
        match (presented.payload(&self.body(), &view.rules), declared) {
            (Ok((line, _)), _) => {
                let mut text = Vec::new();
                line.write_to(&mut text);
                text
            }
            (Err(_), Some(declared)) => bytes(declared),
            (Err(_), None) => encode::hex(&self.body_sha256).to_vec(),
        }
    }

    /// The presented signature, and what is wrong with the way it is written.
    fn signature(&self) -> Option<(Signature, Option<Mistake>)> {
        let text = self.presented.signature(&self.view.rules)?;
        let text = bytes(text);
        if !(1..=Signature::HEX_LEN).contains(&text.len()) {
            return None;
        }
        if let Some(digest) = encode::parse_hex(&text) {
            return Some((Signature::new(digest), None));
        }
        if let Some(digest) = encode::parse_hex(&text.to_ascii_lowercase()) {
            return Some((Signature::new(digest), Some(Mistake::SignatureInUpperCase)));
        }
        let mut digest = [0; 48];
        let digest = base64::decode(&text, &mut digest)?.try_into().ok()?;
        Some((Signature::new(digest), Some(Mistake::SignatureInBase64)))
    }
}

/// Looks for the mistakes that explain a signature: from what was rebuilt, then
/// from what the other side has.
fn examine(
    scene: &Scene<'_>,
    bases: &[Draft],
    signature: Signature,
    explanation: &mut Explanation,
    differences: &mut Differences<'_>,
) {
    let is_right = |base: &Draft| base.signature() == signature;
    if explanation.refusal.is_none() || bases.first().is_some_and(is_right) {
        explanation.signature = SignatureFinding::Holds;
        return;
    }
    let mut search = Search::new(scene, signature);
    explanation.signature = SignatureFinding::Unexplained;
    for (place, base) in bases.iter().enumerate() {
        if is_right(base) {
            explanation.signature = SignatureFinding::HoldsForOtherText;
            break;
        }
        scene.budget.allow_part(bases.len() - place);
        if let Some(found) = search.run(base) {
            explanation.signature = SignatureFinding::HoldsWithMistakes;
            explanation.mistakes.extend(found.mistakes);
            differences.add_drafts(base, &found.draft);
            break;
        }
    }
    if explanation.signature == SignatureFinding::Unexplained && scene.budget.is_cut_short() {
        explanation.signature = SignatureFinding::CutShort;
    }
    explanation.candidates = search.tried;
    explanation.excluded = search.excluded;
}

/// Holds what the other side has against what was rebuilt, and returns what it
/// may have signed.
fn compare(
    text: &str,
    base: &Draft,
    presented: Option<Signature>,
    differences: &mut Differences<'_>,
) -> (Comparison, Option<Draft>) {
    if text.len() > EXPLAIN_OTHER_TEXT_LEN_MAX {
        return (Comparison::TooLong, None);
    }
    let own = base.canonical_request();
    match OtherText::read(text) {
        None => (Comparison::Unreadable, None),
        Some(OtherText::CanonicalRequest { whole, .. }) if whole == own => (Comparison::Same, None),
        Some(OtherText::CanonicalRequest { lines, whole }) => {
            differences.add_lines(&base.text, &lines);
            let signature = base.signature_over(&RequestHash::of(&whole));
            let was_signed = presented == Some(signature);
            (different(was_signed), Some(Draft { text: lines, ..base.clone() }))
        }
        Some(OtherText::StringToSign(lines)) => {
            let whole = lines.join(&b'\n');
            let own_hash = RequestHash::of(&own).hex();
            if whole == base.string_to_sign.write(&own_hash) {
                return (Comparison::Same, None);
            }
            let [algorithm, timestamp, scope, hash] = &lines;
            differences.add(Item::Algorithm, ALGORITHM.as_bytes(), algorithm);
            differences.add(Item::Timestamp, &base.string_to_sign.timestamp, timestamp);
            differences.add(Item::Scope, &base.string_to_sign.scope, scope);
            differences.add(Item::CanonicalRequestHash, &own_hash, hash);
            (different(presented == Some(base.key.sign(&whole))), None)
        }
    }
}

const fn different(was_signed: bool) -> Comparison {
    if was_signed { Comparison::OtherWasSigned } else { Comparison::Differs }
}

/// The decoded bytes of what was presented.
pub(crate) fn bytes(text: PresentedText<'_>) -> Vec<u8> {
    text.bytes().collect()
}

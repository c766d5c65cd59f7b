//! The table of mistakes, each a function from one view of a request to those that a
//! client may have had instead; whether one is the right one is not decided here.

mod headers;
mod key;
mod layout;
mod path;
pub(crate) mod payload;
mod query;
mod scope;
mod secret;

use alloc::vec::Vec;

use crate::explain::canonical_text::HeaderLine;
use crate::explain::draft::Draft;
use crate::explain::mistake::Mistake;
use crate::explain::scene::Scene;

/// A mistake, and what a client that makes it signs in place of a draft.
pub(crate) struct Row {
    pub(crate) mistake: Mistake,
    pub(crate) drafts: fn(&Scene<'_>, &Draft) -> Vec<Draft>,
}

const fn row(mistake: Mistake, drafts: fn(&Scene<'_>, &Draft) -> Vec<Draft>) -> Row {
    Row { mistake, drafts }
}

/// Mistakes that come alone and in pairs, the simplest first.
pub(crate) const COMMON: &[Row] = &[
    row(Mistake::PathPlusEscaped, path::plus_escaped),
    row(Mistake::PathNotEncodedAgain, path::not_encoded_again),
    row(Mistake::PathEncodedTwice, path::encoded_twice),
    row(Mistake::PathNotNormalized, path::not_normalized),
    row(Mistake::PathNormalized, path::normalized),
    row(Mistake::OtherPathRules, path::other_rules),
    row(Mistake::PathHexInLowerCase, path::lower_case_hex),
    row(Mistake::PathAsSent, path::as_sent),
    row(Mistake::PathDecoded, path::decoded),
    row(Mistake::PathEncodedOtherwise, path::encoded_otherwise),
    row(Mistake::PathTrailingSlash, path::trailing_slash),
    row(Mistake::PathHoldsQuery, path::holding_query),
    row(Mistake::PathPrefix, path::prefix),
    row(Mistake::TokenNotSigned, query::token_not_signed),
    row(Mistake::TokenSigned, query::token_signed),
    row(Mistake::QueryNotSorted, query::not_sorted),
    row(Mistake::QuerySortedOtherwise, query::sorted_otherwise),
    row(Mistake::QueryPlusForSpace, query::plus_for_space),
    row(Mistake::QueryPlusEscaped, query::plus_escaped),
    row(Mistake::QueryEqualsSignLeftOut, query::equals_sign_left_out),
    row(Mistake::QueryHexInLowerCase, query::lower_case_hex),
    row(Mistake::QueryDecoded, query::decoded),
    row(Mistake::QueryEncodedTwice, query::encoded_twice),
    row(Mistake::QueryEncodedOtherwise, query::encoded_otherwise),
    row(Mistake::QueryAsSent, query::as_sent),
    row(Mistake::QueryParametersDropped, query::parameters_dropped),
    row(Mistake::QueryLeftOut, query::left_out),
    row(Mistake::HostPort, headers::host_port),
    row(Mistake::HostCase, headers::host_case),
    row(Mistake::OtherHost, headers::other_host),
    row(Mistake::HeaderSpacesKept, headers::spaces_kept),
    row(Mistake::HeaderRepeatsJoinedOtherwise, headers::repeats_joined_otherwise),
    row(Mistake::HeadersNotSorted, headers::not_sorted),
    row(Mistake::HeaderNamesNotInLowerCase, headers::names_not_in_lower_case),
    row(Mistake::EmptyLineLeftOut, layout::empty_line_left_out),
    row(Mistake::LineBreakAtEnd, layout::line_break_at_end),
    row(Mistake::CarriageReturns, layout::carriage_returns),
    row(Mistake::SpaceBehindColon, layout::space_behind_colon),
    row(Mistake::EmptyBodyHashed, payload::of_empty_body),
    row(Mistake::PayloadLiteralSigned, payload::literal),
    row(Mistake::BodyHashedForLiteral, payload::body_hashed),
    row(Mistake::BodyLineBreak, payload::line_break),
    row(Mistake::PayloadHashInUpperCase, payload::upper_case),
    row(Mistake::PayloadHashInBase64, payload::base64),
    row(Mistake::PayloadHashedTwice, payload::hashed_twice),
    row(Mistake::BodyNotHashed, payload::not_hashed),
    row(Mistake::PayloadLeftOut, payload::left_out),
    row(Mistake::MethodCase, layout::method_case),
    row(Mistake::MethodChanged, layout::method_changed),
    row(Mistake::ScopeHoldsKeyId, scope::with_key_id),
    row(Mistake::CanonicalRequestNotHashed, layout::request_not_hashed),
    row(Mistake::RequestHashInUpperCase, layout::request_hash_in_upper_case),
    row(Mistake::LineBreakAtEndOfStringToSign, layout::line_break_behind_string),
    row(Mistake::SecretWhiteSpace, secret::white_space),
    row(Mistake::SecretQuoted, secret::quoted),
    row(Mistake::SecretPercentEncoded, secret::percent_encoded),
    row(Mistake::SecretInBase64, secret::in_base64),
    row(Mistake::SecretPrefixLeftOut, key::prefix_left_out),
    row(Mistake::KeyInHexadecimal, key::in_hexadecimal),
    row(Mistake::HmacArgumentsSwapped, key::arguments_swapped),
    row(Mistake::KeyStepLeftOut, key::step_left_out),
];

/// Mistakes that are tried alone: those of which there are many candidates each.
pub(crate) const ALONE: &[Row] = &[
    row(Mistake::TargetOfAnotherHop, path::of_another_hop),
    row(Mistake::QueryParameterAdded, query::parameter_added),
    row(Mistake::ExpiresChanged, query::expires_changed),
    row(Mistake::HeaderCaseChanged, headers::in_lower_case),
    row(Mistake::HeaderNotListed, headers::not_listed),
    row(Mistake::HeaderLeftOut, headers::line_left_out),
    row(Mistake::HeaderChangedOnTheWay, headers::changed_on_the_way),
    row(Mistake::TimestampDiffers, scope::other_timestamp),
    row(Mistake::TimestampFormat, scope::timestamp_format),
    row(Mistake::OtherDate, scope::other_date),
    row(Mistake::OtherRegion, scope::other_region),
    row(Mistake::OtherService, scope::other_service),
    row(Mistake::OtherTerminator, scope::other_terminator),
    row(Mistake::KeyStepsInOtherOrder, key::steps_in_other_order),
    row(Mistake::KeyDateFormat, key::date_format),
    row(Mistake::SecretEscaped, secret::escaped),
    row(Mistake::SecretCut, secret::cut),
    row(Mistake::SecretCase, secret::other_case),
    row(Mistake::KeyIdAsSecret, secret::key_id),
];

/// Bytes that well-known encoders leave as they are, though they have to be
/// escaped: those of JavaScript's `encodeURIComponent` and `encodeURI`, Java's
/// `URLEncoder`, Python's `quote`, and what is left alone by hand.
const LEFT_UNESCAPED: &[&[u8]] = &[
    b"!'()*",
    b"*",
    b"/",
    b":",
    b",",
    b"@",
    b"=",
    b"+",
    b"$",
    b"/:",
    b":/?@",
    b"!$&'()*+,;=:@",
    b"!$&'()*+,;=:@/?",
    b";,/?:@&=+$#!'()*",
];

/// Most headers, and most parameters, that are changed one at a time.
const ONE_BY_ONE_MAX: usize = 64;

impl Draft {
    fn with_path(&self, path: impl Into<Vec<u8>>) -> Self {
        let mut draft = self.clone();
        draft.text.path = path.into();
        draft
    }

    fn with_query(&self, query: impl Into<Vec<u8>>) -> Self {
        let mut draft = self.clone();
        draft.text.query = query.into();
        draft
    }

    /// Another value in the header line at a place; nothing if there is none.
    fn with_header(&self, at: usize, value: impl Into<Vec<u8>>) -> Option<Self> {
        let mut draft = self.clone();
        let line = draft.text.headers.get_mut(at)?;
        *line = HeaderLine::new(line.name.as_slice(), value);
        Some(draft)
    }

    /// The list of signed headers as the header lines have it.
    fn with_headers_listed(&self) -> Self {
        let mut draft = self.clone();
        let names = self.text.headers.iter().map(|line| line.name.as_slice());
        draft.text.signed_headers = names.collect::<Vec<_>>().join(&b';');
        draft
    }

    fn with_payload(&self, payload: impl Into<Vec<u8>>) -> Self {
        let mut draft = self.clone();
        draft.text.payload = payload.into();
        draft
    }
}

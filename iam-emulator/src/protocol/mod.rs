//! The wire: what a request's bytes mean, and what an answer's bytes are.

mod answer;
mod front_end;
mod marker;
mod query;
mod xml;

pub use self::front_end::BODY_BYTES_MAX;
pub(crate) use self::{
    answer::Answers,
    front_end::{FrontEndRefusal, read_parameters},
    marker::{Listing, MarkerKey},
    query::{Parameters, encode_form},
    xml::Writer,
};

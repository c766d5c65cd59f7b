//! The wire: what a request's bytes mean, and what an answer's bytes are.

mod answer;
mod document;
mod foreign;
mod front_end;
mod json;
mod list;
mod marker;
mod query;
mod xml;

pub use self::front_end::BODY_BYTES_MAX;
pub(crate) use self::{
    answer::{Answers, Format},
    document::Writer,
    foreign::{foreign, message as foreign_message},
    front_end::{FrontEndRefusal, read_parameters},
    list::Element,
    marker::{Listing, MarkerKey},
    query::{Parameters, encode_form},
};

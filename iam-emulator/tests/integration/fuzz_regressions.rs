//! Replays the seeds of the fuzz target `query_form`, and every input that once
//! failed.
#![allow(unreachable_pub)] // The property is part of a library there.

#[path = "../../../fuzz/src/query_form.rs"]
mod query_form;
#[path = "../../../fuzz/src/replay.rs"]
mod replay;

#[test]
fn forms() {
    replay::all("query_form", query_form::check);
}

//! What moves, looks at and encodes bytes, and knows nothing of AWS.

pub(crate) mod base64;
pub(crate) mod decimal;
pub(crate) mod encode;
pub(crate) mod scan;
pub(crate) mod sink;
pub(crate) mod sort_key;
pub(crate) mod wipe;

//! Line 2, the path, as clients get it wrong.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::canonical::query::split_once;
use crate::explain::draft::Draft;
use crate::explain::escapes;
use crate::explain::mistakes::LEFT_UNESCAPED;
use crate::explain::scene::{Scene, WireTarget};
use crate::rules::{PathEncoding, PathRules};

/// The draft with the path as other rules have it; nothing if they are the
/// verifier's own.
fn by(scene: &Scene<'_>, draft: &Draft, rules: PathRules) -> Option<Draft> {
    let path = scene.target.path_by(rules).filter(|_| rules != scene.view.rules.path);
    path.map(|path| draft.with_path(path))
}

fn with(draft: &Draft, paths: impl IntoIterator<Item = Vec<u8>>) -> Vec<Draft> {
    // Many encoders agree on most paths.
    let paths: BTreeSet<_> = paths.into_iter().collect();
    paths.into_iter().map(|path| draft.with_path(path)).collect()
}

pub(super) fn not_encoded_again(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let normalize = scene.view.rules.path.normalize;
    match scene.view.rules.path.encoding {
        PathEncoding::Twice => [PathEncoding::AsSent, PathEncoding::Once]
            .into_iter()
            .filter_map(|encoding| by(scene, draft, PathRules { normalize, encoding }))
            .collect(),
        PathEncoding::Once | PathEncoding::AsSent => Vec::new(),
    }
}

pub(super) fn encoded_twice(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let again = draft.with_path(escapes::encode(&draft.text.path, b"/"));
    // Others encode again what is on the wire, however it was encoded.
    let rules = PathRules { encoding: PathEncoding::Twice, ..scene.view.rules.path };
    by(scene, draft, rules).into_iter().chain([again]).collect()
}

pub(super) fn not_normalized(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let rules = PathRules { normalize: false, ..scene.view.rules.path };
    by(scene, draft, rules).into_iter().collect()
}

pub(super) fn normalized(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let rules = PathRules { normalize: true, ..scene.view.rules.path };
    by(scene, draft, rules).into_iter().collect()
}

pub(super) fn other_rules(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    // Many signers copy the path for S3.
    let copied = PathRules { encoding: PathEncoding::AsSent, ..PathRules::S3 };
    let others = [PathRules::STANDARD, PathRules::S3, copied].into_iter();
    let others = others.filter(|rules| rules.normalize != scene.view.rules.path.normalize);
    others.filter_map(|rules| by(scene, draft, rules)).collect()
}

pub(super) fn decoded(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let rules = PathRules { encoding: PathEncoding::AsSent, ..scene.view.rules.path };
    let once = scene.target.path_by(rules).unwrap_or_default();
    with(draft, [escapes::decode_all(scene.target.path), escapes::decode_all(&once)])
}

/// Where a raw `+` is a space, `%20` is signed for it.
pub(super) fn plus_escaped(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    match scene.view.rules.path.encoding {
        PathEncoding::Once if scene.target.path.contains(&b'+') => {
            let path = escapes::substitute(scene.target.path, b"+", b"%2B");
            let target = WireTarget { path: &path, ..scene.target };
            let path = target.path_by(scene.view.rules.path);
            path.map(|path| draft.with_path(path)).into_iter().collect()
        }
        PathEncoding::Once | PathEncoding::Twice | PathEncoding::AsSent => Vec::new(),
    }
}

/// Where the path is decoded and encoded strictly, its spelling on the wire does
/// not count.
pub(super) fn as_sent(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    match scene.view.rules.path.encoding {
        PathEncoding::Once => {
            let rules = PathRules { encoding: PathEncoding::AsSent, ..scene.view.rules.path };
            by(scene, draft, rules).into_iter().collect()
        }
        PathEncoding::Twice | PathEncoding::AsSent => Vec::new(),
    }
}

pub(super) fn lower_case_hex(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    // Encoded twice, an escape has digits of the first encoding as well.
    let once = escapes::in_lower_case(&draft.text.path);
    let inner = escapes::in_lower_case(&escapes::decode(&draft.text.path, |byte| byte == b'%'));
    let twice = escapes::substitute(&inner, b"%", b"%25");
    with(draft, [once, twice])
}

pub(super) fn encoded_otherwise(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let path = &draft.text.path;
    let mut paths = Vec::from([
        escapes::substitute(path, b"~", b"%7E"),
        escapes::substitute(path, b"%2520", b"%2B"),
        escapes::substitute(path, b"%2520", b"+"),
        escapes::substitute(path, b"%20", b"+"),
        escapes::substitute(path, b"+", b"%20"),
        escapes::encode(path, b"%"),
    ]);
    paths.extend(
        LEFT_UNESCAPED.iter().map(|kept| escapes::decode(path, |byte| kept.contains(&byte))),
    );
    with(draft, paths)
}

pub(super) fn trailing_slash(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let path = &draft.text.path;
    let other = match path.strip_suffix(b"/") {
        Some(without) => without.to_vec(),
        None => [path.as_slice(), b"/"].concat(),
    };
    [draft.with_path(other)].into()
}

pub(super) fn holding_query(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    if scene.target.query.is_empty() {
        return Vec::new();
    }
    let path = draft.with_path([&draft.text.path, b"?".as_slice(), scene.target.query].concat());
    let encoded = escapes::encode(&path.text.path, b"/");
    let alone = path.with_query(b"");
    [alone.with_path(encoded), alone, path].into()
}

pub(super) fn prefix(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let path = &draft.text.path;
    let slashes = path.iter().enumerate().skip(1).filter(|(_, byte)| **byte == b'/');
    let mut paths: Vec<_> =
        slashes.take(PREFIX_SEGMENTS_MAX).map(|(at, _)| path[at..].to_vec()).collect();
    paths.push(b"/".to_vec());
    // The bucket is the first label of a virtual host, and the first segment of
    // a path where there is none.
    let bucket = scene.values_of(b"host").first().and_then(|host| split_once(host, b'.'));
    if let Some((bucket, _)) = bucket {
        paths.push([b"/", bucket, path].concat());
    }
    paths.into_iter().map(|path| draft.with_path(path)).collect()
}

pub(super) fn of_another_hop(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let targets = scene.view.targets.iter().filter_map(|target| {
        let other = WireTarget::new(target.as_bytes(), scene.target.form);
        let path = other.path_by(scene.view.rules.path)?;
        // The other hop may not have seen the query.
        let own_query = draft.with_path(path);
        let other_query = own_query.with_query(other.sorted_query());
        Some([own_query, other_query])
    });
    targets.flatten().collect()
}

/// Most segments that are taken off the front of a path.
const PREFIX_SEGMENTS_MAX: usize = 3;

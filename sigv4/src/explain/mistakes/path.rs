//! Line 2, the path, as clients get it wrong.

use alloc::vec::Vec;

use crate::canonical::query::split_once;
use crate::explain::draft::Draft;
use crate::explain::escapes;
use crate::explain::mistakes::LEFT_UNESCAPED;
use crate::explain::scene::Scene;
use crate::rules::{PathEncoding, PathRules};

/// The draft with the path as other rules have it; nothing if they are the
/// verifier's own.
fn by(scene: &Scene<'_>, draft: &Draft, rules: PathRules) -> Vec<Draft> {
    let path = scene.path_by(rules).filter(|_| rules != scene.view.rules.path);
    path.map(|path| draft.with_path(path)).into_iter().collect()
}

pub(super) fn not_encoded_again(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    by(scene, draft, PathRules { encoding: PathEncoding::AsSent, ..scene.view.rules.path })
}

pub(super) fn encoded_twice(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    [draft.with_path(escapes::encode(&draft.text.path, b"/"))].into()
}

pub(super) fn not_normalized(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    by(scene, draft, PathRules { normalize: false, ..scene.view.rules.path })
}

pub(super) fn normalized(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    by(scene, draft, PathRules { normalize: true, ..scene.view.rules.path })
}

pub(super) fn other_rules(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let others = [PathRules::STANDARD, PathRules::S3];
    others.into_iter().flat_map(|rules| by(scene, draft, rules)).collect()
}

pub(super) fn decoded(scene: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let rules = PathRules { encoding: PathEncoding::AsSent, ..scene.view.rules.path };
    let once = scene.path_by(rules).unwrap_or_default();
    let wire = escapes::decode_all(scene.path);
    [wire, escapes::decode_all(&once)].map(|path| draft.with_path(path)).into()
}

pub(super) fn lower_case_hex(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    // Encoded twice, an escape has digits of the first encoding as well.
    let once = escapes::in_lower_case(&draft.text.path);
    let inner = escapes::in_lower_case(&escapes::decode(&draft.text.path, |byte| byte == b'%'));
    let twice = escapes::substitute(&inner, b"%", b"%25");
    [once, twice].map(|path| draft.with_path(path)).into()
}

pub(super) fn encoded_otherwise(_: &Scene<'_>, draft: &Draft) -> Vec<Draft> {
    let path = &draft.text.path;
    let mut paths = Vec::from([
        // The wire path of S3 may hold what its own encoder would escape.
        escapes::encode(path, b"/%"),
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
    paths.into_iter().map(|path| draft.with_path(path)).collect()
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
    if scene.query.is_empty() {
        return Vec::new();
    }
    let path = draft.with_path([&draft.text.path, b"?".as_slice(), scene.query].concat());
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
        let (path, query) = split_once(target.as_bytes(), b'?').unwrap_or((target.as_bytes(), b""));
        let other = Scene { path, query, headers: Vec::new(), ..*scene };
        let mut parameters = other.query_in_wire_order();
        parameters.sort_by(|one, other| split_pair(one).cmp(&split_pair(other)));
        let path = other.path_by(scene.view.rules.path)?;
        // The other hop may not have seen the query, which is then the same.
        let same_query = draft.with_path(path);
        let other_query = same_query.with_query(parameters.join(&b'&'));
        Some([same_query, other_query])
    });
    targets.flatten().collect()
}

fn split_pair(pair: &[u8]) -> (&[u8], &[u8]) {
    split_once(pair, b'=').unwrap_or((pair, b""))
}

/// Most segments that are taken off the front of a path.
const PREFIX_SEGMENTS_MAX: usize = 3;

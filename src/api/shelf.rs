//! Answers that many ask for in the same second, made once: bytes, the same packed, and their entity tag.

use std::io::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// Kinds of answers kept at a time: 20 lengths of a list, pages, feeds.
const MOST: usize = 32;
/// Less is not worth packing, bytes.
const SMALL: usize = 600;

/// An answer.
#[derive(Debug)]
pub(super) struct Made {
    bytes: Bytes,
    packed: OnceLock<Bytes>,
    tag: HeaderValue,
}

impl Made {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let hash: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        // Weak: packed or not it is the same.
        let tag = HeaderValue::from_str(&format!("W/\"{hash}\"")).unwrap_or(HeaderValue::from_static("W/\"0\""));
        Self { bytes: bytes.into(), packed: OnceLock::new(), tag }
    }

    fn packed(&self) -> &Bytes {
        self.packed.get_or_init(|| {
            let mut packer = GzEncoder::new(Vec::with_capacity(self.bytes.len() / 3), Compression::fast());
            // Writing into memory cannot fail.
            let _ = packer.write_all(&self.bytes);
            packer.finish().unwrap_or_default().into()
        })
    }

    /// The answer to a request: 304 where the reader has it already, packed where that is understood.
    pub(super) fn answer(&self, asked: &HeaderMap, kind: &Kind) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.tag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kind.cache));
        headers.insert(header::VARY, HeaderValue::from_static(kind.vary));
        if let Some(name) = kind.name {
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
        }
        if let Some(policy) = kind.policy {
            headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        }
        if self.known_to(asked) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.mime));
        let body = if kind.packs && self.bytes.len() > SMALL && packs(asked) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            self.packed()
        } else {
            &self.bytes
        };
        *response.body_mut() = Body::from(body.clone());
        response
    }

    fn known_to(&self, asked: &HeaderMap) -> bool {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let Ok(own) = self.tag.to_str().map(bare) else { return false };
        let text = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        text.is_some_and(|tags| tags.trim() == "*" || tags.split(',').any(|tag| bare(tag) == own))
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

fn packs(asked: &HeaderMap) -> bool {
    let text = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    text.split(',').any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// What kind of answer it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) mime: &'static str,
    pub(super) cache: &'static str,
    pub(super) vary: &'static str,
    /// Content-Disposition.
    pub(super) name: Option<&'static str>,
    /// Content-Security-Policy.
    pub(super) policy: Option<&'static str>,
    /// Is it smaller when packed?
    pub(super) packs: bool,
}

/// What was made in the second it was made for.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Vec<(u16, i64, Arc<Made>)>>);

impl Shelf {
    /// The answer `key` of this second. Two that come at once may both make it.
    pub(super) fn at<E>(
        &self,
        key: u16,
        second: i64,
        make: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Arc<Made>, E> {
        let found = |kept: &[(u16, i64, Arc<Made>)]| {
            kept.iter().find(|one| (one.0, one.1) == (key, second)).map(|one| Arc::clone(&one.2))
        };
        if let Some(made) = found(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(made);
        }
        let made = Arc::new(Made::new(make()?));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.1 >= second && one.0 != key);
        if kept.len() < MOST {
            kept.push((key, second, Arc::clone(&made)));
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const KIND: Kind =
        Kind { mime: "text/plain", cache: "no-cache", vary: "accept", name: None, policy: None, packs: true };

    fn asked(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_answer_is_made_once_a_second() {
        let shelf = Shelf::default();
        let mut made = 0;
        for second in [7, 7, 8, 8] {
            let kept = shelf.at(1, second, || {
                made += 1;
                Ok::<_, Infallible>(vec![made])
            });
            assert_eq!(kept.unwrap().bytes(), [if second == 7 { 1 } else { 2 }]);
        }
        assert_eq!(made, 2);
    }

    #[test]
    fn packed_known_or_plain() {
        let made = Made::new(vec![b'a'; 5000]);
        let plain = made.answer(&HeaderMap::new(), &KIND);
        assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
        let packed = made.answer(&asked(header::ACCEPT_ENCODING, "br, gzip;q=0.5"), &KIND);
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(!packs(&asked(header::ACCEPT_ENCODING, "gzip;q=0, br")));
        let tag = plain.headers()[header::ETAG].to_str().unwrap().to_owned();
        let known = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_str(&tag).unwrap())]);
        assert_eq!(made.answer(&known, &KIND).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(made.answer(&asked(header::IF_NONE_MATCH, "\"other\""), &KIND).status(), StatusCode::OK);
    }
}

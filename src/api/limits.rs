//! How often somebody without a login may write: answers, comments, requests, sign-ins. By address; who reads is not counted.
//!
//! A bucket of [`WRITES`] fills again by so many a minute: an office behind one address answers a survey undisturbed, a script that guesses
//! passwords does not get far. Rides are seats that others lose, and have a bucket of their own ([`RIDES`]); who books them is counted signed in or not.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::caller::{SESSION, cookie};
use super::pages::Refusal;
use super::problem::Problem;

/// So many at once, and so many a minute in the long run.
type Allowed = (f64, f64);
/// Writes.
const WRITES: Allowed = (120.0, 60.0);
/// Rides that are accepted: a firm's at once, then one every two minutes.
const RIDES: Allowed = (60.0, 0.5);
/// Addresses remembered; past that those that are full again are forgotten.
const MOST: usize = 50_000;

/// What is left to whom.
#[derive(Debug, Default)]
pub(super) struct Limits {
    writes: Buckets,
    rides: Buckets,
}

type Buckets = Mutex<HashMap<IpAddr, (f64, Instant)>>;

/// Takes one; false: there is none left.
fn take(buckets: &Buckets, allowed: Allowed, who: IpAddr, now: Instant) -> bool {
    let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
    if buckets.len() >= MOST && !buckets.contains_key(&who) {
        buckets.retain(|_, bucket| filled(*bucket, allowed, now) < allowed.0);
    }
    let left = buckets.get(&who).map_or(allowed.0, |bucket| filled(*bucket, allowed, now));
    let granted = left >= 1.0;
    buckets.insert(who, (if granted { left - 1.0 } else { left }, now));
    granted
}

fn filled((left, since): (f64, Instant), allowed: Allowed, now: Instant) -> f64 {
    (left + now.saturating_duration_since(since).as_secs_f64() * allowed.1 / 60.0).min(allowed.0)
}

impl Limits {
    /// May a write be done at this path?
    fn grants(&self, path: &str, who: IpAddr, now: Instant) -> bool {
        take(&self.writes, WRITES, who, now) && (!books(path) || take(&self.rides, RIDES, who, now))
    }
}

/// Is a ride accepted there?
fn books(path: &str) -> bool {
    let between = |before: &str, after: &str| path.strip_prefix(before).is_some_and(|rest| rest.ends_with(after));
    between("/v1/public/", "/rides") || between("/rides/", "/take")
}

/// Is a ride asked for, accepted or cancelled there? Nobody looks there at who calls: any header would do to be known.
fn rides(path: &str) -> bool {
    let between = |before: &str, after: &str| path.strip_prefix(before).is_some_and(|rest| rest.ends_with(after));
    let pages = ["/rides/", "/ride/", "/v1/rides/"];
    books(path) || between("/v1/public/", "/rides/ask") || pages.iter().any(|before| path.starts_with(before))
}

/// Counts writes of those who are not signed in.
pub(super) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(who) = counted(&request)
        && !app.settings().unlimited
        && !app.limits().grants(request.uri().path(), who, Instant::now())
    {
        return too_often(request.uri().path());
    }
    next.run(request).await
}

/// Said on a page where a page was asked for; with how long one more takes.
fn too_often(path: &str) -> Response {
    let retry_after = Some(if books(path) { 120 } else { 10 });
    let problem = Problem { retry_after, ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often") };
    if path.starts_with("/v1/") { problem.into_response() } else { Refusal::from(problem).into_response() }
}

/// Whose write is it, if it counts?
fn counted(request: &Request) -> Option<IpAddr> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let known = text(AUTHORIZATION).is_some() || text(COOKIE).is_some_and(|header| cookie(header, SESSION).is_some());
    // Signing in is counted whatever the request brings along.
    let signing_in =
        matches!(request.uri().path(), "/v1/session" | "/sign-in" | "/v1/invitations/accepted" | "/welcome");
    let counts = !request.method().is_safe() && (!known || signing_in || rides(request.uri().path()));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    counts.then(|| sender(peer, request.headers()))
}

/// Whoever sent it: behind a proxy of ours (a private address) the last address that the proxy has seen.
fn sender(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let ours = match peer {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    last.filter(|_| ours).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::header;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let (limits, now) = (Limits::default(), Instant::now());
        let (one, other) = ("203.0.113.1".parse().unwrap(), "203.0.113.2".parse().unwrap());
        assert_eq!((0..200).filter(|_| limits.grants("/", one, now)).count(), 120);
        assert!(limits.grants("/", other, now));
        // A second later there is one more.
        let later = now + Duration::from_secs(1);
        assert!(limits.grants("/", one, later) && !limits.grants("/", one, later));
    }

    #[test]
    fn rides_are_counted_apart() {
        let (limits, now) = (Limits::default(), Instant::now());
        let one = "203.0.113.1".parse().unwrap();
        for path in ["/v1/public/p/rides", "/rides/p/take"] {
            let fresh = Limits::default();
            assert_eq!((0..100).filter(|_| fresh.grants(path, one, now)).count(), 60, "{path}");
            assert!(fresh.grants("/v1/public/p/rides/ask", one, now));
            // One more every two minutes.
            let later = now + Duration::from_secs(120);
            assert_eq!((0..3).filter(|_| fresh.grants(path, one, later)).count(), 1, "{path}");
        }
        assert!((0..100).all(|_| limits.grants("/v1/public/p/rides/ask", one, now)));
    }

    #[test]
    fn who_looks_at_a_page_is_told_on_a_page() {
        let said = |path: &str| {
            let response = too_often(path);
            let header = |name| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
            (header(header::CONTENT_TYPE), header(header::RETRY_AFTER))
        };
        for (path, kind, again) in [
            ("/rides/p/take", "text/html; charset=utf-8", "120"),
            ("/v1/public/p/rides", "application/problem+json", "120"),
            ("/rides/p", "text/html; charset=utf-8", "10"),
            ("/v1/session", "application/problem+json", "10"),
        ] {
            assert_eq!(said(path), (kind.to_owned(), again.to_owned()), "{path}");
        }
    }

    #[test]
    fn whoever_books_is_counted_whatever_they_bring_along() {
        let counted = |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).header(AUTHORIZATION, "Bearer anything");
            let mut request = request.body(axum::body::Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 1], 1))));
            super::counted(&request).is_some()
        };
        for (method, path) in [
            ("POST", "/v1/public/p/rides"),
            ("POST", "/v1/public/p/rides/ask"),
            ("DELETE", "/v1/rides/token"),
            ("POST", "/rides/p"),
            ("POST", "/rides/p/take"),
            ("POST", "/ride/token/cancel"),
            ("POST", "/sign-in"),
        ] {
            assert!(counted(method, path), "{path}");
        }
        assert!(!counted("GET", "/rides/p") && !counted("POST", "/v1/projects/p/plans"));
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.9, 203.0.113.7".parse().unwrap());
        let seen = |peer: &str| sender(peer.parse().unwrap(), &headers).to_string();
        assert_eq!(seen("127.0.0.1"), "203.0.113.7");
        assert_eq!(seen("172.18.0.5"), "203.0.113.7");
        assert_eq!(seen("198.51.100.1"), "198.51.100.1");
    }
}

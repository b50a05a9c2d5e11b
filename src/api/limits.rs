//! How often somebody without a login may write: answers, comments, requests, sign-ins. By address; who reads is not counted.
//!
//! A bucket of [`BURST`] writes fills again by [`A_MINUTE`] a minute: an office behind one address answers a survey undisturbed, a
//! script that guesses passwords does not get far.

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
use super::problem::Problem;

/// Writes at once.
const BURST: f64 = 120.0;
/// Writes a minute, in the long run.
const A_MINUTE: f64 = 60.0;
/// Addresses remembered; past that those that are full again are forgotten.
const MOST: usize = 50_000;

/// What is left to whom.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<IpAddr, (f64, Instant)>>);

impl Limits {
    /// Takes one; false: there is none left.
    fn take(&self, who: IpAddr, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&who) {
            buckets.retain(|_, bucket| filled(*bucket, now) < BURST);
        }
        let left = buckets.get(&who).map_or(BURST, |bucket| filled(*bucket, now));
        let granted = left >= 1.0;
        buckets.insert(who, (if granted { left - 1.0 } else { left }, now));
        granted
    }
}

fn filled((left, since): (f64, Instant), now: Instant) -> f64 {
    (left + now.saturating_duration_since(since).as_secs_f64() * A_MINUTE / 60.0).min(BURST)
}

/// Counts writes of those who are not signed in.
pub(super) async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(who) = counted(&request)
        && !app.settings().unlimited
        && !app.limits().take(who, Instant::now())
    {
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often");
        return Problem { retry_after: Some(10), ..problem }.into_response();
    }
    next.run(request).await
}

/// Whose write is it, if it counts?
fn counted(request: &Request) -> Option<IpAddr> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let known = text(AUTHORIZATION).is_some() || text(COOKIE).is_some_and(|header| cookie(header, SESSION).is_some());
    // Signing in is counted whatever the request brings along.
    let signing_in =
        matches!(request.uri().path(), "/v1/session" | "/sign-in" | "/v1/invitations/accepted" | "/welcome");
    let counts = !request.method().is_safe() && (!known || signing_in);
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

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let (limits, now) = (Limits::default(), Instant::now());
        let (one, other) = ("203.0.113.1".parse().unwrap(), "203.0.113.2".parse().unwrap());
        assert_eq!((0..200).filter(|_| limits.take(one, now)).count(), 120);
        assert!(limits.take(other, now));
        // A second later there is one more.
        let later = now + Duration::from_secs(1);
        assert!(limits.take(one, later) && !limits.take(one, later));
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

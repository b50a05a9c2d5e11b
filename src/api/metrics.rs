//! Figures for a monitor: how many requests of which route ended how, how long they took, how many jobs stand where.

use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::storage::runs::State;

/// Upper ends of the time buckets, seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Full("jiebo_request_seconds".to_owned()), &BUCKETS)
                .ok()?
                .install_recorder()
                .ok()
        })
        .as_ref()
}

/// Counts and times every request by its route, never by its address: that may hold a token.
pub async fn count(request: Request, next: Next) -> Response {
    recorder();
    let begun = Instant::now();
    // Anybody may call a method what they like: only known ones get a row of their own.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("jiebo_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("jiebo_request_seconds", "route" => route).record(begun.elapsed().as_secs_f64());
    response
}

/// How many jobs stand where.
pub fn jobs(counts: &[(String, i64)]) {
    for state in State::ALL.map(State::name) {
        let count = counts.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
        #[expect(clippy::cast_precision_loss, reason = "a count of jobs")]
        metrics::gauge!("jiebo_jobs", "state" => state).set(count as f64);
    }
}

/// All figures in Prometheus' text form.
#[must_use]
pub fn text() -> String {
    recorder().map(PrometheusHandle::render).unwrap_or_default()
}

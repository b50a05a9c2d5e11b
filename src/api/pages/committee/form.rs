//! What a form sends: texts, looked at here so that a wrong one is answered in words.

use std::str::FromStr;

use axum::extract::{Form, FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::super::frame::Refusal;
use crate::api::problem::Problem;

/// A form's fields.
#[derive(Debug)]
pub(super) struct Sent<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bad = |_| Problem::new(StatusCode::BAD_REQUEST, "form-lost");
        let Form(value) = Form::<T>::from_request(request, state).await.map_err(bad)?;
        Ok(Self(value))
    }
}

/// What was filled in; `None` for an empty field.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A number; `None` for an empty field.
///
/// # Errors
/// It is none.
pub(super) fn number<T: FromStr>(field: &str, text: &str) -> Result<Option<T>, Problem> {
    filled(text).map(|text| text.parse().map_err(|_| Problem::field(field, "form-number"))).transpose()
}

/// A day; `None` for an empty field.
///
/// # Errors
/// It is none.
pub(super) fn day(field: &str, text: &str) -> Result<Option<Date>, Problem> {
    filled(text).map(|text| text.parse().map_err(|_| Problem::field(field, "form-day"))).transpose()
}

/// On to a page: 303.
pub(super) fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// The same page with another status: what was sent is shown again with what is wrong.
pub(super) fn again(mut page: Response, status: StatusCode) -> Response {
    *page.status_mut() = status;
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_none_and_wrong_is_said() {
        assert_eq!(filled("  "), None);
        assert_eq!(filled(" a "), Some("a".to_owned()));
        assert_eq!(number::<u32>("seconds", " 60 ").unwrap(), Some(60));
        assert_eq!(number::<u32>("seconds", "").unwrap(), None);
        assert_eq!(number::<u32>("seconds", "soon").unwrap_err().flaws[0].field, "seconds");
        assert_eq!(day("from", "2026-12-01").unwrap(), Some(jiff::civil::date(2026, 12, 1)));
        assert!(day("from", "2026-02-31").is_err());
    }
}

//! What a request brings, parsed and checked: every rejection names the field and what to do.

use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use super::problem::{Flaw, Problem};

/// Largest JSON body, bytes.
pub const LARGEST_JSON: usize = 1 << 20;

/// A body that can be looked over once it is parsed.
pub trait Check {
    /// All fields that are wrong; none: it may be used.
    fn flaws(&self) -> Vec<Flaw> {
        Vec::new()
    }
}

/// A JSON body, parsed and looked over.
#[derive(Debug)]
pub struct Checked<T> {
    /// It.
    pub value: T,
    fingerprint: String,
}

impl<T: Check> Checked<T> {
    /// The same from a page's form.
    ///
    /// # Errors
    /// 422: a field is wrong.
    pub fn of_form(value: T, fingerprint: String) -> Result<Self, Problem> {
        let flaws = value.flaws();
        if flaws.is_empty() { Ok(Self { value, fingerprint }) } else { Err(Problem::fields(flaws)) }
    }
}

impl<T> Checked<T> {
    /// Hash of its bytes, for [`super::ask::Ask::begin`].
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// Hash of a body's bytes.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl<T: DeserializeOwned + Check, S: Send + Sync> FromRequest<S> for Checked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let json =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|kind| {
                let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
                kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
            });
        if !json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"));
        }
        let bytes = bytes(request, LARGEST_JSON).await?;
        let value: T = parse(&bytes)?;
        let flaws = value.flaws();
        if flaws.is_empty() {
            Ok(Self { value, fingerprint: fingerprint(&bytes) })
        } else {
            Err(Problem::fields(flaws))
        }
    }
}

/// The whole body, refused past a size.
///
/// # Errors
/// 413 past it; 400 where the sender broke off.
pub async fn bytes(request: Request, largest: usize) -> Result<axum::body::Bytes, Problem> {
    axum::body::to_bytes(request.into_body(), largest).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        let too_long = source.and_then(|source| source.downcast_ref::<http_body_util::LengthLimitError>()).is_some();
        if too_long { too_large(largest) } else { Problem::new(StatusCode::BAD_REQUEST, "broken-off") }
    })
}

/// 413, with the limit.
#[must_use]
pub fn too_large(largest: usize) -> Problem {
    #[expect(clippy::cast_precision_loss, reason = "limits are some megabytes")]
    let megabytes = largest as f64 / f64::from(1 << 20);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large").arg("megabytes", megabytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "json").arg("reason", error.to_string()))?;
    serde_path_to_error::deserialize(plain(value)?).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        Problem::fields(vec![Flaw::new(field, "json-field").arg("reason", error.inner().to_string())])
    })
}

/// In JSON 963.0 is a whole number too; and U+0000 is a character that PostgreSQL cannot keep, wherever it stands.
fn plain(value: Value) -> Result<Value, Problem> {
    /// From here on a float no longer says which whole number it is.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    Ok(match value {
        Value::Number(number) if number.is_f64() => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within what both kinds can say")]
            Some(float) if float.fract() == 0.0 && float.abs() < EXACT => Value::Number(Number::from(float as i64)),
            _ => Value::Number(number),
        },
        Value::String(text) if text.contains('\0') => return Err(Problem::field("", "text-control")),
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect::<Result<_, _>>()?),
        Value::Object(fields) => Value::Object(
            fields.into_iter().map(|(name, value)| Ok((name, plain(value)?))).collect::<Result<_, Problem>>()?,
        ),
        other => other,
    })
}

/// Query parameters, parsed and looked over.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Check, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if has_nul(parts.uri.query()) {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "query").arg("reason", "U+0000"));
        }
        let axum::extract::Query(value) = axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "query").arg("reason", error.body_text()))?;
        let flaws = value.flaws();
        if flaws.is_empty() {
            Ok(Self(value))
        } else {
            Err(Problem { status: StatusCode::BAD_REQUEST, ..Problem::fields(flaws) })
        }
    }
}

/// Parts of the path.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // Nothing has such a name, and PostgreSQL does not let us ask.
        if has_nul(Some(parts.uri.path())) {
            return Err(Problem::missing("page"));
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error))
                if !matches!(
                    error.kind(),
                    ErrorKind::WrongNumberOfParameters { .. } | ErrorKind::UnsupportedType { .. }
                ) =>
            {
                Err(Problem::missing("page"))
            }
            Err(error) => Err(Problem::fault(&error)),
        }
    }
}

fn has_nul(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.contains("%00"))
}

/// A text field: its length in characters must lie in a range, and it holds no control characters.
#[must_use]
pub fn text_flaw(field: &str, text: &str, range: std::ops::RangeInclusive<usize>) -> Option<Flaw> {
    let flaw = |code| Some(Flaw::new(field, code).arg("least", *range.start()).arg("most", *range.end()));
    if !range.contains(&text.chars().count()) {
        flaw("text-length")
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        flaw("text-control")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_may_be_written_as_floats() {
        assert_eq!(parse::<Vec<u32>>(b"[963.0, 1e3, 7]").unwrap(), [963, 1000, 7]);
        assert_eq!(parse::<Vec<f64>>(b"[2.0, 2.5, -3, 1e300]").unwrap(), [2.0, 2.5, -3.0, 1e300]);
        for wrong in ["[1.5]", "[-1.0]", "[1e300]"] {
            assert_eq!(parse::<Vec<u32>>(wrong.as_bytes()).unwrap_err().code, "fields", "{wrong}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_from_what_does_not_fit() {
        assert_eq!(parse::<Vec<u32>>(b"[1").unwrap_err().status, StatusCode::BAD_REQUEST);
        assert_eq!(parse::<Vec<u32>>(b"[1] 2").unwrap_err().status, StatusCode::BAD_REQUEST);
        let problem = parse::<Vec<u32>>(b"[1, \"a\"]").unwrap_err();
        assert_eq!((problem.status, problem.flaws[0].field.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "[1]"));
        assert_eq!(parse::<Vec<String>>(br#"["a\u0000b"]"#).unwrap_err().flaws[0].code, "text-control");
    }
}

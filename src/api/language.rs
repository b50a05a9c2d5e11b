//! Which language somebody reads: `?lang=`, else the cookie of an earlier choice, else what the browser asks for, else Chinese.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;

use crate::publish::phrases::Language;

/// The reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads(pub Language);

/// The name of the cookie and of the query parameter.
pub const NAME: &str = "lang";

impl<S: Send + Sync> FromRequestParts<S> for Reads {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(of(parts)))
    }
}

/// The language a request is to be answered in.
#[must_use]
pub fn of(parts: &Parts) -> Language {
    let query = parts.uri.query().unwrap_or("").split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(word);
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    query
        .or_else(|| super::caller::cookie(header(COOKIE)?, NAME).and_then(word))
        .or_else(|| header(ACCEPT_LANGUAGE).and_then(accepted))
        .unwrap_or(Language::Zh)
}

fn word(text: &str) -> Option<Language> {
    match text {
        "zh" | "zh-CN" => Some(Language::Zh),
        "en" => Some(Language::En),
        _ => None,
    }
}

/// The first of ours in the order the browser names them (browsers list the best first).
fn accepted(header: &str) -> Option<Language> {
    header.split(',').find_map(|part| {
        let tag = part.split(';').next().unwrap_or("").trim().to_lowercase();
        match tag.split('-').next() {
            Some("zh") => Some(Language::Zh),
            Some("en") => Some(Language::En),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn language(uri: &str, headers: &[(&str, &str)]) -> Language {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        of(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn the_address_decides_then_the_cookie_then_the_browser() {
        let browser = ("accept-language", "fr, en-GB;q=0.8, zh;q=0.5");
        assert_eq!(language("/", &[]), Language::Zh);
        assert_eq!(language("/", &[browser]), Language::En);
        assert_eq!(language("/", &[browser, ("cookie", "a=b; lang=zh")]), Language::Zh);
        assert_eq!(language("/?x=1&lang=en", &[("cookie", "lang=zh")]), Language::En);
        assert_eq!(language("/?lang=klingon", &[]), Language::Zh);
    }
}

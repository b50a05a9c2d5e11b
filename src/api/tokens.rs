//! Random tokens, their hashes, and passwords. Only hashes are kept.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The random source of the system has failed, or a stored hash is none.
#[derive(Debug, thiserror::Error)]
#[error("no token or password could be made")]
pub struct TokenError;

/// A new token: 256 random bits, as text for an address or a cookie.
///
/// # Errors
/// The random source of the system fails.
pub fn new() -> Result<String, TokenError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| TokenError)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is kept of a token. A plain hash is enough: nobody guesses 256 bits.
#[must_use]
pub fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So many passwords are hashed at once: each takes 19 MiB, and anybody may ask for it.
static AT_ONCE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// A turn at hashing; wait for it before [`hash_password`] and [`is_password`], and keep it until they are done.
pub async fn turn() -> Option<tokio::sync::SemaphorePermit<'static>> {
    AT_ONCE.acquire().await.ok()
}

/// What is kept of a password (Argon2id, the crate's defaults: OWASP's 19 MiB, 2 passes). Takes some 30 ms: not on the server's own threads.
///
/// # Errors
/// The random source of the system fails.
pub fn hash_password(password: &str) -> Result<String, TokenError> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(|_| TokenError)?.to_string())
}

/// Is it the password? Without a hash it takes as long and says no, so that logins cannot be told apart by time.
#[must_use]
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    /// The hash of a password nobody has.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$SqlVijFGiPG+935vDSGEsA0+MVuxGqeVVb0/IVuKpFw";
    let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
    parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()) && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let hash = hash_password("correct horse").unwrap();
        assert!(is_password("correct horse", Some(&hash)));
        assert!(!is_password("wrong horse", Some(&hash)));
        assert!(!is_password("correct horse", None));
        assert!(!is_password("correct horse", Some("no hash")));
    }

    #[test]
    fn tokens_differ_and_only_their_hashes_are_kept() {
        let (a, b) = (new().unwrap(), new().unwrap());
        assert_ne!(a, b);
        assert!(a.len() >= 43 && hash(&a).len() == 64 && hash(&a) != a);
    }
}

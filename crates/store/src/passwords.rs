//! Passwords: argon2id with 64 MiB, three passes, one lane (research/security.md 4.1), two at once, off the async threads.

use crate::{Result, Store, StoreError, random};
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64 * 1024, 3, 1, None).unwrap_or_default())
}

async fn in_background<T: Send + 'static>(store: &Store, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let gone = |_| StoreError::Setup("password hashing stopped".to_owned());
    let turn = store.hashing.acquire().await.map_err(|_| StoreError::Setup("password hashing stopped".to_owned()))?;
    let done = tokio::task::spawn_blocking(work).await.map_err(gone);
    drop(turn);
    done
}

/// The hash to store for a password.
pub(crate) async fn hash(store: &Store, password: &str) -> Result<String> {
    let password = password.to_owned();
    in_background(store, move || {
        let salt = SaltString::encode_b64(&random::bytes::<16>()).ok()?;
        hasher().hash_password(password.as_bytes(), &salt).ok().map(|h| h.to_string())
    })
    .await?
    .ok_or_else(|| StoreError::Setup("password hashing failed".to_owned()))
}

/// Whether `password` belongs to `stored`. Without a stored hash the same work is done, so that time tells nothing.
pub(crate) async fn verify(store: &Store, password: &str, stored: Option<String>) -> Result<bool> {
    const NOBODY: &str = "$argon2id$v=19$m=65536,t=3,p=1$c2Vjb25kLXN0b3J5LW5vYm9keQ$mJmcfcPGOeBDIqCQOv0EJtNEbmMAMZVv4PF0k4sGdUI";
    let password = password.to_owned();
    in_background(store, move || {
        let known = stored.is_some();
        let text = stored.unwrap_or_else(|| NOBODY.to_owned());
        let matches = PasswordHash::new(&text).is_ok_and(|h| hasher().verify_password(password.as_bytes(), &h).is_ok());
        known && matches
    })
    .await
}

//! The one source of randomness: the operating system's generator.

use uuid::{Builder, Uuid};

/// `N` random bytes.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe could be done then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's random generator");
    bytes
}

/// A random id (v4): its order in time says nothing about who wrote it when.
pub fn id() -> Uuid {
    Builder::from_random_bytes(bytes()).into_uuid()
}

/// A 256-bit token as it travels in links and cookies: URL-safe base64 without padding.
pub fn token() -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// What is stored of a token: its SHA-256. 256 random bits need no slow hash.
pub fn token_hash(token: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(token.as_bytes()).to_vec()
}

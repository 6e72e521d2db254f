//! Encryption of confidential text, field by field.
//!
//! XChaCha20-Poly1305 with a random nonce. Each incident has a key of its own, wrapped by the instance key, which lives outside the
//! database: a stolen database or backup shows no answer. Destroying an incident's key makes its words unreadable here; a backup
//! that was made before holds the wrapped key, too, and keeps them until it goes.
//! The associated data binds a ciphertext to its table, row, column and audience: moved elsewhere, it does not decrypt.

use crate::db::{Conn, on, run};
use crate::{Result, StoreError, random};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use domain::IncidentId;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Mutex;
use uuid::Uuid;
use zeroize::Zeroizing;

const NONCE: usize = 24;
/// Unwrapped keys kept in memory; beyond it the cache starts anew.
const CACHED_KEYS: usize = 10_000;

/// The key that wraps all others. Kept in a 0600 file or a mounted secret, never in the database or a backup.
#[derive(Clone)]
pub struct InstanceKey(Zeroizing<[u8; 32]>);

impl InstanceKey {
    /// From its 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Which key this is: the first 8 bytes of its SHA-256, in hex. Says nothing about the key.
    pub fn id(&self) -> String {
        Sha256::digest(self.0.as_slice())[..8].iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// The instance key and the incident keys unwrapped so far.
pub(crate) struct Keyring {
    instance: InstanceKey,
    incidents: Mutex<HashMap<IncidentId, Zeroizing<[u8; 32]>>>,
}

impl Keyring {
    pub(crate) fn new(instance: InstanceKey) -> Self {
        Self { instance, incidents: Mutex::new(HashMap::new()) }
    }

    pub(crate) fn instance_id(&self) -> String {
        self.instance.id()
    }

    /// The key itself, to open another database with.
    pub(crate) fn instance(&self) -> InstanceKey {
        self.instance.clone()
    }

    /// A key for one purpose, derived from the instance key, so that no key serves two.
    pub(crate) fn derived(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        use hmac::{Hmac, Mac};
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(self.instance.0.as_slice()).expect("any length");
        mac.update(purpose.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

/// Where a sealed value stands. All of it is bound into the ciphertext.
pub(crate) struct Place<'a> {
    pub(crate) table: &'a str,
    pub(crate) row: Uuid,
    pub(crate) column: &'a str,
    /// The audience's slug where there is one, else empty.
    pub(crate) audience: &'a str,
}

impl Place<'_> {
    fn associated(&self) -> Vec<u8> {
        format!("{}\n{}\n{}\n{}", self.table, self.row, self.column, self.audience).into_bytes()
    }
}

/// The key of one incident, ready to seal and open.
#[derive(Clone)]
pub(crate) struct IncidentKeyring {
    cipher: XChaCha20Poly1305,
}

impl IncidentKeyring {
    pub(crate) fn seal(&self, place: &Place<'_>, text: &str) -> Vec<u8> {
        seal(&self.cipher, &place.associated(), text.as_bytes())
    }

    pub(crate) fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<String> {
        let clear = open(&self.cipher, &place.associated(), sealed)?;
        String::from_utf8(clear).map_err(|_| StoreError::Corrupt { table: "sealed", column: "utf-8" })
    }

    /// A piece of a file, bound to what `associated` says of it.
    pub(crate) fn seal_bytes(&self, associated: &[u8], clear: &[u8]) -> Vec<u8> {
        seal(&self.cipher, associated, clear)
    }

    /// What [`seal_bytes`](Self::seal_bytes) sealed.
    pub(crate) fn open_bytes(&self, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        open(&self.cipher, associated, sealed)
    }
}

/// A key made of one byte.
#[cfg(test)]
pub(crate) fn for_tests(byte: u8) -> IncidentKeyring {
    IncidentKeyring { cipher: XChaCha20Poly1305::new(Key::from_slice(&[byte; 32])) }
}

fn seal(cipher: &XChaCha20Poly1305, associated: &[u8], clear: &[u8]) -> Vec<u8> {
    let nonce = random::bytes::<NONCE>();
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), Payload { msg: clear, aad: associated }).expect("short text");
    [nonce.as_slice(), &sealed].concat()
}

fn open(cipher: &XChaCha20Poly1305, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let corrupt = StoreError::Corrupt { table: "sealed", column: "ciphertext" };
    let Some((nonce, body)) = sealed.split_at_checked(NONCE) else { return Err(corrupt) };
    cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: associated }).map_err(|_| corrupt)
}

/// What belongs to no incident is sealed under the instance key, by a key of its own purpose.
pub(crate) fn instance_keyring(keys: &Keyring, purpose: &str) -> IncidentKeyring {
    IncidentKeyring { cipher: XChaCha20Poly1305::new(Key::from_slice(keys.derived(purpose).as_slice())) }
}

const ADD_KEY: &str = "insert into incident_keys (incident_id, wrapped, instance_key_id) values ($1, $2, $3)";
const FIND_KEY: &str = "select wrapped, instance_key_id from incident_keys where incident_id = $1";

const REMOVE_KEY: &str = "delete from incident_keys where incident_id = $1";

fn wrapping(keys: &Keyring) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(Key::from_slice(keys.derived("wrap incident keys").as_slice()))
}

/// Makes the key of a new incident.
pub(crate) async fn add_incident_key(conn: &mut Conn, incident: IncidentId) -> Result<()> {
    let (wrapped, _) = new_incident_key(&conn.keys, incident);
    let key_id = conn.keys.instance_id();
    run!(conn, sqlx::query(ADD_KEY).bind(incident.0).bind(wrapped).bind(key_id))?;
    Ok(())
}

/// A new key for this incident: wrapped, to be stored, and ready to seal with.
pub(crate) fn new_incident_key(keys: &Keyring, incident: IncidentId) -> (Vec<u8>, IncidentKeyring) {
    let key = Zeroizing::new(random::bytes::<32>());
    let wrapped = seal(&wrapping(keys), incident.0.as_bytes(), key.as_slice());
    (wrapped, IncidentKeyring { cipher: XChaCha20Poly1305::new(Key::from_slice(key.as_slice())) })
}

/// The key of an incident, from memory or unwrapped.
///
/// # Errors
/// [`StoreError::Setup`] when the incident was sealed under another instance key.
pub(crate) async fn incident_key(conn: &mut Conn, incident: IncidentId) -> Result<IncidentKeyring> {
    let cached = lock(&conn.keys).get(&incident).cloned();
    let key = match cached {
        Some(key) => key,
        None => {
            let row: Option<(Vec<u8>, String)> =
                on!(conn, db => sqlx::query_as(FIND_KEY).bind(incident.0).fetch_optional(db).await)?;
            let (wrapped, key_id) = row.ok_or(StoreError::NotFound)?;
            if key_id != conn.keys.instance_id() {
                return Err(StoreError::Setup(format!("this database needs the instance key {key_id}")));
            }
            let clear = Zeroizing::new(open(&wrapping(&conn.keys), incident.0.as_bytes(), &wrapped)?);
            let bytes: [u8; 32] =
                clear.as_slice().try_into().map_err(|_| StoreError::Corrupt { table: "incident_keys", column: "wrapped" })?;
            let key = Zeroizing::new(bytes);
            let mut cache = lock(&conn.keys);
            if cache.len() >= CACHED_KEYS {
                cache.clear();
            }
            cache.insert(incident, key.clone());
            key
        }
    };
    Ok(IncidentKeyring { cipher: XChaCha20Poly1305::new(Key::from_slice(key.as_slice())) })
}

/// Destroys the key of an incident: whatever was sealed with it stays sealed, also in older copies that do not hold the key.
pub(crate) async fn remove_incident_key(conn: &mut Conn, incident: IncidentId) -> Result<()> {
    run!(conn, sqlx::query(REMOVE_KEY).bind(incident.0))?;
    Ok(())
}

/// Takes the key of an incident out of memory, where it is zeroed.
pub(crate) fn forget_incident_key(keys: &Keyring, incident: IncidentId) {
    lock(keys).remove(&incident);
}

fn lock(keys: &Keyring) -> std::sync::MutexGuard<'_, HashMap<IncidentId, Zeroizing<[u8; 32]>>> {
    keys.incidents.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring() -> IncidentKeyring {
        for_tests(7)
    }

    #[test]
    fn what_is_sealed_opens_only_in_its_own_place() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let place = |row, audience| Place { table: "answers", row, column: "body", audience };
        let sealed = keyring().seal(&place(a, "me"), "nobody else");
        assert_eq!(keyring().open(&place(a, "me"), &sealed).expect("its place"), "nobody else");
        assert!(keyring().open(&place(b, "me"), &sealed).is_err(), "another row");
        assert!(keyring().open(&place(a, "named"), &sealed).is_err(), "another audience");
        assert!(!sealed.windows(6).any(|w| w == b"nobody"));
    }

    #[test]
    fn truncated_ciphertext_is_an_error_and_no_panic() {
        let place = Place { table: "t", row: Uuid::nil(), column: "c", audience: "" };
        let sealed = keyring().seal(&place, "x");
        for length in 0..sealed.len() {
            assert!(keyring().open(&place, &sealed[..length]).is_err());
        }
    }
}

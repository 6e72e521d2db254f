//! Hooks: made and retired by administrators, who see when something came and what was made of it, never what it said.

use crate::crypt::{self, IncidentKeyring, Place};
use crate::db::{Conn, on, run};
use crate::standing::check_global;
use crate::{Result, Store, StoreError, audit, random};
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::{IncidentKey, Severity};
use domain::people::Viewer;
use domain::rights::Right;
use domain::text::{NAME_MAX, line};
use domain::timeline::hooks::{HookKind, Rule};
use domain::{DeliveryId, HookId, Invalid, TeamId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

pub use super::hooks_proposed::{Proposal, dismiss, open, proposals, proposed, take_up_again};
pub use super::hooks_taking::{Outcome, Sent, receive, replay};

/// Deliveries that a page shows.
const SHOWN: i64 = 100;
/// How long deliveries are kept, and outages that became nothing.
pub const KEPT_DAYS: i64 = 30;

/// A hook to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewHook {
    /// Who sends.
    pub kind: HookKind,
    /// What it is called.
    pub name: String,
    /// What the sender signs with; empty where it does not sign.
    pub secret: String,
    /// Whose incidents they are.
    pub team_id: Option<TeamId>,
    /// What is made of what comes.
    pub rule: Rule,
    /// The zone that its incidents are told in.
    pub zone: String,
}

/// A hook that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its id.
    pub id: HookId,
    /// Who sends.
    pub kind: HookKind,
    /// What it is called.
    pub name: String,
    /// Whose incidents they are.
    pub team_id: Option<TeamId>,
    /// That team's name.
    pub team: Option<String>,
    /// What is made of what comes.
    pub rule: Rule,
    /// The zone that its incidents are told in.
    pub zone: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it takes nothing.
    pub retired_at: Option<DateTime<Utc>>,
}

/// Something that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// When.
    pub received_at: DateTime<Utc>,
    /// What was made of it.
    pub outcome: Outcome,
    /// In a sentence of ours.
    pub words: String,
    /// Its incident, for who may see that.
    pub incident: Option<IncidentKey>,
    /// How often it was tried again.
    pub replays: i64,
    /// It can be tried again.
    pub kept: bool,
}

/// The hook of an address.
pub struct Door {
    /// Which one.
    pub id: HookId,
    /// Who sends.
    pub kind: HookKind,
    /// The zone of times that name none.
    pub zone: String,
    secret: Option<String>,
}

impl Door {
    /// Whether one of these signatures (`v1=hex`, several with commas between them) is of these bytes; always where nothing is signed.
    pub fn lets_in(&self, signatures: &str, bytes: &[u8]) -> bool {
        let Some(secret) = &self.secret else { return true };
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(secret.as_bytes()).expect("any length").chain_update(bytes);
        // Each is compared in constant time, and few are.
        signatures.split(',').take(8).filter_map(|one| unhex(one.trim().strip_prefix("v1=")?)).any(|signature| {
            let mac = mac.clone();
            mac.verify_slice(&signature).is_ok()
        })
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

const ADD: &str = "
insert into hooks (id, kind, name, token_hash, secret_sealed, team_id, opens, min_severity, label_match, quiet_minutes, zone, created_by,
  created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const LIST: &str = "
select h.id, h.kind, h.name, h.team_id, t.name as team, h.opens, h.min_severity, h.label_match, h.quiet_minutes, h.zone, h.created_at,
  h.retired_at
from hooks h left join teams t on t.id = h.team_id order by h.retired_at is not null, h.created_at desc, h.id";
const FIND: &str = "
select h.id, h.kind, h.name, h.team_id, t.name as team, h.opens, h.min_severity, h.label_match, h.quiet_minutes, h.zone, h.created_at,
  h.retired_at
from hooks h left join teams t on t.id = h.team_id where h.id = $1";
const DOOR: &str =
    "select id, token_hash, secret_sealed, zone from hooks where token_hash = $1 and kind = $2 and retired_at is null";
const RETIRE: &str = "update hooks set retired_at = $2, secret_sealed = null where id = $1 and retired_at is null";
const DELIVERIES: &str = "
select d.id, d.received_at, d.outcome, d.words, d.replays, d.body_sealed is not null as kept,
  case when i.trashed_at is null and (not i.restricted or exists (
    select 1 from incident_people n where n.incident_id = i.id and n.person_id = $2)) then i.number end as number
from hook_deliveries d left join incidents i on i.id = d.incident_id
where d.hook_id = $1 order by d.received_at desc, d.id limit $3";
const BODY: &str =
    "select hook_id, body_sealed from hook_deliveries where id = $1 and outcome = 'failed' and body_sealed is not null";
const FORGET_DELIVERIES: &str = "delete from hook_deliveries where received_at < $1";
const FORGET_OUTAGES: &str = "delete from hook_outages where heard_at < $1 and incident_id is null";

#[derive(sqlx::FromRow)]
pub(super) struct HookRow {
    id: Uuid,
    kind: String,
    name: String,
    team_id: Option<Uuid>,
    team: Option<String>,
    opens: String,
    min_severity: i64,
    label_match: String,
    quiet_minutes: i64,
    zone: String,
    created_at: DateTime<Utc>,
    retired_at: Option<DateTime<Utc>>,
}

impl HookRow {
    fn into_hook(self) -> Result<Hook> {
        let corrupt = |column| StoreError::Corrupt { table: "hooks", column };
        Ok(Hook {
            id: HookId(self.id),
            kind: HookKind::from_slug(&self.kind).ok_or(corrupt("kind"))?,
            name: self.name,
            team_id: self.team_id.map(TeamId),
            team: self.team,
            rule: Rule {
                opens: self.opens == "open",
                least: Severity::from_number(self.min_severity).ok_or(corrupt("min_severity"))?,
                labels: Rule::read_labels(&self.label_match).map_err(|_| corrupt("label_match"))?,
                quiet: TimeDelta::minutes(self.quiet_minutes),
            },
            zone: self.zone,
            created_at: self.created_at,
            retired_at: self.retired_at,
        })
    }
}

/// What hooks keep outside of any incident is sealed with a key of its own.
pub(crate) fn keyring(conn: &Conn) -> IncidentKeyring {
    crypt::instance_keyring(&conn.keys, "seal hooks")
}

pub(super) fn secret_place(id: Uuid) -> Place<'static> {
    Place { table: "hooks", row: id, column: "secret", audience: "" }
}

pub(super) fn body_place(id: Uuid) -> Place<'static> {
    Place { table: "hook_deliveries", row: id, column: "body", audience: "" }
}

/// Makes a hook and answers its token, which is shown once.
///
/// # Errors
/// Fields `name`, `secret` and `quiet_minutes`; [`StoreError::NotFound`] for all but administrators.
pub async fn add(store: &Store, viewer: &Viewer, new: &NewHook, now: DateTime<Utc>) -> Result<(HookId, String)> {
    check_global(Right::Administer, viewer)?;
    let name = line("name", &new.name, NAME_MAX)?;
    let secret = new.secret.trim();
    if new.kind == HookKind::PagerDuty && !(16..=500).contains(&secret.len()) {
        return Err(Invalid::one("secret", "Please paste the secret that PagerDuty shows when the webhook is made.").into());
    }
    let quiet = new.rule.quiet.num_minutes();
    if !(0..=1440).contains(&quiet) {
        return Err(Invalid::one("quiet_minutes", "Please write minutes, from 0 to 1440.").into());
    }
    let (id, token) = (HookId(random::id()), random::token());
    let mut conn = store.write().await?;
    let sealed = (new.kind == HookKind::PagerDuty).then(|| keyring(&conn).seal(&secret_place(id.0), secret));
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(new.kind.slug())
            .bind(name)
            .bind(random::token_hash(&token))
            .bind(sealed)
            .bind(new.team_id.map(|t| t.0))
            .bind(if new.rule.opens { "open" } else { "propose" })
            .bind(new.rule.least.number())
            .bind(new.rule.label_lines())
            .bind(quiet)
            .bind(&new.zone)
            .bind(viewer.person_id.0)
            .bind(now)
    )?;
    audit::note(&mut conn, now, Some(viewer.person_id), "hook.add", &id.to_string(), None).await?;
    conn.commit().await?;
    Ok((id, token))
}

/// All hooks, those that take something first.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn list(store: &Store, viewer: &Viewer) -> Result<Vec<Hook>> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let rows: Vec<HookRow> = on!(conn, db => sqlx::query_as(LIST).fetch_all(db).await)?;
    rows.into_iter().map(HookRow::into_hook).collect()
}

/// For functions that have checked who asks.
pub(super) async fn find(conn: &mut Conn, id: HookId) -> Result<Hook> {
    let row: Option<HookRow> = on!(conn, db => sqlx::query_as(FIND).bind(id.0).fetch_optional(db).await)?;
    row.ok_or(StoreError::NotFound)?.into_hook()
}

/// A hook with what came to it lately.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there, and for all but administrators.
pub async fn deliveries(store: &Store, viewer: &Viewer, id: HookId) -> Result<(Hook, Vec<Delivery>)> {
    type Row = (Uuid, DateTime<Utc>, String, String, i64, bool, Option<i64>);
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let hook = find(&mut conn, id).await?;
    let me = viewer.person_id.0;
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(DELIVERIES).bind(id.0).bind(me).bind(SHOWN).fetch_all(db).await)?;
    let delivery = |(id, received_at, outcome, words, replays, kept, number): Row| {
        Ok(Delivery {
            id: DeliveryId(id),
            received_at,
            outcome: Outcome::from_slug(&outcome).ok_or(StoreError::Corrupt { table: "hook_deliveries", column: "outcome" })?,
            words,
            incident: number.map(IncidentKey),
            replays,
            kept,
        })
    };
    Ok((hook, rows.into_iter().map(delivery).collect::<Result<_>>()?))
}

/// Takes nothing more at this address.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or retired, and for all but administrators.
pub async fn retire(store: &Store, viewer: &Viewer, id: HookId, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    if run!(conn, sqlx::query(RETIRE).bind(id.0).bind(now))? == 0 {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "hook.retire", &id.to_string(), None).await?;
    conn.commit().await
}

/// The hook at this address; `None` where nothing is, or not any more.
///
/// # Errors
/// What the database said.
pub async fn door(store: &Store, kind: HookKind, token: &str) -> Result<Option<Door>> {
    use sha2::digest::CtOutput;
    type DoorRow = (Uuid, Vec<u8>, Option<Vec<u8>>, String);
    let mut conn = store.read().await?;
    let hash = random::token_hash(token);
    let row: Option<DoorRow> = on!(conn, db => sqlx::query_as(DOOR).bind(&hash).bind(kind.slug()).fetch_optional(db).await)?;
    let Some((id, stored, secret, zone)) = row else { return Ok(None) };
    // The index found it by its hash; the hashes themselves are compared in constant time.
    let whole = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).ok().map(|bytes| CtOutput::<Sha256>::new(bytes.into()));
    if whole(&stored).is_none() || whole(&stored) != whole(&hash) {
        return Ok(None);
    }
    let secret = secret.map(|sealed| keyring(&conn).open(&secret_place(id), &sealed)).transpose()?;
    Ok(Some(Door { id: HookId(id), kind, zone, secret }))
}

/// What failed, for another try. Read by no page.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there or was made something of, and for all but administrators.
pub async fn failed(store: &Store, viewer: &Viewer, hook: HookId, delivery: DeliveryId) -> Result<(Hook, Vec<u8>)> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.read().await?;
    let row: Option<(Uuid, Vec<u8>)> = on!(conn, db => sqlx::query_as(BODY).bind(delivery.0).fetch_optional(db).await)?;
    let (of, sealed) = row.filter(|(of, _)| *of == hook.0).ok_or(StoreError::NotFound)?;
    let body = keyring(&conn).open(&body_place(delivery.0), &sealed)?;
    let found = find(&mut conn, HookId(of)).await?;
    if found.retired_at.is_some() {
        return Err(StoreError::NotFound);
    }
    Ok((found, body.into_bytes()))
}

/// Forgets what came long ago, and outages that became nothing.
pub(crate) async fn forget_old(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
    let before = now - TimeDelta::days(KEPT_DAYS);
    run!(conn, sqlx::query(FORGET_DELIVERIES).bind(before))?;
    run!(conn, sqlx::query(FORGET_OUTAGES).bind(before))?;
    Ok(())
}

//! Links to a published story for people without an account: made and taken back by its facilitators, over after days, and closed with
//! whatever makes the story less than published for everybody. What a reader of one sees is cut to it here.

use super::story::{self, Story};
use crate::db::{Conn, on, run};
use crate::standing::{check_global, require};
use crate::{Result, Store, StoreError, audit, incidents, learnings, random, settings, timeline};
use chrono::{DateTime, TimeDelta, Utc};
use domain::incidents::{Incident, IncidentKey};
use domain::learnings::{Factor, FactorDetails, Learning};
use domain::people::Viewer;
use domain::reviews::SectionKind;
use domain::reviews::sharing::{MOST, NewShare, Sharable};
use domain::rights::Right;
use domain::timeline::TimelineEvent;
use domain::{IncidentId, PersonId, ShareId};
use sha2::Sha256;

/// A link that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Until when it opens.
    pub until: DateTime<Utc>,
    /// With the names that go with quotes.
    pub names: bool,
    /// With the text for people outside.
    pub outside: bool,
    /// How often it was opened. By whom is kept nowhere.
    pub opened: i64,
}

/// The links to a story, for its facilitators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Why none can be made, in words; `None`: one can.
    pub keeps: Option<&'static str>,
    /// Those that are open, newest first.
    pub open: Vec<Share>,
    /// There is a text for people outside.
    pub has_outside: bool,
}

/// A story as somebody reads it who has a link to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The incident.
    pub incident: Incident,
    /// The story, cut to what the link shows: nothing of parking, of changes, of who looked again.
    pub story: Story,
    /// Its factors: the sentences and their tags.
    pub factors: Vec<Factor>,
    /// Its learnings.
    pub learnings: Vec<Learning>,
    /// Its timeline.
    pub events: Vec<TimelineEvent>,
    /// Until when the link opens.
    pub until: DateTime<Utc>,
}

const STANDS: &str = "select published_at is not null, restricted from incidents where id = $1";
const ADD: &str = "
insert into story_shares (id, incident_id, token_hash, made_by, made_at, expires_at, with_names, with_outside, opened)
values ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const OPEN: &str = "
select s.id, p.name, s.made_at, s.expires_at, s.with_names, s.with_outside, s.opened
from story_shares s join people p on p.id = s.made_by
where s.incident_id = $1 and s.expires_at > $2 and p.deactivated_at is null order by s.made_at desc, s.id";
const HOW_MANY: &str = "select count(*) from story_shares where incident_id = $1 and expires_at > $2";
const OUTSIDE: &str = "select count(*) from sections where incident_id = $1 and kind = 'external' and body <> ''";
const TAKE_BACK: &str = "delete from story_shares where id = $1 and incident_id = $2";
const END: &str = "delete from story_shares where incident_id = $1";
const END_OF: &str = "delete from story_shares where made_by = $1";
const FORGET: &str = "delete from story_shares where expires_at <= $1";
// Whatever made the story less than published for everybody, or whose maker left, has ended the link already: asked once more all the same.
const DOOR: &str = "
select s.token_hash, s.incident_id, i.number, s.expires_at, s.with_names, s.with_outside
from story_shares s join incidents i on i.id = s.incident_id join people p on p.id = s.made_by
where s.token_hash = $1 and s.expires_at > $2 and i.published_at is not null and i.trashed_at is null and not i.restricted
  and p.deactivated_at is null";
const END_ALL: &str = "delete from story_shares";
const COUNT: &str = "update story_shares set opened = opened + 1 where token_hash = $1";

/// The setting by which an organisation does without such links.
const SWITCH: &str = "share_links";

async fn switched_on(conn: &mut Conn) -> Result<bool> {
    Ok(settings::get(conn, SWITCH).await?.as_deref() != Some("off"))
}

async fn keeps(conn: &mut Conn, incident: IncidentId) -> Result<Option<&'static str>> {
    let (published, restricted): (bool, bool) = on!(conn, db => sqlx::query_as(STANDS).bind(incident.0).fetch_one(db).await)?;
    Ok(Sharable { published, restricted, switched_on: switched_on(conn).await? }.keeps())
}

/// The links to a story, and whether one can be made.
///
/// # Errors
/// [`StoreError::NotFound`] for all but the facilitators.
pub async fn shares(store: &Store, viewer: &Viewer, incident: IncidentId, now: DateTime<Utc>) -> Result<Shares> {
    type Row = (uuid::Uuid, String, DateTime<Utc>, DateTime<Utc>, bool, bool, i64);
    let mut conn = store.read().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    let rows: Vec<Row> = on!(conn, db => sqlx::query_as(OPEN).bind(incident.0).bind(now).fetch_all(db).await)?;
    let outside: i64 = on!(conn, db => sqlx::query_scalar(OUTSIDE).bind(incident.0).fetch_one(db).await)?;
    let share = |(id, made_by, made_at, until, names, outside, opened)| Share {
        id: ShareId(id),
        made_by,
        made_at,
        until,
        names,
        outside,
        opened,
    };
    Ok(Shares { keeps: keeps(&mut conn, incident).await?, open: rows.into_iter().map(share).collect(), has_outside: outside > 0 })
}

/// Makes a link and answers its token, which is shown once, and until when it opens.
///
/// # Errors
/// [`StoreError::Refused`] with the reason of [`Sharable::keeps`], or when many are open; [`StoreError::NotFound`] for all but the
/// facilitators.
pub async fn share(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    new: NewShare,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>)> {
    let mut conn = store.write().await?;
    let (id, token, until) = (ShareId(random::id()), random::token(), now + TimeDelta::days(new.days));
    // First, because on PostgreSQL nobody may restrict it, trash it or leave between asking and making.
    audit::take_turn(&mut conn).await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    audit::note(&mut conn, now, Some(viewer.person_id), "story.share", &id.to_string(), Some(incident)).await?;
    if let Some(why) = keeps(&mut conn, incident).await? {
        return Err(StoreError::Refused(why));
    }
    let open: i64 = on!(conn, db => sqlx::query_scalar(HOW_MANY).bind(incident.0).bind(now).fetch_one(db).await)?;
    if open >= MOST {
        return Err(StoreError::Refused("Twenty links to this story are open. Please take one back first."));
    }
    run!(
        conn,
        sqlx::query(ADD)
            .bind(id.0)
            .bind(incident.0)
            .bind(random::token_hash(&token))
            .bind(viewer.person_id.0)
            .bind(now)
            .bind(until)
            .bind(new.names)
            .bind(new.outside)
    )?;
    conn.commit().await?;
    Ok((token, until))
}

/// Takes a link back: it opens nothing from then on. Any facilitator of the story may, whoever made it.
///
/// # Errors
/// [`StoreError::NotFound`] when it is not there (any more), and for all but the facilitators.
pub async fn take_back_share(
    store: &Store,
    viewer: &Viewer,
    incident: IncidentId,
    share: ShareId,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut conn = store.write().await?;
    require(&mut conn, viewer, Right::EditReview, incident, now).await?;
    if run!(conn, sqlx::query(TAKE_BACK).bind(share.0).bind(incident.0))? == 0 {
        return Err(StoreError::NotFound);
    }
    audit::note(&mut conn, now, Some(viewer.person_id), "story.share-end", &share.to_string(), Some(incident)).await?;
    conn.commit().await
}

/// The story of a link, cut to what the link shows; `None` where it opens nothing, for whichever reason. Changes nothing.
///
/// # Errors
/// What the database said.
pub async fn shared(store: &Store, token: &str, now: DateTime<Utc>) -> Result<Option<Shared>> {
    type Row = (Vec<u8>, uuid::Uuid, i64, DateTime<Utc>, bool, bool);
    let mut conn = store.read().await?;
    let hash = random::token_hash(token);
    let row: Option<Row> = on!(conn, db => sqlx::query_as(DOOR).bind(&hash).bind(now).fetch_optional(db).await)?;
    let Some((stored, incident, number, until, names, outside)) = row else { return Ok(None) };
    if !same(&stored, &hash) || !switched_on(&mut conn).await? {
        return Ok(None);
    }
    let (id, key) = (IncidentId(incident), IncidentKey(number));
    let story = story::told(&mut conn, id).await?;
    let Some(incident) = incidents::found(&mut conn, key).await? else { return Ok(None) };
    Ok(Some(Shared {
        incident,
        story: for_outside(if names { story } else { story.without_names() }, outside),
        factors: learnings::factors_of(&mut conn, id).await?.into_iter().map(bare).collect(),
        learnings: learnings::learnings_of(&mut conn, id).await?,
        events: timeline::events_of(&mut conn, id).await?,
        until,
    }))
}

/// The index found it by its hash; the hashes themselves are compared in constant time.
fn same(stored: &[u8], hash: &[u8]) -> bool {
    use sha2::digest::CtOutput;
    let whole = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).ok().map(|bytes| CtOutput::<Sha256>::new(bytes.into()));
    matches!((whole(stored), whole(hash)), (Some(stored), Some(hash)) if stored == hash)
}

/// What is told inside alone goes: what waits, who was asked, what was changed and looked at again, and the text that stands apart.
fn for_outside(mut story: Story, outside: bool) -> Story {
    if !outside {
        story.sections.iter_mut().filter(|s| s.kind == SectionKind::External).for_each(|s| s.body.clear());
    }
    story.sections.iter_mut().for_each(|s| s.saved_by = None);
    Story { edited: Vec::new(), looked_again: Vec::new(), asks_at: None, asked: 0, parked: 0, ..story }
}

/// A factor without what was said about it inside: evidence leads to pages, other views to people.
fn bare(factor: Factor) -> Factor {
    Factor { details: FactorDetails { role: factor.details.role, ..FactorDetails::default() }, ..factor }
}

/// Counts that a link was opened, for its facilitators.
///
/// # Errors
/// What the database said.
pub async fn shared_opened(store: &Store, token: &str) -> Result<()> {
    let mut conn = store.write().await?;
    run!(conn, sqlx::query(COUNT).bind(random::token_hash(token)))?;
    conn.commit().await
}

/// Ends all links to a story, for good: called where its incident goes into the trash or becomes restricted.
pub(crate) async fn end_shares(conn: &mut Conn, incident: IncidentId) -> Result<()> {
    run!(conn, sqlx::query(END).bind(incident.0))?;
    Ok(())
}

/// Ends all links that somebody made who leaves or is kept out, for good.
pub(crate) async fn end_shares_of(conn: &mut Conn, person: PersonId) -> Result<()> {
    run!(conn, sqlx::query(END_OF).bind(person.0))?;
    Ok(())
}

/// Forgets links whose time is over.
pub(crate) async fn forget_ended_shares(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
    run!(conn, sqlx::query(FORGET).bind(now))?;
    Ok(())
}

/// Whether this organisation has links for people without an account, for administrators.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn share_links(store: &Store, viewer: &Viewer) -> Result<bool> {
    check_global(Right::Administer, viewer)?;
    switched_on(&mut store.read().await?).await
}

/// Switches them on or off; off ends those that are open, for good.
///
/// # Errors
/// [`StoreError::NotFound`] for all but administrators.
pub async fn switch_share_links(store: &Store, viewer: &Viewer, on: bool, now: DateTime<Utc>) -> Result<()> {
    check_global(Right::Administer, viewer)?;
    let mut conn = store.write().await?;
    // A link that is made meanwhile would open when they are switched on again.
    audit::take_turn(&mut conn).await?;
    if switched_on(&mut conn).await? != on {
        settings::put(&mut conn, SWITCH, if on { "on" } else { "off" }).await?;
        if !on {
            run!(conn, sqlx::query(END_ALL))?;
        }
        audit::note(&mut conn, now, Some(viewer.person_id), "setting.change", SWITCH, None).await?;
    }
    conn.commit().await
}

//! How a letter about quotes reaches their author: the address that is known of them, and for somebody without an account a link of its
//! own to the one conversation. It is not the link that a facilitator made: what they see of that one would tell whose words are quoted.

use super::invitations::LINK_LASTS;
use super::posting::{UNNAMED, open, stop_foot};
use crate::db::{Conn, on, run};
use crate::{Result, calendars, crypt, people, random};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::walltime::{self, WorkCalendar};
use domain::{IncidentId, InvitationId, PersonId};

/// How a letter about quotes reaches their author.
pub(crate) struct Way {
    /// The conversation that the quotes are from.
    pub(crate) invitation: InvitationId,
    /// The author's name.
    pub(crate) name: String,
    /// Where to.
    pub(crate) address: String,
    /// The page with their quotes, or the link that leads there without an account.
    pub(crate) link: String,
    /// The last lines of the letter: how reminders are stopped.
    pub(crate) foot: String,
    /// The incident's title, or what stands for it where it is restricted.
    pub(crate) title: String,
    /// The author's own clock.
    pub(crate) zone: Tz,
    /// The author's working days.
    pub(crate) calendar: WorkCalendar,
    /// They want no reminders about this conversation.
    pub(crate) stopped: bool,
    /// Reminders of quotes that went already.
    pub(crate) reminded: i64,
}

const AUTHOR: &str = "
select v.id, v.token_hash, v.address_sealed, v.reminders_off_at is not null as stopped, v.quotes_reminded, p.name, p.email, p.zone,
  p.work_starts, p.work_ends, p.work_days, i.title, i.restricted
from invitations v join people p on p.id = v.person_id join incidents i on i.id = v.incident_id
where v.incident_id = $1 and v.person_id = $2 and v.state <> 'withdrawn' and p.deactivated_at is null";
const OPEN_WAY: &str = "update invitations set quotes_hash = $2, quotes_until = $3 where id = $1";

#[derive(sqlx::FromRow)]
struct AuthorRow {
    id: uuid::Uuid,
    token_hash: Option<Vec<u8>>,
    address_sealed: Option<Vec<u8>>,
    stopped: bool,
    quotes_reminded: i64,
    name: String,
    email: Option<String>,
    zone: String,
    work_starts: i64,
    work_ends: i64,
    work_days: i64,
    title: String,
    restricted: bool,
}

/// The way to the author of a quote; `None` where no mail is set up, no address is known or their links have ended. The link of somebody
/// without an account works for as long as any personal link from now on, and ends with theirs.
pub(crate) async fn way_to(conn: &mut Conn, incident: IncidentId, author: PersonId, now: DateTime<Utc>) -> Result<Option<Way>> {
    let Some(post) = conn.post.clone() else { return Ok(None) };
    let row: Option<AuthorRow> =
        on!(conn, db => sqlx::query_as(AUTHOR).bind(incident.0).bind(author.0).fetch_optional(db).await)?;
    let Some(row) = row else { return Ok(None) };
    let invitation = InvitationId(row.id);
    let (address, link) = match (row.email, row.token_hash) {
        (Some(email), _) => (email, format!("{post}/quotes")),
        (None, Some(own_link)) => {
            let key = crypt::incident_key(conn, incident).await?;
            let Some(address) = open(&key, invitation, "address", row.address_sealed.as_deref())? else { return Ok(None) };
            let token = token(conn, invitation, &own_link);
            let until = now + LINK_LASTS;
            run!(conn, sqlx::query(OPEN_WAY).bind(invitation.0).bind(random::token_hash(&token)).bind(until))?;
            (address, format!("{post}/invitation/{token}"))
        }
        (None, None) => return Ok(None),
    };
    let pattern = people::pattern(row.work_starts, row.work_ends, row.work_days)?;
    Ok(Some(Way {
        invitation,
        name: row.name,
        address,
        link,
        foot: stop_foot(conn, &post, invitation).await?,
        title: if row.restricted { UNNAMED.to_owned() } else { row.title },
        zone: walltime::parse_zone(&row.zone).unwrap_or(chrono_tz::UTC),
        calendar: calendars::of(conn, author, pattern).await?,
        stopped: row.stopped,
        reminded: row.quotes_reminded,
    }))
}

/// The token of that link: derived, so that a letter and its reminder hold the same and none is stored; from the personal link, so that
/// it is another one when that is replaced.
fn token(conn: &Conn, invitation: InvitationId, own_link: &[u8]) -> String {
    use base64::Engine;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let bytes = conn.keys.derived(&format!("way to the quotes of {invitation} beside {}", encode(own_link)));
    encode(bytes.as_slice())
}

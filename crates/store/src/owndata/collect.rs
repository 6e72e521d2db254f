//! Gathers everything about one person and by them, from room to room.

use super::created::{Created, HeldRole, SignIn, created, roles, sign_ins};
use crate::audit::{self, AuditLine};
use crate::db::{Conn, on};
use crate::interviews::{self, Mine, OwnConversation};
use crate::parking::{self, IdeaOfMine};
use crate::reviews::{self, OwnExcerpt};
use crate::standing::check_global;
use crate::timeline::raw_authors::{self, NamedIn};
use crate::{Result, Store, StoreError, calendars, learnings, people, pulse, retention, schedules, trends};
use chrono::{DateTime, NaiveDate, Utc};
use domain::incidents::IncidentKey;
use domain::people::Viewer;
use domain::rights::Right;
use domain::walltime::{InForce, WorkPattern};
use domain::wishes::Wishes;
use domain::{InvitationId, TeamId};

/// Everything about one person and by them, or of one conversation of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnData {
    /// When it was gathered.
    pub at: DateTime<Utc>,
    /// Who they are here.
    pub profile: OwnProfile,
    /// Their conversations.
    pub conversations: Vec<OwnConversation>,
    /// Stretches that closed months have counted, kept for a while so that none counts twice; also of answers that are erased.
    pub counted: Vec<trends::CountedStretch>,
    /// Quotes from their words.
    pub quotes: Vec<OwnExcerpt>,
    /// Private impressions of talks that they lead.
    pub impressions: Vec<(IncidentKey, String)>,
    /// Where they were asked whether a meeting may call on them.
    pub calls: Vec<(Option<IncidentKey>, reviews::Call)>,
    /// Thanks that name them, with what they said to that.
    pub thanks: Vec<reviews::ThanksToMe>,
    /// Learnings that were new to them; nobody else is told.
    pub new_to_me: Vec<learnings::NewTo>,
    /// Their shifts on call.
    pub on_call: Vec<schedules::OwnShift>,
    /// Months of the pulse, until their quarter closes: answered (`true`), or not to be asked again. What was answered is kept nowhere.
    pub pulse: Vec<(domain::trends::Period, bool)>,
    /// Their parked ideas.
    pub ideas: Vec<IdeaOfMine>,
    /// Their roles in incidents.
    pub roles: Vec<HeldRole>,
    /// What they made in what belongs to all.
    pub created: Vec<Created>,
    /// Raw logs that name them as an author.
    pub raw_logs: Vec<NamedIn>,
    /// Their sign-ins.
    pub sign_ins: Vec<SignIn>,
    /// What the audit trail holds about them.
    pub audit: Vec<AuditLine>,
}

/// Who a person is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnProfile {
    /// Name, e-mail, team, zone, working hours, colours.
    pub profile: people::Profile,
    /// Working hours and team by the day from which on they held; one entry: they never changed.
    pub held: Vec<HeldFrom>,
    /// Their line manager's name: a bar on reading.
    pub manager: Option<String>,
    /// Since when they are known here.
    pub since: DateTime<Utc>,
    /// Global roles.
    pub roles: Roles,
    /// Which letters they wish for; nothing for who has no account.
    pub letters: Option<Wishes>,
}

/// What held for somebody from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFrom {
    /// The day.
    pub from: NaiveDate,
    /// Name of the team.
    pub team: Option<String>,
    /// Working hours.
    pub pattern: WorkPattern,
}

/// Global roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Takes part in incidents.
    pub member: bool,
    /// Leads.
    pub leadership: bool,
    /// Runs the service.
    pub administrator: bool,
    /// On the list "may facilitate".
    pub may_facilitate: bool,
}

const PROFILE: &str = "
select m.name as manager, p.created_at, p.is_member, p.is_leadership, p.is_administrator, p.may_facilitate
from people p left join people m on m.id = p.manager_id where p.id = $1";

#[derive(sqlx::FromRow)]
struct ProfileRow {
    manager: Option<String>,
    created_at: DateTime<Utc>,
    is_member: bool,
    is_leadership: bool,
    is_administrator: bool,
    may_facilitate: bool,
}

/// Everything about the viewer and by them.
///
/// # Errors
/// [`StoreError::NotFound`] without an account.
pub async fn collect(store: &Store, viewer: &Viewer, now: DateTime<Utc>) -> Result<OwnData> {
    check_global(Right::OwnPages, viewer)?;
    let mut conn = store.read().await?;
    let conversations = interviews::all_of(&mut conn, viewer.person_id).await?;
    gather(store, conn, viewer, &conversations, None, now).await
}

/// What the viewer said in one conversation of theirs: all that there is for somebody who came by a personal link.
///
/// # Errors
/// [`StoreError::NotFound`] for everybody else, and by a personal link that has ended.
pub async fn collect_conversation(
    store: &Store,
    viewer: &Viewer,
    invitation: InvitationId,
    now: DateTime<Utc>,
) -> Result<OwnData> {
    let mut conn = store.read().await?;
    let mine = interviews::mine(&mut conn, viewer, invitation, now).await?;
    gather(store, conn, viewer, &[mine], Some(invitation), now).await
}

async fn gather(
    store: &Store,
    mut conn: Conn,
    viewer: &Viewer,
    conversations: &[Mine],
    only: Option<InvitationId>,
    now: DateTime<Utc>,
) -> Result<OwnData> {
    let me = viewer.person_id;
    let here = only.and_then(|_| conversations.first().map(|mine| mine.incident));
    let row: Option<ProfileRow> = on!(conn, db => sqlx::query_as(PROFILE).bind(me.0).fetch_optional(db).await)?;
    let row = row.ok_or(StoreError::NotFound)?;
    let (periods, told_since) = retention::told(&mut conn, now).await?;
    let invitations: Vec<InvitationId> = conversations.iter().map(|mine| mine.id).collect();
    let whole = only.is_none();
    let data = OwnData {
        at: now,
        conversations: interviews::everything(&mut conn, me, conversations, &periods, told_since).await?,
        impressions: if whole { interviews::impressions_of(&mut conn, me).await? } else { Vec::new() },
        calls: if whole { reviews::calls_of(&mut conn, me).await? } else { Vec::new() },
        thanks: if whole { reviews::thanks_of(&mut conn, me).await? } else { Vec::new() },
        new_to_me: if whole { learnings::new_to(&mut conn, me).await? } else { Vec::new() },
        counted: if whole { trends::counted_of(&mut conn, me).await? } else { Vec::new() },
        on_call: if whole { schedules::of_person(&mut conn, me).await? } else { Vec::new() },
        pulse: if whole { pulse::months_of(&mut conn, me).await? } else { Vec::new() },
        ideas: parking::all_of(&mut conn, me, here, now).await?,
        roles: if whole { roles(&mut conn, me).await? } else { Vec::new() },
        created: if whole { created(&mut conn, me).await? } else { Vec::new() },
        raw_logs: if whole { raw_authors::named_in(&mut conn, me).await? } else { Vec::new() },
        sign_ins: if whole || viewer.guest_of.is_some() { sign_ins(&mut conn, me, only).await? } else { Vec::new() },
        audit: audit::mine(&mut conn, me, &invitations, here).await?,
        quotes: Vec::new(),
        profile: OwnProfile {
            profile: people::Profile {
                name: String::new(),
                email: None,
                team: None,
                zone: String::new(),
                pattern: WorkPattern::default(),
                theme: domain::people::Theme::System,
            },
            held: Vec::new(),
            manager: row.manager,
            since: row.created_at,
            roles: Roles {
                member: row.is_member,
                leadership: row.is_leadership,
                administrator: row.is_administrator,
                may_facilitate: row.may_facilitate,
            },
            letters: None,
        },
    };
    // Rooms with doors of their own take a connection of their own: not while this one is held.
    drop(conn);
    let mut quotes = reviews::my_excerpts(store, viewer).await?;
    quotes.retain(|quote| here.is_none_or(|incident| quote.incident == incident));
    let letters = if viewer.guest_of.is_none() { Some(people::letter_wishes(store, viewer).await?) } else { None };
    let held = held(store, viewer).await?;
    let profile = OwnProfile { profile: people::profile(store, viewer).await?, letters, held, ..data.profile };
    Ok(OwnData { quotes, profile, ..data })
}

/// What held for the viewer, by day.
async fn held(store: &Store, viewer: &Viewer) -> Result<Vec<HeldFrom>> {
    let history = calendars::own_history(store, viewer).await?;
    let teams = people::teams(store).await?;
    let name = |id: TeamId| teams.iter().find(|team| team.id == id).map(|team| team.name.clone());
    let held = |part: &InForce| HeldFrom { from: part.from, team: part.team.and_then(name), pattern: part.calendar.pattern };
    Ok(history.parts().map(held).collect())
}

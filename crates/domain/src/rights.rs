//! The permission table: one match that says who may do what. The store asks it at its door; pages never decide.
//!
//! Source: PRODUCT.md (roles, three bars, rules 1 to 4). Where research/security.md 2.9 differs, PRODUCT.md wins. What is not
//! there and what is not yours answer the same.

use crate::interviews::{self, Audience};
use crate::people::Viewer;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// Front page, sign-in, help, health, files of the site, a personal link.
    Open,
    /// One's own pages with an account: home, profile, own hours, who has read my answers.
    OwnPages,
    /// The list of incidents, an incident with its timeline, factors and learnings.
    SeeIncidents,
    /// Create and change incidents and timeline events; import.
    EditIncidents,
    /// Make an incident restricted or not, name people on it.
    Restrict,
    /// Put an incident into the trash, bring it back, merge it into another one.
    DeleteIncident,
    /// Read an attached source document.
    ReadSource,
    /// Read the raw log of an incident, import into it, say who its authors are.
    RawLog,
    /// Appoint the facilitator, open a review.
    AppointFacilitator,
    /// Give somebody the planning room.
    AppointPlanner,
    /// Invite responders and see where conversations stand.
    Invite,
    /// Write, narrow, submit, withdraw one's own answers; decline.
    AnswerOwn,
    /// Read a submitted answer of somebody else.
    ReadAnswer,
    /// Read the published second story.
    ReadStory,
    /// Write sections, draft quotes, keep factors and learnings, publish.
    EditReview,
    /// Choose what the meeting of the review talks about.
    Vote,
    /// Be in the meeting of the review: see the moment, the themes and the lines.
    JoinMeeting,
    /// Write lines in that meeting.
    SpeakInMeeting,
    /// Answer the three questions after the meeting.
    AnswerSurvey,
    /// Say right, change or leave out to a quote from oneself; after publication, withdraw it.
    DecideExcerpt,
    /// Put an idea into the parking lot.
    Park,
    /// See the planning room of the incident while it is closed, open it early with a reason.
    EnterPlanning,
    /// Read parked ideas, read and change the plan.
    Plan,
    /// Trends.
    SeeTrends,
    /// Write beside trends what changed in the organisation.
    AnnotateTrends,
    /// Import on-call schedules.
    KeepSchedules,
    /// Add, rename, retire and merge tags of contributing factors.
    KeepVocabulary,
    /// Accounts, teams, settings.
    Administer,
}

impl Right {
    /// All.
    pub const ALL: [Self; 28] = [
        Self::Open,
        Self::OwnPages,
        Self::SeeIncidents,
        Self::EditIncidents,
        Self::Restrict,
        Self::DeleteIncident,
        Self::ReadSource,
        Self::RawLog,
        Self::AppointFacilitator,
        Self::AppointPlanner,
        Self::Invite,
        Self::AnswerOwn,
        Self::ReadAnswer,
        Self::ReadStory,
        Self::EditReview,
        Self::Vote,
        Self::JoinMeeting,
        Self::SpeakInMeeting,
        Self::AnswerSurvey,
        Self::DecideExcerpt,
        Self::Park,
        Self::EnterPlanning,
        Self::Plan,
        Self::SeeTrends,
        Self::AnnotateTrends,
        Self::KeepSchedules,
        Self::KeepVocabulary,
        Self::Administer,
    ];
}

/// How the viewer stands to the thing: filled by the store from the database, inside the same transaction as the act.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Signed in with an account (not by a personal link).
    pub account: bool,
    /// Global role.
    pub member: bool,
    /// Global role; a bar.
    pub leadership: bool,
    /// Global role.
    pub administrator: bool,
    /// On the list "may facilitate".
    pub may_facilitate: bool,
    /// Facilitates this incident.
    pub facilitator: bool,
    /// Is or was invited to this incident and not withdrawn.
    pub responder: bool,
    /// Has the planning room of this incident.
    pub planner: bool,
    /// Imported or entered this incident.
    pub importer: bool,
    /// The answer, response, quote or idea is theirs.
    pub author: bool,
    /// Line manager of the author; a bar.
    pub manages_author: bool,
    /// Facilitated before the answer was submitted, or its author agreed since.
    pub author_agreed: bool,
    /// A review of this incident was opened.
    pub reviewed: bool,
    /// The review of this incident is published.
    pub published: bool,
    /// The wall of this incident is open.
    pub wall_open: bool,
}

impl Standing {
    /// What is known of the viewer without an incident.
    pub fn of(viewer: &Viewer) -> Self {
        Self {
            account: viewer.has_account(),
            member: viewer.member && viewer.guest_of.is_none(),
            leadership: viewer.leadership,
            administrator: viewer.administrator && viewer.guest_of.is_none(),
            may_facilitate: viewer.may_facilitate && viewer.member && viewer.guest_of.is_none(),
            ..Self::default()
        }
    }
}

/// Whether somebody who stands so may do so. Rights add up; bars win.
pub fn may(right: Right, s: &Standing) -> bool {
    match right {
        Right::Open => true,
        Right::OwnPages | Right::SeeIncidents => s.account,
        Right::EditIncidents => s.member,
        // Not the administrator: who may look is for those who are named already.
        Right::Restrict => s.member && (s.importer || (s.facilitator && !s.leadership)),
        // Who entered it, until others were asked to give it their time; then who leads the review. Administrators by its key,
        // without seeing it.
        Right::DeleteIncident => {
            s.account && ((s.member && s.importer && !s.reviewed) || (s.facilitator && !s.leadership) || s.administrator)
        }
        Right::ReadSource => s.account && (s.facilitator || s.planner || s.importer),
        // Chat is candid, and was written for those who were there: who gathers the story, and who brought the log.
        Right::RawLog => s.member && !s.leadership && (s.facilitator || s.importer),
        // Leadership does not appoint who listens to its people.
        Right::AppointFacilitator => s.administrator || (s.may_facilitate && !s.leadership),
        Right::AppointPlanner => s.administrator || (s.may_facilitate && !s.leadership) || s.facilitator,
        Right::Invite | Right::EditReview => s.facilitator && !s.leadership,
        // Who was there, with an account: a personal link opens one conversation.
        Right::Vote => s.account && s.responder && !s.published,
        // Who was there, who leads it, and members who listen until it is published. Nobody with power over those who speak: neither
        // leadership, nor (as the store fills in) who manages one of them.
        Right::JoinMeeting => {
            let there = s.facilitator || s.responder;
            s.account && s.reviewed && !s.leadership && (there || (s.member && !s.manages_author && !s.published))
        }
        Right::SpeakInMeeting => s.account && s.reviewed && !s.leadership && !s.published && (s.facilitator || s.responder),
        // Who was there or listened. Not leadership: it is told nothing here, and tells nothing of how safe a room was.
        Right::AnswerSurvey => s.account && s.member && s.reviewed && !s.leadership,
        Right::AnswerOwn => s.author && !s.published,
        Right::DecideExcerpt => s.author,
        Right::ReadAnswer => s.facilitator && !s.leadership && !s.manages_author && !s.author,
        Right::ReadStory => s.account && (s.published || (s.facilitator && !s.leadership)),
        Right::Park => s.member || s.responder,
        Right::EnterPlanning => s.account && s.planner,
        Right::Plan => s.account && s.planner && s.wall_open,
        Right::SeeTrends => s.account && (s.member || s.leadership),
        // Words that stand beside everybody's figures: whoever answers for the organisation, and whoever listens to people.
        Right::AnnotateTrends => s.account && (s.leadership || (s.member && s.may_facilitate)),
        // Words that stay with everybody's factors: whoever listens to people, and whoever keeps the house.
        Right::KeepVocabulary => s.account && (s.administrator || (s.may_facilitate && !s.leadership)),
        // Who stood when, and nothing that was said: whoever keeps the house, and whoever gathers stories. Not who leads the people of a rota.
        Right::KeepSchedules => s.account && (s.administrator || (s.may_facilitate && !s.leadership)),
        Right::Administer => s.administrator,
    }
}

/// Whether a submitted answer of this question and audience is readable by somebody who holds [`Right::ReadAnswer`], and
/// whether with its author's name. `None`: not at all.
pub fn read_answer(s: &Standing, question: i64, audience: Audience) -> Option<Attributed> {
    if !may(Right::ReadAnswer, s) || matches!(question, interviews::WORK | interviews::RECURRENCE | interviews::SELF_CARE) {
        return None;
    }
    match audience {
        Audience::OnlyMe | Audience::Parked => None,
        // A facilitator who was added later reads these only if the author agrees (PRODUCT.md rule 2).
        Audience::Facilitator => s.author_agreed.then_some(Attributed::Yes),
        Audience::Unattributed => Some(Attributed::No),
        Audience::Named => Some(Attributed::Yes),
    }
}

/// Whether a readable answer carries its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attributed {
    /// With name.
    Yes,
    /// Without name, time or order.
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_standings() -> impl Iterator<Item = Standing> {
        (0u32..1 << 15).map(|bits| {
            let b = |i: u32| bits & (1 << i) != 0;
            Standing {
                account: b(0),
                member: b(1),
                leadership: b(2),
                administrator: b(3),
                may_facilitate: b(4),
                facilitator: b(5),
                responder: b(6),
                planner: b(7),
                importer: b(8),
                author: b(9),
                manages_author: b(10),
                author_agreed: b(11),
                published: b(12),
                wall_open: b(13),
                reviewed: b(14),
            }
        })
    }

    #[test]
    fn leadership_and_line_managers_never_read_an_answer_whatever_else_they_are() {
        for s in all_standings().filter(|s| s.leadership || s.manages_author) {
            for audience in Audience::ALL {
                for question in 1..=12 {
                    assert_eq!(read_answer(&s, question, audience), None);
                }
            }
        }
    }

    #[test]
    fn administering_alone_opens_no_content() {
        let admin = Standing { account: true, administrator: true, published: true, wall_open: true, ..Standing::default() };
        for right in [
            Right::ReadSource,
            Right::RawLog,
            Right::Invite,
            Right::ReadAnswer,
            Right::EditReview,
            Right::Plan,
            Right::AnswerOwn,
            Right::SeeTrends,
            Right::AnnotateTrends,
        ] {
            assert!(!may(right, &admin), "{right:?}");
        }
    }

    #[test]
    fn an_incident_is_deleted_by_who_entered_it_then_by_who_leads_its_review() {
        let creator = Standing { account: true, member: true, importer: true, ..Standing::default() };
        assert!(may(Right::DeleteIncident, &creator));
        assert!(!may(Right::DeleteIncident, &Standing { reviewed: true, ..creator.clone() }), "others gave it their time");
        assert!(!may(Right::DeleteIncident, &Standing { importer: false, ..creator }), "any member");
        let facilitator = Standing { account: true, member: true, facilitator: true, reviewed: true, ..Standing::default() };
        assert!(may(Right::DeleteIncident, &facilitator));
        assert!(!may(Right::DeleteIncident, &Standing { leadership: true, ..facilitator }));
        let admin = Standing { account: true, administrator: true, reviewed: true, ..Standing::default() };
        assert!(may(Right::DeleteIncident, &admin));
        for s in all_standings().filter(|s| !s.account) {
            assert!(!may(Right::DeleteIncident, &s), "a guest of one conversation");
        }
    }

    #[test]
    fn a_raw_log_is_read_by_who_gathers_the_story_and_who_brought_it() {
        let member = Standing { account: true, member: true, ..Standing::default() };
        assert!(may(Right::RawLog, &Standing { importer: true, ..member.clone() }));
        assert!(may(Right::RawLog, &Standing { facilitator: true, ..member.clone() }));
        assert!(!may(Right::RawLog, &Standing { responder: true, planner: true, published: true, ..member }));
        for s in all_standings().filter(|s| s.leadership || !s.member || !(s.facilitator || s.importer)) {
            assert!(!may(Right::RawLog, &s), "{s:?}");
        }
    }

    #[test]
    fn self_care_hours_and_parked_ideas_are_never_read_as_answers() {
        for s in all_standings() {
            for audience in Audience::ALL {
                for question in [interviews::WORK, interviews::RECURRENCE, interviews::SELF_CARE] {
                    assert_eq!(read_answer(&s, question, audience), None);
                }
            }
            assert_eq!(read_answer(&s, 1, Audience::OnlyMe), None);
        }
    }

    #[test]
    fn a_later_facilitator_waits_for_the_author() {
        let later = Standing { account: true, member: true, facilitator: true, ..Standing::default() };
        assert_eq!(read_answer(&later, 2, Audience::Facilitator), None);
        assert_eq!(read_answer(&later, 2, Audience::Unattributed), Some(Attributed::No));
        let agreed = Standing { author_agreed: true, ..later };
        assert_eq!(read_answer(&agreed, 2, Audience::Facilitator), Some(Attributed::Yes));
    }

    #[test]
    fn nobody_with_power_over_those_who_speak_sits_in_a_meeting_unseen() {
        for s in all_standings().filter(|s| may(Right::JoinMeeting, s)) {
            assert!(!s.leadership && s.reviewed && s.account, "{s:?}");
            assert!(s.facilitator || s.responder || (!s.manages_author && !s.published), "{s:?}");
        }
        for s in all_standings().filter(|s| may(Right::SpeakInMeeting, s)) {
            assert!(may(Right::JoinMeeting, &s) && !s.published, "{s:?}");
        }
    }

    #[test]
    fn nobody_plans_before_the_wall_opens() {
        assert!(all_standings().filter(|s| !s.wall_open).all(|s| !may(Right::Plan, &s)));
        assert!(all_standings().filter(|s| !s.planner).all(|s| !may(Right::Plan, &s) && !may(Right::EnterPlanning, &s)));
    }
}

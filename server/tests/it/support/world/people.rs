//! Who is in the organisation.

use super::email;
use crate::support::app::{App, at};
use domain::people::{GlobalRole, Theme, Viewer};
use domain::walltime::WorkPattern;
use domain::{InvitationId, PersonId, TeamId};
use serde::{Deserialize, Serialize};

/// How a viewer is written down between tests.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Viewer")]
struct OneViewer {
    person_id: PersonId,
    name: String,
    member: bool,
    leadership: bool,
    administrator: bool,
    may_facilitate: bool,
    guest_of: Option<InvitationId>,
    team_id: Option<TeamId>,
    zone: String,
    theme: Theme,
}

/// The organisation. Nobody has a password: `App::as_` signs in without.
#[derive(Clone, Serialize, Deserialize)]
pub struct People {
    /// The team that most of them are in.
    pub team: TeamId,
    /// Member; `manager` is their line manager. Answers as far as facilitators.
    #[serde(with = "OneViewer")]
    pub responder: Viewer,
    /// Member. Answers for the review, unattributed.
    #[serde(with = "OneViewer")]
    pub other_responder: Viewer,
    /// Member. Answers for the review, with name.
    #[serde(with = "OneViewer")]
    pub named: Viewer,
    /// Member. Answers for nobody but herself.
    #[serde(with = "OneViewer")]
    pub private: Viewer,
    /// Member. Has answered with the widest audience and not submitted.
    #[serde(with = "OneViewer")]
    pub drafter: Viewer,
    /// Member on the list "may facilitate"; facilitates the review and the published ones.
    #[serde(with = "OneViewer")]
    pub facilitator: Viewer,
    /// Appointed to the review after answers were submitted; the guest alone agreed.
    #[serde(with = "OneViewer")]
    pub later_facilitator: Viewer,
    /// Leadership. Was appointed to the review before that.
    #[serde(with = "OneViewer")]
    pub leader: Viewer,
    /// Line manager of `responder`. Was appointed to the review before that.
    #[serde(with = "OneViewer")]
    pub manager: Viewer,
    /// Member with the planning room of the review and the published ones.
    #[serde(with = "OneViewer")]
    pub planner: Viewer,
    /// Only administrator.
    #[serde(with = "OneViewer")]
    pub admin: Viewer,
    /// Member with no part in anything but a parked idea.
    #[serde(with = "OneViewer")]
    pub outsider: Viewer,
    /// Member who imported.
    #[serde(with = "OneViewer")]
    pub importer: Viewer,
    /// Facilitates the foreign review.
    #[serde(with = "OneViewer")]
    pub foreign_facilitator: Viewer,
    /// Answered in the foreign review.
    #[serde(with = "OneViewer")]
    pub foreign_responder: Viewer,
}

impl People {
    /// All with an account.
    pub fn all(&self) -> [&Viewer; 15] {
        [
            &self.responder,
            &self.other_responder,
            &self.named,
            &self.private,
            &self.drafter,
            &self.facilitator,
            &self.later_facilitator,
            &self.leader,
            &self.manager,
            &self.planner,
            &self.admin,
            &self.outsider,
            &self.importer,
            &self.foreign_facilitator,
            &self.foreign_responder,
        ]
    }
}

/// Makes the organisation alone.
pub async fn people(app: &App) -> People {
    use GlobalRole::{Administrator, Leadership, Member};
    let team = store::people::add_team(&app.store, "Payments", at("2026-01-05T08:00:00Z")).await.unwrap();
    let account = |name, role, may_facilitate| account(app, name, role, may_facilitate, team);
    let manager = account("Maren Manager", Member, true).await;
    let responder = account("Rune Responder", Member, false).await;
    People {
        other_responder: account("Oda Other", Member, false).await,
        named: account("Nora Named", Member, false).await,
        private: account("Mia Mine", Member, false).await,
        drafter: account("Dora Draft", Member, false).await,
        facilitator: account("Frida Facilitator", Member, true).await,
        later_facilitator: account("Lars Later", Member, true).await,
        leader: account("Lea Leader", Leadership, false).await,
        planner: account("Piet Planner", Member, false).await,
        admin: account("Ada Admin", Administrator, false).await,
        outsider: account("Olaf Outsider", Member, false).await,
        importer: account("Ivo Importer", Member, false).await,
        foreign_facilitator: account("Fay Foreign", Member, true).await,
        foreign_responder: account("Finn Foreign", Member, false).await,
        responder,
        manager,
        team,
    }
}

async fn account(app: &App, name: &str, role: GlobalRole, may_facilitate: bool, team: TeamId) -> Viewer {
    let new = store::people::NewAccount {
        name: name.to_owned(),
        email: email(name),
        password: None,
        role,
        may_facilitate,
        team_id: Some(team),
        manager_id: None,
        zone: "Europe/Copenhagen".to_owned(),
        pattern: WorkPattern::default(),
    };
    store::people::add_account(&app.store, &new, at("2026-01-05T08:00:00Z")).await.unwrap();
    store::people::viewer_by_email(&app.store, &email(name)).await.unwrap().unwrap()
}

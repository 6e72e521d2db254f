//! The permission matrix as PRODUCT.md says it: who may do what, where. The router's own table is held against it.

use State::{Closed, Foreign as ForeignReview, Imported, Open, Planned, Resolved, Review};
use Who::{
    Admin, Anonymous, Drafter, Ended, Facilitator, ForeignFacilitator, ForeignResponder, Guest, Importer, Later, Leader, Manager,
    Named, Other, Outsider, Planner, Private, Responder,
};

/// Everybody who looks at the site in these tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Anonymous,
    /// A session of an account that was deactivated.
    Ended,
    Guest,
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    /// Leadership, with an old appointment to the review.
    Leader,
    /// Line manager of the responder, with an old appointment to the review.
    Manager,
    Planner,
    Admin,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
}

pub const VIEWERS: [Who; 18] = [
    Anonymous,
    Ended,
    Guest,
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    Leader,
    Manager,
    Planner,
    Admin,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
];

/// The incidents of the world, by what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Resolved,
    Review,
    Closed,
    Planned,
    Imported,
    Foreign,
}

/// Who may use an endpoint.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// Also somebody who is not signed in.
    Everybody,
    /// Nobody: it is there in the demo alone.
    Nobody,
    /// These, wherever they stand.
    These(&'static [Who]),
    /// These, at incidents in these states.
    At(&'static [(&'static [State], &'static [Who])]),
    /// Whose conversation or quote it is, at incidents in these states.
    Own(&'static [State]),
    /// Who holds a personal link that works.
    Link,
}

const ACCOUNTS: &[Who] = &[
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    Leader,
    Manager,
    Planner,
    Admin,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
];
const MEMBERS: &[Who] = &[
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    Leader,
    Manager,
    Planner,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
];
const MEMBERS_BUT_LEADERSHIP: &[Who] = &[
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    Manager,
    Planner,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
];
/// Everybody with a session, also by a personal link.
const SESSIONS: &[Who] = &[
    Guest,
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    Leader,
    Manager,
    Planner,
    Admin,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
];
const MEMBERS_AND_GUEST: &[Who] = &[
    Guest,
    Outsider,
    Responder,
    Other,
    Named,
    Private,
    Drafter,
    Facilitator,
    Later,
    Leader,
    Manager,
    Planner,
    Importer,
    ForeignFacilitator,
    ForeignResponder,
];
const EVERYWHERE: &[State] = &[Open, Resolved, Review, Closed, Planned, Imported, ForeignReview];
const BY_HAND: &[State] = &[Open, Resolved, Review, Closed, Planned, ForeignReview];

const SEE: Rule = Rule::At(&[(EVERYWHERE, ACCOUNTS)]);
const EDIT: Rule = Rule::At(&[(EVERYWHERE, MEMBERS)]);
const EDIT_EVENT: Rule = Rule::At(&[(BY_HAND, MEMBERS)]);
/// On the list "may facilitate", or administrator; never leadership.
const APPOINTERS: &[Who] = &[Admin, Facilitator, Later, Manager, ForeignFacilitator];
/// A line manager who facilitates leads the review; what their people said is cut out of it (canaries).
const LED: &[(&[State], &[Who])] = &[
    (&[Review], &[Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Facilitator]),
    (&[ForeignReview], &[ForeignFacilitator]),
];
const LEAD: Rule = Rule::At(LED);
/// Who leads the review; once it is published, everybody with an account.
const STORY: Rule = Rule::At(&[
    (&[Review], &[Facilitator, Later, Manager]),
    (&[Closed, Planned, Imported], ACCOUNTS),
    (&[ForeignReview], &[ForeignFacilitator]),
]);
const LEARN: Rule = Rule::At(&[
    (&[Review], &[Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Facilitator]),
    (&[ForeignReview], &[ForeignFacilitator]),
    (&[Imported], &[Importer]),
]);
/// Who was asked to the review, with an account.
const VOTE: Rule =
    Rule::At(&[(&[Review], &[Responder, Other, Named, Private, Drafter]), (&[ForeignReview], &[ForeignResponder])]);
/// Members until it is published, then who was there; never leadership.
const JOIN: Rule = Rule::At(&[
    (&[Review, ForeignReview], MEMBERS_BUT_LEADERSHIP),
    (&[Closed, Planned], &[Facilitator, Responder, Other, Named]),
]);
/// Who was asked, and who leads.
const SPEAK: Rule = Rule::At(&[
    (&[Review], &[Responder, Other, Named, Private, Drafter, Facilitator, Later, Manager]),
    (&[ForeignReview], &[ForeignResponder, ForeignFacilitator]),
]);
/// Who was asked whether they may be called on.
const CALLED: Rule = Rule::At(&[(&[Review], &[Named])]);
/// Members, where there is a review; never leadership.
const SURVEY: Rule = Rule::At(&[(&[Review, Closed, Planned, ForeignReview], MEMBERS_BUT_LEADERSHIP)]);
const PARK: Rule =
    Rule::At(&[(&[Open, Resolved, Closed, Planned, Imported, ForeignReview], MEMBERS), (&[Review], MEMBERS_AND_GUEST)]);
const ROOM: Rule = Rule::At(&[(&[Review, Closed, Planned], &[Planner]), (&[Imported], &[Importer])]);
const PLAN: Rule = Rule::At(&[(&[Planned], &[Planner]), (&[Imported], &[Importer])]);
const PLAN_HERE: Rule = Rule::At(&[(&[Planned], &[Planner])]);
const OWN: Rule = Rule::Own(&[Review, Closed, Planned, ForeignReview]);
const APPOINT: Rule = Rule::At(&[(EVERYWHERE, APPOINTERS)]);
/// Planners are named by appointers, and by who facilitates.
const APPOINT_PLANNER: Rule = Rule::At(&[
    (&[Open, Resolved, Closed, Planned, Imported, ForeignReview], APPOINTERS),
    (&[Review], &[Admin, Facilitator, Later, Manager, ForeignFacilitator, Leader]),
]);
/// Who entered it, and who facilitates.
const RESTRICT: Rule = Rule::At(&[
    (&[Open], &[Responder]),
    (&[Resolved], &[Planner]),
    (&[Review], &[Planner, Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Planner, Facilitator]),
    (&[Imported], &[Importer]),
    (&[ForeignReview], &[ForeignResponder, ForeignFacilitator]),
]);
/// Who brought the incident in, and who facilitates; never leadership, never by administering.
const RAW_LOG: Rule = Rule::At(&[
    (&[Open], &[Responder]),
    (&[Resolved], &[Planner]),
    (&[Review], &[Planner, Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Planner, Facilitator]),
    (&[Imported], &[Importer]),
    (&[ForeignReview], &[ForeignResponder, ForeignFacilitator]),
]);
/// The same, where there is an event that something can be done with.
const RAW_EVENT: Rule = Rule::At(&[
    (&[Open], &[Responder]),
    (&[Resolved], &[Planner]),
    (&[Review], &[Planner, Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Planner, Facilitator]),
    (&[ForeignReview], &[ForeignResponder, ForeignFacilitator]),
]);
/// Whose words they are, and who facilitates and may read them with a name.
const PLACE: Rule = Rule::At(&[
    (&[Review], &[Named, Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Named, Facilitator]),
    (&[ForeignReview], &[ForeignResponder, ForeignFacilitator]),
]);
const ADMINISTER: Rule = Rule::These(&[Admin]);
/// Who entered it until a review is open, then who leads it; administrators.
const DELETE: Rule = Rule::At(&[
    (&[Open], &[Responder, Admin]),
    (&[Resolved], &[Planner, Admin]),
    (&[Review], &[Facilitator, Later, Manager, Admin]),
    (&[Closed, Planned], &[Facilitator, Admin]),
    (&[Imported], &[Importer, Admin]),
    (&[ForeignReview], &[ForeignFacilitator, Admin]),
]);
/// The same, but what moves is seen: not by administering alone.
const MERGE: Rule = Rule::At(&[
    (&[Open], &[Responder]),
    (&[Resolved], &[Planner]),
    (&[Review], &[Facilitator, Later, Manager]),
    (&[Closed, Planned], &[Facilitator]),
    (&[Imported], &[Importer]),
    (&[ForeignReview], &[ForeignFacilitator]),
]);
/// Nothing of the world is in the trash.
const IN_TRASH: Rule = Rule::At(&[]);
const TRENDS: Rule = Rule::These(MEMBERS);

/// Every endpoint.
pub const MATRIX: &[(&str, Rule)] = &[
    ("GET /", Rule::Everybody),
    ("GET /assets/{file}", Rule::Everybody),
    ("GET /healthz", Rule::Everybody),
    ("GET /livez", Rule::Everybody),
    // Only to this machine itself, and these tests come from nowhere.
    ("GET /metrics", Rule::Nobody),
    ("GET /help", Rule::Everybody),
    ("GET /help/{topic}", Rule::Everybody),
    ("GET /readyz", Rule::Everybody),
    ("GET /sign-in", Rule::Everybody),
    ("POST /sign-in", Rule::Everybody),
    ("POST /sign-out", Rule::Everybody),
    ("POST /demo/sign-in", Rule::Nobody),
    // There is an administrator already.
    ("GET /set-up/{token}", Rule::Nobody),
    ("POST /set-up/{token}", Rule::Nobody),
    ("GET /welcome", Rule::These(&[Admin])),
    ("GET /profile", Rule::These(ACCOUNTS)),
    ("POST /profile", Rule::These(ACCOUNTS)),
    ("POST /profile/looks", Rule::These(ACCOUNTS)),
    ("GET /profile/hours", Rule::These(ACCOUNTS)),
    ("GET /profile/reads", Rule::These(ACCOUNTS)),
    ("GET /profile/password", Rule::These(ACCOUNTS)),
    ("POST /profile/password", Rule::These(ACCOUNTS)),
    ("GET /profile/feed", Rule::These(ACCOUNTS)),
    ("POST /profile/feed", Rule::These(ACCOUNTS)),
    // Cookies are ignored there: who holds its address reads. `feed.rs` tests those that work.
    ("GET /feed/{token}", Rule::Link),
    ("GET /profile/sessions", Rule::These(ACCOUNTS)),
    ("POST /profile/sessions/end", Rule::These(ACCOUNTS)),
    ("POST /profile/sessions/end-all", Rule::These(ACCOUNTS)),
    ("GET /password/{token}", Rule::Link),
    ("POST /password/{token}", Rule::Link),
    // settings
    ("GET /settings", ADMINISTER),
    ("GET /settings/people", ADMINISTER),
    ("GET /settings/people/invite", ADMINISTER),
    ("POST /settings/people/invite", ADMINISTER),
    ("GET /settings/people/{person}", ADMINISTER),
    ("POST /settings/people/{person}", ADMINISTER),
    ("POST /settings/people/{person}/link", ADMINISTER),
    ("GET /settings/people/{person}/deactivate", ADMINISTER),
    ("POST /settings/people/{person}/deactivate", ADMINISTER),
    ("POST /settings/people/{person}/reactivate", ADMINISTER),
    ("GET /settings/teams", ADMINISTER),
    ("POST /settings/teams", ADMINISTER),
    ("POST /settings/teams/{team}", ADMINISTER),
    ("POST /settings/teams/{team}/away", ADMINISTER),
    ("GET /settings/services", ADMINISTER),
    ("POST /settings/services", ADMINISTER),
    ("GET /settings/services/{service}", ADMINISTER),
    ("POST /settings/services/{service}", ADMINISTER),
    ("POST /settings/services/{service}/away", ADMINISTER),
    ("GET /settings/severities", ADMINISTER),
    ("POST /settings/severities", ADMINISTER),
    ("GET /settings/holidays", ADMINISTER),
    ("POST /settings/holidays", ADMINISTER),
    ("GET /settings/holidays/{calendar}", ADMINISTER),
    ("POST /settings/holidays/{calendar}", ADMINISTER),
    ("POST /settings/holidays/{calendar}/import", ADMINISTER),
    ("POST /settings/holidays/{calendar}/days", ADMINISTER),
    ("POST /settings/holidays/{calendar}/days/remove", ADMINISTER),
    ("POST /settings/holidays/{calendar}/team", ADMINISTER),
    ("POST /settings/holidays/{calendar}/remove", ADMINISTER),
    ("GET /settings/questions", ADMINISTER),
    ("POST /settings/questions/take-in", ADMINISTER),
    ("GET /settings/questions/usual", ADMINISTER),
    ("POST /settings/questions/usual", ADMINISTER),
    ("GET /settings/questions/{set}", ADMINISTER),
    ("POST /settings/questions/{set}", ADMINISTER),
    ("POST /settings/questions/{set}/arrange", ADMINISTER),
    ("POST /settings/questions/{set}/copy", ADMINISTER),
    ("GET /settings/questions/{set}/set.json", ADMINISTER),
    ("POST /settings/questions/{set}/publish", ADMINISTER),
    ("POST /settings/questions/{set}/retire", ADMINISTER),
    ("GET /settings/questions/{set}/{place}", ADMINISTER),
    ("POST /settings/questions/{set}/{place}", ADMINISTER),
    ("GET /settings/hooks", ADMINISTER),
    ("POST /settings/hooks", ADMINISTER),
    ("GET /settings/hooks/{hook}", ADMINISTER),
    ("POST /settings/hooks/{hook}/retire", ADMINISTER),
    ("POST /settings/hooks/{hook}/deliveries/{delivery}/replay", ADMINISTER),
    // Cookies are ignored there: who holds its address sends. `hooks.rs` tests those that work.
    ("POST /hooks/{kind}/{token}", Rule::Link),
    ("GET /proposals", Rule::These(MEMBERS)),
    ("POST /proposals/{id}", Rule::These(MEMBERS)),
    ("GET /settings/review", ADMINISTER),
    ("POST /settings/review", ADMINISTER),
    ("GET /settings/newcomers", ADMINISTER),
    ("POST /settings/newcomers", ADMINISTER),
    ("GET /settings/writing", ADMINISTER),
    ("POST /settings/writing", ADMINISTER),
    ("POST /settings/writing/rules", ADMINISTER),
    ("GET /settings/mail", ADMINISTER),
    ("POST /settings/mail", ADMINISTER),
    ("GET /settings/mail/{letter}", ADMINISTER),
    ("POST /settings/mail/{letter}", ADMINISTER),
    ("GET /admin/operations", Rule::These(&[Admin])),
    ("GET /profile/data", Rule::These(ACCOUNTS)),
    ("GET /profile/data.json", Rule::These(ACCOUNTS)),
    ("GET /profile/data.md", Rule::These(ACCOUNTS)),
    ("GET /profile/erase", Rule::These(ACCOUNTS)),
    ("POST /profile/erase", Rule::These(ACCOUNTS)),
    ("GET /profile/close", Rule::These(ACCOUNTS)),
    ("POST /profile/close", Rule::These(ACCOUNTS)),
    ("GET /admin/retention", Rule::These(&[Admin])),
    ("POST /admin/retention", Rule::These(&[Admin])),
    // incidents
    ("GET /incidents", Rule::These(ACCOUNTS)),
    ("POST /incidents", Rule::These(MEMBERS)),
    ("GET /incidents/new", Rule::These(MEMBERS)),
    ("GET /incidents.csv", Rule::These(ACCOUNTS)),
    ("GET /search", Rule::These(ACCOUNTS)),
    ("POST /incidents/bulk", Rule::These(MEMBERS)),
    ("GET /incidents/{key}/access", RESTRICT),
    ("POST /incidents/{key}/access", RESTRICT),
    ("POST /incidents/{key}/access/people", RESTRICT),
    ("POST /incidents/{key}/access/people/off", RESTRICT),
    ("GET /import", Rule::These(MEMBERS)),
    ("GET /import/read", Rule::These(MEMBERS)),
    ("POST /import", Rule::These(MEMBERS)),
    ("GET /import/logs", Rule::These(MEMBERS)),
    ("GET /import/logs/read", Rule::These(MEMBERS)),
    ("POST /import/logs", Rule::These(MEMBERS)),
    ("POST /import/logs/undo", Rule::These(MEMBERS)),
    ("POST /import/logs/write", Rule::These(MEMBERS)),
    ("POST /import/write", Rule::These(MEMBERS)),
    ("GET /incidents/{key}", SEE),
    ("GET /incidents/{key}/edit", EDIT),
    ("POST /incidents/{key}/edit", EDIT),
    ("POST /incidents/{key}/events", EDIT),
    ("GET /incidents/{key}/events/{id}", EDIT_EVENT),
    ("POST /incidents/{key}/events/{id}", EDIT_EVENT),
    ("POST /incidents/{key}/events/{id}/delete", EDIT_EVENT),
    ("POST /incidents/{key}/events/{id}/undo", EDIT_EVENT),
    ("POST /incidents/{key}/events/{id}/settle", EDIT_EVENT),
    ("POST /incidents/{key}/events/{id}/mark", EDIT_EVENT),
    ("GET /incidents/{key}/events/new", EDIT),
    ("GET /incidents/{key}/live", SEE),
    ("GET /incidents/{key}/paste", EDIT),
    ("POST /incidents/{key}/paste", EDIT),
    ("POST /incidents/{key}/paste/add", EDIT),
    ("POST /incidents/{key}/paste/undo", EDIT),
    ("GET /incidents/{key}/attachments", SEE),
    ("POST /incidents/{key}/attachments", EDIT),
    ("POST /incidents/{key}/attachments/describe", EDIT),
    ("GET /incidents/{key}/attachments/{attachment}", Rule::At(&[(BY_HAND, ACCOUNTS)])),
    ("POST /incidents/{key}/attachments/{attachment}/remove", EDIT_EVENT),
    ("POST /incidents/{key}/attachments/{attachment}/restore", EDIT_EVENT),
    ("GET /still-in-place", Rule::These(ACCOUNTS)),
    ("POST /incidents/{key}/hypotheses", EDIT),
    ("GET /incidents/{key}/hypotheses/new", EDIT),
    ("GET /incidents/{key}/hypotheses/{id}", EDIT_EVENT),
    ("POST /incidents/{key}/hypotheses/{id}", EDIT_EVENT),
    ("POST /incidents/{key}/hypotheses/{id}/delete", EDIT_EVENT),
    ("POST /incidents/{key}/hypotheses/{id}/restore", EDIT_EVENT),
    ("GET /incidents/{key}/source/{id}", Rule::At(&[(&[Imported], &[Importer])])),
    ("GET /incidents/{key}/raw/import", RAW_LOG),
    ("POST /incidents/{key}/raw/import", RAW_LOG),
    ("GET /incidents/{key}/raw/import/read", RAW_LOG),
    ("POST /incidents/{key}/raw/import/write", RAW_LOG),
    ("POST /incidents/{key}/raw/imports/{import}/undo", RAW_LOG),
    ("POST /incidents/{key}/raw/imports/{import}/redo", RAW_LOG),
    ("GET /incidents/{key}/raw/authors", RAW_LOG),
    ("POST /incidents/{key}/raw/authors/{author}", RAW_LOG),
    ("POST /incidents/{key}/raw/tell", RAW_LOG),
    ("POST /incidents/{key}/raw/untell", RAW_EVENT),
    ("POST /incidents/{key}/raw/attach", RAW_EVENT),
    ("POST /incidents/{key}/raw/detach", RAW_EVENT),
    ("GET /incidents/{key}/timeline/perspectives", SEE),
    ("GET /incidents/{key}/timeline.svg", SEE),
    ("POST /incidents/{key}/timeline/perspectives/events/{id}", LEAD),
    ("GET /incidents/{key}/timeline/perspectives/place/{answer}", PLACE),
    ("POST /incidents/{key}/timeline/perspectives/place/{answer}", PLACE),
    ("GET /incidents/{key}/timeline/perspectives/words/{words}", PLACE),
    ("POST /incidents/{key}/timeline/perspectives/words/{words}", PLACE),
    ("GET /vocabulary", Rule::These(ACCOUNTS)),
    ("POST /vocabulary", Rule::These(APPOINTERS)),
    ("GET /vocabulary/{tag}", Rule::These(APPOINTERS)),
    ("POST /vocabulary/{tag}", Rule::These(APPOINTERS)),
    ("POST /vocabulary/{tag}/retire", Rule::These(APPOINTERS)),
    ("POST /vocabulary/{tag}/merge", Rule::These(APPOINTERS)),
    ("POST /vocabulary/{tag}/split", Rule::These(APPOINTERS)),
    ("GET /incidents/{key}/factors", SEE),
    ("POST /incidents/{key}/factors", LEARN),
    ("GET /incidents/{key}/factors/{id}", LEAD),
    ("POST /incidents/{key}/factors/{id}", LEAD),
    ("POST /incidents/{key}/factors/{id}/delete", LEAD),
    ("POST /incidents/{key}/learnings", LEARN),
    ("GET /incidents/{key}/learnings/{id}", LEAD),
    ("POST /incidents/{key}/learnings/{id}", LEAD),
    ("POST /incidents/{key}/learnings/{id}/delete", LEAD),
    ("GET /incidents/{key}/history", SEE),
    ("POST /incidents/{key}/history/{line}/restore", EDIT_EVENT),
    ("GET /incidents/{key}/delete", DELETE),
    ("POST /incidents/{key}/delete", DELETE),
    ("GET /incidents/{key}/merge", MERGE),
    ("POST /incidents/{key}/merge", MERGE),
    ("GET /trash", Rule::These(ACCOUNTS)),
    ("POST /trash", Rule::These(&[Admin])),
    ("POST /trash/{key}/put-back", IN_TRASH),
    ("GET /trash/{key}/delete", IN_TRASH),
    ("POST /trash/{key}/delete", IN_TRASH),
    // one-on-ones
    ("GET /incidents/{key}/one-on-ones", LEAD),
    ("POST /incidents/{key}/one-on-ones/invite", LEAD),
    ("GET /incidents/{key}/one-on-ones/several", LEAD),
    ("POST /incidents/{key}/one-on-ones/several", LEAD),
    ("POST /incidents/{key}/one-on-ones/{invitation}/send", LEAD),
    ("POST /incidents/{key}/one-on-ones/{invitation}/withdraw", LEAD),
    ("POST /incidents/{key}/one-on-ones/{invitation}/link", LEAD),
    ("GET /incidents/{key}/one-on-ones/{invitation}/talk", LEAD),
    ("POST /incidents/{key}/one-on-ones/{invitation}/talk", LEAD),
    ("POST /incidents/{key}/one-on-ones/nominations/{nomination}", LEAD),
    ("GET /invitation/{token}", Rule::Link),
    ("POST /invitation/{token}", Rule::Link),
    ("GET /reminders/{token}", Rule::Link),
    ("POST /reminders/{token}", Rule::Link),
    ("POST /one-on-one/{invitation}/no-reminders", OWN),
    ("GET /one-on-one/{invitation}", OWN),
    ("GET /one-on-one/{invitation}/look-over", OWN),
    ("GET /one-on-one/{invitation}/preview", OWN),
    ("GET /one-on-one/{invitation}/{number}", OWN),
    ("POST /one-on-one/{invitation}/{number}", OWN),
    ("POST /one-on-one/{invitation}/{number}/note", OWN),
    ("POST /one-on-one/{invitation}/decline", OWN),
    ("POST /one-on-one/{invitation}/agree", OWN),
    ("POST /one-on-one/{invitation}/submit", OWN),
    ("POST /one-on-one/{invitation}/take-back", OWN),
    ("POST /one-on-one/{invitation}/take-idea-back", OWN),
    ("GET /one-on-one/{invitation}/data", OWN),
    ("GET /one-on-one/{invitation}/data.json", OWN),
    ("GET /one-on-one/{invitation}/data.md", OWN),
    ("GET /one-on-one/{invitation}/erase", OWN),
    ("POST /one-on-one/{invitation}/erase", OWN),
    ("POST /one-on-one/{invitation}/sessions", OWN),
    ("POST /one-on-one/{invitation}/sessions/{session}/delete", OWN),
    // reviews
    ("GET /incidents/{key}/review", SEE),
    ("POST /incidents/{key}/review/open", APPOINT),
    ("POST /incidents/{key}/review/appoint", APPOINT),
    ("POST /incidents/{key}/review/release", APPOINT),
    ("GET /incidents/{key}/review/size", SEE),
    ("POST /incidents/{key}/review/size", EDIT),
    ("GET /incidents/{key}/review/preparation", LEAD),
    ("POST /incidents/{key}/review/preparation", LEAD),
    ("POST /incidents/{key}/review/preparation/{part}", LEAD),
    ("GET /incidents/{key}/review/meeting.ics", SEE),
    ("GET /incidents/{key}/review/meeting", JOIN),
    ("GET /incidents/{key}/review/meeting/live", JOIN),
    ("POST /incidents/{key}/review/meeting/begin", LEAD),
    ("POST /incidents/{key}/review/meeting/turn", LEAD),
    ("POST /incidents/{key}/review/meeting/end", LEAD),
    ("POST /incidents/{key}/review/meeting/opening", LEAD),
    ("POST /incidents/{key}/review/meeting/lines", SPEAK),
    ("POST /incidents/{key}/review/meeting/lines/{id}", LEAD),
    ("POST /incidents/{key}/review/meeting/calls", LEAD),
    ("POST /incidents/{key}/review/meeting/calls/answer", CALLED),
    ("POST /incidents/{key}/review/meeting/calls/{id}/drop", LEAD),
    ("GET /incidents/{key}/review/overview", LEAD),
    ("GET /incidents/{key}/review/preview", LEAD),
    ("POST /incidents/{key}/review/quotes", LEAD),
    ("POST /incidents/{key}/review/quotes/{id}", LEAD),
    ("POST /incidents/{key}/review/passages", LEAD),
    ("POST /incidents/{key}/review/passages/{id}", LEAD),
    ("GET /incidents/{key}/review/themes", LEAD),
    ("POST /incidents/{key}/review/themes", LEAD),
    ("POST /incidents/{key}/review/themes/vote", LEAD),
    ("POST /incidents/{key}/review/themes/agenda", LEAD),
    ("GET /incidents/{key}/review/vote", VOTE),
    ("POST /incidents/{key}/review/vote", VOTE),
    ("GET /incidents/{key}/review/after", SURVEY),
    ("POST /incidents/{key}/review/after", SURVEY),
    ("POST /incidents/{key}/review/after/ask", LEAD),
    ("POST /incidents/{key}/review/themes/{id}", LEAD),
    ("POST /incidents/{key}/review/deadline", LEAD),
    ("POST /incidents/{key}/review/publish", LEAD),
    ("GET /incidents/{key}/review/story.md", STORY),
    ("GET /incidents/{key}/review/story.html", STORY),
    ("GET /incidents/{key}/review/outside", STORY),
    ("POST /incidents/{key}/review/again", LEAD),
    ("POST /incidents/{key}/review/comments/{id}", LEAD),
    ("GET /incidents/{key}/review/{section}/comments", STORY),
    ("POST /incidents/{key}/review/{section}/comments", STORY),
    ("GET /incidents/{key}/review/{section}", LEAD),
    ("POST /incidents/{key}/review/{section}", LEAD),
    ("GET /incidents/{key}/review/{section}/versions", LEAD),
    ("POST /incidents/{key}/review/{section}/hints", LEAD),
    ("GET /quotes", Rule::These(SESSIONS)),
    ("POST /quotes/{id}", OWN),
    // behind the wall
    ("GET /incidents/{key}/park", PARK),
    ("POST /incidents/{key}/park", PARK),
    ("POST /incidents/{key}/park/{idea}/withdraw", Rule::At(&[(&[Review, Closed, Planned], &[Outsider])])),
    ("GET /incidents/{key}/planning", ROOM),
    ("POST /incidents/{key}/planning/open", ROOM),
    ("GET /incidents/{key}/planning/items/new", PLAN),
    ("POST /incidents/{key}/planning/items", PLAN),
    ("GET /incidents/{key}/planning/items/{item}", PLAN_HERE),
    ("POST /incidents/{key}/planning/items/{item}", PLAN_HERE),
    ("POST /incidents/{key}/planning/ideas/{idea}/drop", PLAN_HERE),
    ("POST /incidents/{key}/planning/ideas/{idea}/put-back", PLAN_HERE),
    ("POST /incidents/{key}/planning/ideas/{idea}/sort", PLAN_HERE),
    ("POST /incidents/{key}/planning/groups/{group}", PLAN_HERE),
    ("GET /planned", Rule::These(ACCOUNTS)),
    ("GET /planned/{item}", PLAN_HERE),
    ("POST /planned/{item}", PLAN_HERE),
    ("GET /incidents/{key}/planners", APPOINT_PLANNER),
    ("POST /incidents/{key}/planners", APPOINT_PLANNER),
    // trends
    ("GET /trends", TRENDS),
    ("GET /trends/hours.csv", TRENDS),
    ("GET /trends/support.csv", TRENDS),
    ("GET /trends/incidents.csv", TRENDS),
    ("GET /trends/factors.csv", TRENDS),
    ("GET /trends/right.csv", TRENDS),
    ("GET /trends/durations.csv", TRENDS),
    ("GET /teams", TRENDS),
    ("GET /teams/{team}", TRENDS),
    ("GET /services", TRENDS),
    ("GET /services/{service}", TRENDS),
];

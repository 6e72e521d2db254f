//! One-on-ones: the invitation, the twelve questions one screen each, stretches of work, looking it over, and the facilitator's list.

mod answer;
mod audience;
mod conflict;
mod entries;
mod facilitating;
mod handed_over;
mod intro;
mod invitation;
mod inviting;
mod leading;
mod look_over;
mod picture;
mod preview;
mod question;
mod reminders;
mod sets;
mod several;
mod stretches;
mod talk;

pub(crate) use invitation::frame;

/// This room's endpoints.
pub fn routes() -> crate::table::Routes {
    use domain::rights::Right::{AnswerOwn, Invite, Open};
    crate::table::Routes::default()
        .get("/incidents/{key}/one-on-ones", Invite, facilitating::show)
        .post("/incidents/{key}/one-on-ones/invite", Invite, inviting::invite)
        .get("/incidents/{key}/one-on-ones/several", Invite, several::show)
        .post("/incidents/{key}/one-on-ones/several", Invite, several::invite)
        .post("/incidents/{key}/one-on-ones/{invitation}/send", Invite, inviting::send_again)
        .post("/incidents/{key}/one-on-ones/{invitation}/withdraw", Invite, inviting::withdraw)
        .post("/incidents/{key}/one-on-ones/{invitation}/link", Invite, inviting::renew_link)
        .get("/incidents/{key}/one-on-ones/{invitation}/talk", Invite, leading::show)
        .post("/incidents/{key}/one-on-ones/{invitation}/talk", Invite, leading::save)
        .post("/incidents/{key}/one-on-ones/nominations/{nomination}", Invite, inviting::set_aside)
        .get("/invitation/{token}", Open, invitation::show)
        .post("/invitation/{token}", Open, invitation::begin)
        .get("/reminders/{token}", Open, reminders::show)
        .post("/reminders/{token}", Open, reminders::stop)
        .post("/one-on-one/{invitation}/no-reminders", AnswerOwn, reminders::stop_own)
        .get("/one-on-one/{invitation}", AnswerOwn, intro::show)
        .post("/one-on-one/{invitation}/decline", AnswerOwn, intro::decline)
        .post("/one-on-one/{invitation}/agree", AnswerOwn, intro::agree)
        .get("/one-on-one/{invitation}/look-over", AnswerOwn, look_over::show)
        .get("/one-on-one/{invitation}/preview", AnswerOwn, preview::show)
        .post("/one-on-one/{invitation}/submit", AnswerOwn, look_over::submit)
        .post("/one-on-one/{invitation}/take-back", AnswerOwn, look_over::take_back)
        .post("/one-on-one/{invitation}/take-idea-back", AnswerOwn, look_over::take_idea_back)
        .post("/one-on-one/{invitation}/sessions", AnswerOwn, stretches::save)
        .post("/one-on-one/{invitation}/sessions/{session}/delete", AnswerOwn, stretches::remove)
        .post("/one-on-one/{invitation}/{number}/note", AnswerOwn, handed_over::take)
        .get("/one-on-one/{invitation}/{number}", AnswerOwn, question::show)
        .post("/one-on-one/{invitation}/{number}", AnswerOwn, answer::save)
}

//! Reviews: opening one, reading what people said, writing and checking, themes, and the second story as it is read.

mod again;
mod comments;
mod desk;
mod editor;
mod export;
mod feed;
mod happening;
mod hint_cards;
mod hinting;
mod hints;
mod marking;
mod meeting;
mod mentions;
mod narrative;
mod opening;
mod outside;
mod overview;
mod parts;
mod post;
mod preparing;
mod quotes;
mod shared;
mod shares;
mod sizing;
mod story;
mod survey;
mod telling;
mod thanks;
mod themes;
mod voting;

pub use feed::first_lines;
pub(crate) use hints::assistant;

use crate::table::Routes;
use domain::rights::Right;

/// This room's endpoints.
pub fn routes() -> Routes {
    Routes::default()
        .get("/incidents/{key}/review", Right::SeeIncidents, desk::show)
        .post("/incidents/{key}/review/open", Right::AppointFacilitator, opening::open)
        .post("/incidents/{key}/review/appoint", Right::AppointFacilitator, opening::appoint)
        .post("/incidents/{key}/review/release", Right::AppointFacilitator, opening::release)
        .get("/incidents/{key}/review/size", Right::SeeIncidents, sizing::show)
        .post("/incidents/{key}/review/size", Right::EditIncidents, sizing::save)
        .get("/incidents/{key}/review/preparation", Right::EditReview, preparing::show)
        .post("/incidents/{key}/review/preparation", Right::EditReview, preparing::plan)
        .post("/incidents/{key}/review/preparation/{part}", Right::EditReview, preparing::mark_part)
        .get("/incidents/{key}/review/meeting.ics", Right::SeeIncidents, preparing::calendar)
        .get("/incidents/{key}/review/meeting", Right::JoinMeeting, meeting::show)
        .get("/incidents/{key}/review/meeting/live", Right::JoinMeeting, meeting::wait)
        .post("/incidents/{key}/review/meeting/begin", Right::EditReview, meeting::begin)
        .post("/incidents/{key}/review/meeting/turn", Right::EditReview, meeting::turn)
        .post("/incidents/{key}/review/meeting/end", Right::EditReview, meeting::end)
        .post("/incidents/{key}/review/meeting/opening", Right::EditReview, meeting::set_opening)
        .post("/incidents/{key}/review/meeting/lines", Right::SpeakInMeeting, meeting::write)
        .post("/incidents/{key}/review/meeting/lines/{id}", Right::EditReview, meeting::settle_line)
        .post("/incidents/{key}/review/meeting/calls", Right::EditReview, meeting::ask_to_call)
        .post("/incidents/{key}/review/meeting/calls/answer", Right::SpeakInMeeting, meeting::answer_call)
        .post("/incidents/{key}/review/meeting/calls/{id}/drop", Right::EditReview, meeting::drop_call)
        .get("/incidents/{key}/review/overview", Right::ReadAnswer, overview::show)
        .get("/incidents/{key}/review/preview", Right::EditReview, story::preview)
        .post("/incidents/{key}/review/quotes", Right::EditReview, overview::draft)
        .post("/incidents/{key}/review/quotes/{id}", Right::EditReview, post::settle_quote)
        .post("/incidents/{key}/review/passages", Right::EditReview, marking::mark)
        .post("/incidents/{key}/review/passages/{id}", Right::EditReview, themes::settle_passage)
        .get("/incidents/{key}/review/themes", Right::EditReview, themes::show)
        .post("/incidents/{key}/review/themes", Right::EditReview, themes::add)
        .post("/incidents/{key}/review/themes/vote", Right::EditReview, voting::turn)
        .post("/incidents/{key}/review/themes/agenda", Right::EditReview, voting::agenda)
        .get("/incidents/{key}/review/vote", Right::Vote, voting::show)
        .post("/incidents/{key}/review/vote", Right::Vote, voting::vote)
        .get("/incidents/{key}/review/after", Right::AnswerSurvey, survey::show)
        .post("/incidents/{key}/review/after", Right::AnswerSurvey, survey::answer)
        .post("/incidents/{key}/review/after/ask", Right::EditReview, survey::ask)
        .post("/incidents/{key}/review/themes/{id}", Right::EditReview, themes::settle)
        .post("/incidents/{key}/review/deadline", Right::EditReview, post::deadline)
        .post("/incidents/{key}/review/publish", Right::EditReview, post::publish)
        .get("/incidents/{key}/review/story.md", Right::ReadStory, export::markdown_file)
        .get("/incidents/{key}/review/story.html", Right::ReadStory, export::html_file)
        .get("/incidents/{key}/review/outside", Right::ReadStory, outside::show)
        .get("/incidents/{key}/review/links", Right::EditReview, shares::show)
        .post("/incidents/{key}/review/links", Right::EditReview, shares::make)
        .post("/incidents/{key}/review/links/end", Right::EditReview, shares::end)
        .get("/shared/{token}", Right::Open, shared::show)
        .post("/incidents/{key}/review/again", Right::EditReview, again::answer)
        .post("/incidents/{key}/review/comments/{id}", Right::ReadStory, comments::settle)
        .get("/incidents/{key}/review/{section}/comments", Right::ReadStory, comments::show)
        .post("/incidents/{key}/review/{section}/comments", Right::ReadStory, comments::add)
        .get("/incidents/{key}/review/{section}", Right::EditReview, editor::show)
        .post("/incidents/{key}/review/{section}", Right::EditReview, editor::save)
        .get("/incidents/{key}/review/{section}/versions", Right::EditReview, editor::versions)
        .post("/incidents/{key}/review/{section}/hints", Right::EditReview, hinting::act)
        .get("/incidents/{key}/thanks", Right::EditReview, thanks::show)
        .post("/incidents/{key}/thanks", Right::EditReview, thanks::add)
        .post("/incidents/{key}/thanks/{id}/delete", Right::EditReview, thanks::remove)
        .get("/thanks", Right::OwnPages, thanks::mine)
        .post("/thanks/{id}", Right::OwnPages, thanks::answer)
        .get("/feed/{token}", Right::Open, feed::show)
        .get("/quotes", Right::DecideExcerpt, quotes::show)
        .post("/quotes/{id}", Right::DecideExcerpt, quotes::decide)
}

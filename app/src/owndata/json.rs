//! Own data as JSON. Keys are kept stable and told of in docs/OWN-DATA.md; a change that breaks a reader raises the version.

use domain::interviews::QuestionSet;
use domain::walltime::WorkPattern;
use serde_json::{Value, json};
use store::interviews::{OwnAnswer, OwnConversation};
use store::owndata::{OwnData, OwnProfile};

/// Names the format.
pub(super) const FORMAT: &str = "second-story/own-data";
/// Its version.
pub(super) const VERSION: u32 = 1;

/// All of it.
pub(super) fn whole(data: &OwnData) -> Value {
    json!({
        "format": FORMAT,
        "version": VERSION,
        "exported_at": data.at,
        "profile": profile(&data.profile),
        "conversations": data.conversations.iter().map(conversation).collect::<Vec<_>>(),
        "counted_stretches": data.counted.iter().map(|c| json!({
            "started_at": c.stretch.start,
            "ended_at": c.stretch.end,
            "zone": c.stretch.zone.name(),
            "counted_in": c.month,
        })).collect::<Vec<_>>(),
        "quotes": data.quotes.iter().map(|q| json!({
            "incident": q.key.to_string(),
            "section": q.excerpt.section.slug(),
            "text": q.excerpt.text,
            "offered": q.excerpt.offered,
            "paraphrase": q.excerpt.paraphrase,
            "attribution": q.excerpt.attribution.slug(),
            "state": q.excerpt.state.slug(),
            "published": q.published,
            "sent_at": q.sent_at,
            "decided_at": q.decided_at,
        })).collect::<Vec<_>>(),
        "impressions": data.impressions.iter().map(|(key, text)| json!({ "incident": key.to_string(), "text": text })).collect::<Vec<_>>(),
        "called_on": data.calls.iter().map(|(key, call)| json!({
            "incident": key.map(|key| key.to_string()),
            "about": call.about,
            "agreed": call.agreed,
        })).collect::<Vec<_>>(),
        "thanks": data.thanks.iter().map(|t| json!({
            "incident": t.key.map(|key| key.to_string()),
            "words": t.words,
            "state": t.state.slug(),
            "written_at": t.written_at,
            "answered_at": t.answered_at,
        })).collect::<Vec<_>>(),
        "new_to_me": data.new_to_me.iter().map(|n| json!({
            "incident": n.key.map(|key| key.to_string()),
            "learning": n.learning.to_string(),
        })).collect::<Vec<_>>(),
        "on_call": data.on_call.iter().map(|s| json!({
            "team": s.team,
            "starts_at": s.starts_at,
            "ends_at": s.ends_at,
        })).collect::<Vec<_>>(),
        "pulse": data.pulse.iter().map(|(month, answered)| json!({
            "month": month.to_string(),
            "state": if *answered { "answered" } else { "not-this-month" },
        })).collect::<Vec<_>>(),
        "parked_ideas": data.ideas.iter().map(|i| json!({
            "incident": i.key.map(|key| key.to_string()),
            "text": i.idea.body,
            "with_name": i.idea.with_name,
            "from_answer": i.idea.from_answer,
            "parked_at": i.idea.parked_at,
            "planners_can_read": i.wall_open,
            "let_go_with_thanks": i.idea.thanked,
        })).collect::<Vec<_>>(),
        "roles": data.roles.iter().map(|r| json!({
            "incident": r.key.map(|key| key.to_string()),
            "role": r.role,
            "appointed_by": r.appointed_by,
            "appointed_at": r.appointed_at,
        })).collect::<Vec<_>>(),
        "created": data.created.iter().map(|c| json!({
            "kind": c.kind.slug(),
            "incident": c.key.map(|key| key.to_string()),
            "id": c.id,
            "at": c.at,
        })).collect::<Vec<_>>(),
        "raw_logs": data.raw_logs.iter().map(|l| json!({
            "incident": l.key.map(|key| key.to_string()),
            "source": l.source.slug(),
            "entries": l.entries,
        })).collect::<Vec<_>>(),
        "sign_ins": data.sign_ins.iter().map(|s| json!({
            "began_at": s.created_at,
            "last_used_at": s.last_seen_at,
            "ends_at": s.expires_at,
            "by_link": s.by_link,
        })).collect::<Vec<_>>(),
        "audit": data.audit.iter().map(|a| json!({
            "at": a.at,
            "action": a.action,
            "by_me": a.by_me,
            "by": a.by,
            "incident": a.incident.map(|key| key.to_string()),
        })).collect::<Vec<_>>(),
    })
}

fn profile(own: &OwnProfile) -> Value {
    let (profile, roles) = (&own.profile, own.roles);
    let held = [
        (roles.member, "member"),
        (roles.leadership, "leadership"),
        (roles.administrator, "administrator"),
        (roles.may_facilitate, "may facilitate"),
    ];
    json!({
        "name": profile.name,
        "email": profile.email,
        "team": profile.team,
        "line_manager": own.manager,
        "zone": profile.zone,
        "working_hours": working_hours(&profile.pattern),
        "held_from": own.held.iter().map(|h| json!({
            "day": h.from,
            "team": h.team,
            "working_hours": working_hours(&h.pattern),
        })).collect::<Vec<_>>(),
        "theme": profile.theme.slug(),
        "known_since": own.since,
        "roles": held.iter().filter(|(holds, _)| *holds).map(|(_, name)| *name).collect::<Vec<_>>(),
        "letters": own.letters.map(|wishes| json!({
            "new_stories": wishes.digest.slug(),
            "stories_of_a_year_ago": wishes.anniversaries,
            "what_i_take_care_of": wishes.items,
            "on_one_sheet": wishes.sheet.slug(),
        })),
    })
}

fn working_hours(pattern: &WorkPattern) -> Value {
    let days = (1..=7).zip(pattern.days).filter(|(_, works)| *works).map(|(day, _)| day).collect::<Vec<u8>>();
    json!({
        "starts": pattern.start.format("%H:%M").to_string(),
        "ends": pattern.end.format("%H:%M").to_string(),
        "days": days,
    })
}

fn conversation(c: &OwnConversation) -> Value {
    json!({
        "id": c.id.to_string(),
        "incident": c.key.map(|key| key.to_string()),
        "title": c.title,
        "state": c.state.slug(),
        "invited_by": c.invited_by,
        "invited_at": c.invited_at,
        "started_at": c.started_at,
        "submitted_at": c.submitted_at,
        "published_at": c.published_at,
        "question_set": c.set.name,
        "address": c.address,
        "note": c.note,
        "letters": c.letters.iter().map(|l| json!({ "letter": l.letter.slug(), "sent_at": l.at })).collect::<Vec<_>>(),
        "answers": c.answers.iter().map(|a| answer(&c.set, a)).collect::<Vec<_>>(),
        "work_sessions": c.stretches.iter().map(|s| json!({
            "started_at": s.started_at,
            "ended_at": s.ended_at,
            "zone": s.zone,
            "kind": s.kind.slug(),
            "counted_in": s.counted_in,
        })).collect::<Vec<_>>(),
        "handed_over": c.handed_over.iter().map(|n| json!({ "question": n.question, "text": n.text })).collect::<Vec<_>>(),
        "nominations": c.nominations.iter().map(|n| json!({ "name": n.name, "reason": n.reason })).collect::<Vec<_>>(),
        "agreements": c.agreements.iter().map(|a| json!({
            "facilitator": a.facilitator,
            "agreed_at": a.agreed_at,
        })).collect::<Vec<_>>(),
    })
}

fn answer(set: &QuestionSet, own: &OwnAnswer) -> Value {
    let answer = &own.answer;
    json!({
        "question": answer.question,
        "question_text": set.question(answer.question).map(|q| q.text.clone()),
        "text": answer.body.text,
        "entries": answer.body.entries.iter().map(|e| json!(e.0)).collect::<Vec<_>>(),
        "ticked": answer.body.ticked,
        "choice": answer.body.choice,
        "instead": answer.body.instead.map(domain::interviews::Instead::slug),
        "audience": answer.audience.slug(),
        "draft": answer.released_at.is_none(),
        "count_me": answer.count_me,
        "with_name": answer.with_name,
        "submitted_at": answer.released_at,
        "saved_at": answer.saved_at,
        "goes_on": own.goes_on,
        "read_by": own.reads.iter().map(|r| json!({
            "name": r.name,
            "first_at": r.first_at,
            "last_at": r.last_at,
            "times": r.times,
        })).collect::<Vec<_>>(),
        "placed": own.placed.iter().map(|p| json!({
            "text": p.text,
            "own_time": p.own_time,
            "differs": p.differs,
            "name": p.name,
            "at": p.at,
        })).collect::<Vec<_>>(),
        "marked": own.marks.iter().map(|m| json!({ "name": m.name, "at": m.at })).collect::<Vec<_>>(),
    })
}

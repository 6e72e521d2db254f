//! How long a count holds: until an act is noted that may have changed what incident measures count.
//!
//! Acts that cannot are named in [`LOUD_SINCE`]; every other one counts, also one that is thought of later.

use crate::Result;
use crate::db::{Conn, on};
use std::sync::{Mutex, PoisonError};

const LATEST: &str = "select max(number) from audit";
// What is not named here is loud. A count depends on incidents, their services and factors, the vocabulary, sections and events about what
// went right, and who is named on a restricted incident.
const LOUD_SINCE: &str = "
select max(number), max(case when action not in (
    'account.feed', 'account.feed-end', 'account.password', 'account.password-by-link', 'account.password-refused', 'agenda.set',
    'answer.audience', 'answer.erase', 'attachment.add', 'attachment.describe', 'attachment.remove', 'attachment.restore',
    'audit.checkpoint', 'comment.add', 'comment.remove', 'comment.reopen', 'comment.resolve', 'group.remove', 'group.rename',
    'hypothesis.add', 'hypothesis.change', 'hypothesis.delete', 'hypothesis.restore', 'idea.group', 'idea.merge', 'idea.park',
    'idea.put-back', 'idea.set-aside', 'idea.split', 'idea.withdraw', 'invitation.no-reminders', 'invitation.renew', 'invitation.resend',
    'item.add', 'item.change', 'item.look-back', 'month.close', 'passage.gather', 'passage.mark', 'passage.unmark', 'preparation.mark',
    'pulse.close', 'quote.change', 'quote.decide', 'quote.draft', 'quote.drop', 'quote.take', 'response.start', 'response.submit',
    'response.take-back', 'session.begin', 'session.begin-by-link', 'session.end-all', 'session.end-one', 'session.refused',
    'survey.answer', 'survey.open', 'thanks.answer', 'thanks.remove', 'thanks.write', 'theme.add', 'theme.change', 'theme.move',
    'theme.remove', 'trends.annotate', 'trends.unannotate', 'vote.cast', 'vote.close', 'vote.open', 'words.move', 'words.place', 'words.remove'
  ) then number end)
from audit where number > $1";

/// How far the audit trail was read, and the latest entry until there that may have changed a count.
#[derive(Clone, Copy, Default)]
struct Read {
    until: i64,
    loud: i64,
}

/// What was read last: each look reads only what was noted since.
#[derive(Default)]
pub(super) struct Fresh(Mutex<Read>);

impl Fresh {
    /// The number of the latest entry that may have changed what is counted. Entries are numbered in the order of their commits, so
    /// whoever has read up to one has missed none before it.
    pub(super) async fn since(&self, conn: &mut Conn) -> Result<i64> {
        let before = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = if before.until == 0 {
            // Nothing was counted yet: what lies before needs no telling apart.
            let latest: Option<i64> = on!(conn, db => sqlx::query_scalar(LATEST).fetch_one(db).await)?;
            (latest, latest)
        } else {
            on!(conn, db => sqlx::query_as(LOUD_SINCE).bind(before.until).fetch_one(db).await)?
        };
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.until = read.until.max(found.0.unwrap_or_default());
        read.loud = read.loud.max(found.1.unwrap_or_default());
        Ok(read.loud)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Acts that may change what is counted, or that are so rare that counting anew costs nothing. An act that is new stands in neither
    /// list until somebody has thought about which it is.
    const LOUD: &str = "
        account.add account.change account.close account.deactivate account.invite account.link account.reactivate
        calendar.add calendar.days calendar.people calendar.remove calendar.rename database.fill difference.note difference.remove
        event.add event.change event.delete event.restore evidence.add evidence.remove facilitator.agree facilitator.appoint
        facilitator.release factor.add factor.change factor.remove factor.restore hook.add hook.retire incident.add incident.change
        incident.delete incident.import incident.merge incident.name incident.put-back incident.restore incident.restrict
        incident.take-off incident.trash incident.unrestrict invitation.add invitation.withdraw learning.add learning.change
        learning.link learning.meet learning.remove learning.restore learning.unlink learning.unmeet meeting.begin meeting.call
        meeting.end meeting.opening meeting.plan meeting.turn nomination.set-aside person.erase planner.appoint proposal.dismiss
        proposal.take-up question-set.add question-set.change question-set.publish question-set.restore question-set.retire raw.author
        raw.import raw.redo raw.undo response.decline response.erase retention.run review.deadline review.open review.publish
        review.revisit schedule.import schedule.take-back section.restore section.save service.add service.change service.put-away service.take-back setting.change
        setup.finish sizing.decide sizing.signals story.share story.share-end talk.begin talk.hand-over team.add team.put-away
        team.rename team.take-back vocabulary.add vocabulary.change vocabulary.merge vocabulary.offer vocabulary.retire
        vocabulary.split wall.open-early";

    /// Acts whose rooms a count reads: none of these may ever be quiet.
    const ROOMS_COUNTED: [&str; 12] = [
        "incident",
        "event",
        "factor",
        "section",
        "service",
        "vocabulary",
        "review",
        "raw",
        "facilitator",
        "planner",
        "retention",
        "database",
    ];

    fn quiet() -> BTreeSet<&'static str> {
        LOUD_SINCE.split('\'').skip(1).step_by(2).collect()
    }

    /// Every text of the form "thing.act" in the sources of the store.
    fn acts() -> BTreeSet<String> {
        let (mut found, mut folders) =
            (BTreeSet::new(), vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".rs") && name != "fresh.rs") {
                    let source = std::fs::read_to_string(&path).unwrap();
                    found.extend(source.split('"').filter(|text| is_act(text)).map(str::to_owned));
                }
            }
        }
        found
    }

    fn is_act(text: &str) -> bool {
        let word = |part: &str| part.len() > 1 && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        text.split_once('.').is_some_and(|(thing, act)| word(thing) && word(act)) && text != "plan.db"
    }

    #[test]
    fn every_act_is_known_to_be_loud_or_quiet() {
        let (quiet, loud) = (quiet(), LOUD.split_whitespace().collect::<BTreeSet<_>>());
        let acts = acts();
        assert!(acts.len() > 150, "{}", acts.len());
        let unknown: Vec<&String> = acts.iter().filter(|a| !quiet.contains(a.as_str()) && !loud.contains(a.as_str())).collect();
        assert!(unknown.is_empty(), "may these change what trends count? {unknown:?}");
        assert!(quiet.is_disjoint(&loud));
        let gone: Vec<_> = quiet.iter().chain(&loud).filter(|act| !acts.contains(**act)).collect();
        assert!(gone.is_empty(), "no act is called so: {gone:?}");
    }

    #[test]
    fn no_act_upon_what_is_counted_is_quiet() {
        for act in quiet() {
            let thing = act.split('.').next().unwrap();
            assert!(!ROOMS_COUNTED.contains(&thing), "{act}");
        }
        assert!(
            !quiet().contains("invitation.add") && !quiet().contains("invitation.withdraw"),
            "they name people on an incident"
        );
    }
}

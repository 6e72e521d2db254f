//! Plans among what was learned, and what of a plan is done.

use crate::guess::says;
use crate::lists::{plain_words, says_nothing};
use crate::wordlists::phrases;

/// Ways to begin a plan.
const PLANS: &str = "\
    we should, we need, we must, we have to, we will, we want to, we ought, we shall, we plan, we are going to, we could, \
    should, need to, needs to, must, let us, lets, plan to, going to, it should, there should, there must, there needs, \
    have to, it would be, do not, dont, never, always, no more, teams should, everyone should";

/// Verbs that ask for something when a sentence begins with them.
const VERBS: &str = "\
    acquire, add, address, adopt, agree, aim, align, allow, apply, ask, assign, automate, avoid, back, be, block, bring, \
    build, bump, change, check, clarify, clean, close, communicate, configure, connect, consider, contact, convert, \
    coordinate, create, decide, define, delete, deploy, deprecate, design, develop, disable, discuss, do, document, double, \
    drop, enable, encourage, enforce, enhance, ensure, establish, evaluate, evolve, exclude, expand, explore, expose, extend, \
    figure, find, fix, follow, formalise, formalize, get, give, harden, have, hire, identify, implement, improve, include, \
    increase, inform, install, integrate, introduce, investigate, invite, isolate, keep, label, learn, limit, list, lock, \
    look, lower, make, measure, merge, migrate, minimise, minimize, mock, monitor, move, notify, optimise, optimize, \
    organise, organize, perform, pin, plan, practice, practise, prefer, prepare, prevent, prioritise, prioritize, promote, \
    protect, provide, publish, put, raise, record, reduce, refactor, reflect, refresh, rehearse, release, remember, remind, \
    remove, rename, renew, rephrase, replace, report, research, restrict, retire, revert, review, revise, revisit, rework, \
    rewrite, rotate, run, schedule, search, secure, send, separate, set, setup, share, simplify, split, standardise, \
    standardize, start, stop, streamline, strengthen, support, switch, talk, teach, tell, test, tighten, track, train, try, \
    tune, turn, understand, update, upgrade, use, validate, verify, warn, write";

/// Ways to plan in the middle of a sentence: "Next year we will …".
const PLANS_WITHIN: &str =
    "we should, we will, we must, we need to, we have to, we shall, we are going to, we plan to, we want to";

/// Whether a lesson is worded as a plan: "We should …", "Ensure that …", "Actively monitor …". A later sentence counts by how it begins.
pub(crate) fn worded_as_plan(body: &str) -> bool {
    let text = body.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split_inclusive(['.', '!', '?']).enumerate().filter(|(_, sentence)| !sentence.ends_with('?')).any(|(i, sentence)| {
        let words = plain_words(sentence);
        let begins =
            phrases(PLANS).any(|plan| words == plan || words.strip_prefix(plan).is_some_and(|rest| rest.starts_with(' ')));
        (begins && (i == 0 || words.starts_with("we "))) || (i == 0 && (says(&words, PLANS_WITHIN) || asks(&words)))
    })
}

/// Whether a sentence begins with a verb that asks for something.
fn asks(words: &str) -> bool {
    let mut list = words.split(' ');
    let mut word = list.next().unwrap_or_default();
    while matches!(word, "please" | "also" | "then" | "next" | "todo" | "better" | "first")
        || (word.len() > 4 && word.ends_with("ly"))
    {
        word = list.next().unwrap_or_default();
    }
    if !phrases(VERBS).any(|verb| verb == word) {
        return false;
    }
    // "Test clusters do not …", "Review took too long": the word is a noun, and a verb comes soon after.
    const FINITE: &str = "\
        is, are, was, were, do, does, did, had, has, takes, took, can, cannot, could, came, comes, gave, gives, made, makes, \
        went, goes, failed, fails, works, worked, helped, helps, would, may, might";
    !list.take(3).any(|w| phrases(FINITE).any(|verb| verb == w))
}

/// An action's words and whether it is done: ticked, struck through, or marked "(done)", "DONE", "**done**".
pub(crate) fn action(body: &str, ticked: bool) -> (String, bool) {
    if body.starts_with("~~") && body[2..].contains("~~") {
        return (body.replace("~~", "").trim().to_owned(), true);
    }
    let lower = body.to_lowercase();
    let starts = lower.trim_start_matches(['*', '_', '[']);
    let marked = ["done:", "done -", "done –"].iter().any(|mark| starts.starts_with(mark))
        || ["(done", "[done"].iter().any(|mark| lower.contains(mark))
        || ["already been done", "already done", "**done**", "**done."].iter().any(|mark| lower.contains(mark))
        || body.split(|c: char| !c.is_alphanumeric()).any(|word| word == "DONE")
        || is_ticked(&lower);
    let last = lower.trim_end_matches(|c: char| says_nothing(c.encode_utf8(&mut [0; 4])));
    let closes = [" - done", " – done", " — done", ": done", ". done"].iter().any(|mark| last.ends_with(mark));
    (body.to_owned(), ticked || marked || closes)
}

/// A status that says done.
pub(crate) fn is_done_word(cell: &str) -> bool {
    const DONE: &str = "done, x, yes, completed, complete, closed, finished, fixed, resolved, implemented, deployed";
    let words = plain_words(&cell.replace(['[', ']', '(', ')'], " "));
    phrases(DONE).any(|done| done == words) || is_ticked(cell)
}

fn is_ticked(text: &str) -> bool {
    text.contains(['✅', '✔', '☑', '✓']) || [":white_check_mark:", ":heavy_check_mark:"].iter().any(|mark| text.contains(mark))
}

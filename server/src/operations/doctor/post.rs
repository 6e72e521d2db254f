//! Mail: whether it is set up, whether the mail server answers, and how many letters wait or were given up.

use super::Finding;
use crate::cli::told;
use crate::mail::Mail;
use chrono::{DateTime, Utc};
use store::Store;

/// The way to the mail server.
pub(super) async fn server(mail: &Mail) -> Finding {
    let advice = "See docs/ADMIN.md, Mail. Letters wait meanwhile, and are tried again for three days.";
    match mail.post() {
        Err(sentence) => Finding::broken("mail", sentence, "See docs/ADMIN.md, Mail."),
        Ok(None) => Finding::ok("mail", "none is set up: links are copied by hand."),
        Ok(Some(post)) => match post.answers().await {
            Ok(()) => Finding::ok("mail", "the mail server answers."),
            Err(trouble) => Finding::look("mail", trouble.label(), advice),
        },
    }
}

/// The letters.
pub(super) async fn letters(store: &Store, now: DateTime<Utc>) -> Finding {
    match store::mail::counts(store, now).await {
        Err(error) => {
            Finding::broken("letters", format!("they could not be counted: {}", told(error)), "See the other findings.")
        }
        Ok(counts) => {
            let said = format!("{} wait, {} were given up, {} went in ninety days.", counts.waiting, counts.failed, counts.sent);
            if counts.failed > 0 || counts.tried > 0 {
                Finding::look("letters", said, "The page of a review’s one-on-ones shows which; from there they are sent again.")
            } else {
                Finding::ok("letters", said)
            }
        }
    }
}

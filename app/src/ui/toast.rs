//! The sentences that a page may say after an act: a closed list, so that a link cannot put words on our page.

/// The sentence of a code.
pub fn sentence(code: &str) -> Option<&'static str> {
    Some(match code {
        "saved" => "Saved.",
        "added" => "Added.",
        "changed" => "Changed.",
        "removed" => "Removed.",
        "restored" => "Back again.",
        "parked" => "Parked. Nothing was added to the review.",
        "invited" => "Invited.",
        "withdrawn" => "Withdrawn.",
        "declined" => "Declined. That is fine, and nobody asks why.",
        "submitted" => "Submitted. You can come back and change it until the review is published.",
        "taken-back" => "Taken back. Only you read it now.",
        "published" => "Published.",
        "opened" => "Opened.",
        "appointed" => "Appointed.",
        "sent" => "Sent to its author.",
        "thanks" => "Thank you.",
        "dropped" => "Dropped, with thanks.",
        "files-gone" => "These files were kept for a quarter of an hour and are gone now. Please choose them again.",
        "trashed" => "In the trash.",
        "gone" => "Gone for good.",
        "merged" => "Merged.",
        "imported" => "Imported.",
        "deactivated" => "Deactivated. Every session has ended.",
        "reactivated" => "Reactivated.",
        "put-away" => "Put away.",
        "password" => "Changed. Every other session has ended.",
        "password-set" => "Your password is set. Please sign in with it.",
        "session-ended" => "Signed out there.",
        "signed-out" => "Signed out.",
        _ => return None,
    })
}

//! Attendees stay out of every text, however their list is laid out.

use domain::imported::ImportedIncident;

fn review(attendees: &str, text: &str) -> ImportedIncident {
    let row = text.replace('\n', " ");
    let document = format!(
        "# About {row}\n\n## Summary\n\n{text}\n\n## Timeline\n\n| Time | Event |\n|---|---|\n| 2020-11-04 13:00 | {row} |\n\n## Contributing Factors\n\n- {row}\n\n## Lessons Learned\n\n- {row}\n\n## Action Items\n\n- {row}\n\n## Impact\n\n{text}\n\n{attendees}\n"
    );
    importers::read_review("x.md", document.as_bytes()).incidents.remove(0)
}

fn texts(it: &ImportedIncident) -> Vec<String> {
    let mut all = vec![it.title.clone(), it.summary.clone(), it.events[0].body.clone(), it.factors[0].body.clone()];
    all.extend([it.learnings[0].body.clone(), it.actions[0].body.clone()]);
    all.extend(it.sections.iter().flat_map(|(h, t)| [h.clone(), t.clone()]));
    all
}

fn gone(attendees: &str, text: &str, names: &[&str]) {
    for out in texts(&review(attendees, text)) {
        for name in names {
            assert!(!out.contains(name), "{name} is left in {out:?} of {attendees:?}");
        }
    }
}

fn becomes(attendees: &str, text: &str, wanted: &str) {
    assert_eq!(review(attendees, text).summary, wanted, "{attendees:?}");
}

#[test]
fn any_layout_of_the_list_is_understood() {
    let text = "Anna Berg called, then BK came. Later Anna slept and Berg's phone rang; bo.krogh@example.org was told, and so was Krogh.";
    let names = ["Anna", "Berg", "BK", "Krogh", "krogh", "example.org"];
    for list in [
        "## Attendees\n\n- Anna Berg (AB)\n- Bo Krogh (BK), bo.krogh@example.org",
        "## Atendees\n\nAnna Berg, BK and Bo Krogh <bo.krogh@example.org>",
        "## Participants\n\n* Incident commander: Anna Berg\n* Scribe: Bo Krogh (BK) – platform team",
        "## Who was involved\n\n| Name | Role | Initials |\n|---|---|---|\n| Anna Berg | SRE | AB |\n| Bo Krogh | Engineer | BK |",
        "## Attendees\n\n1. AB (Anna Berg)\n2. BK: Bo Krogh",
        "**Attendees**\n\nAnna Berg; Bo Krogh; BK",
        "### People involved\n\n- [Anna Berg](https://example.org/anna)\n- [@bo](https://github.com/bo) Bo Krogh",
        "## Attendees: Anna Berg, Bo Krogh, BK",
        "## Participants (Anna Berg, Bo Krogh, BK)",
        "## Attendees\n\nanna berg, bo krogh, BK",
        "## Attendees\n\n- anna berg\n- bo krogh\n- bk, BK",
        "## Attendees\n\n- Berg, Anna\n- Krogh, Bo; BK",
        "## Attendance\n\nAnna Berg / Bo Krogh / BK",
        "## Attendees\n\nAnna Berg & Bo Krogh + BK",
        "## Other\n\nAttendees: Anna Berg, Bo Krogh, BK",
        "## Other\n\n- **Attendees**:\n  - Anna Berg\n  - Bo Krogh",
    ] {
        gone(list, text, &names);
    }
}

#[test]
fn one_person_is_replaced_once_and_the_sentence_stands() {
    becomes(
        "## Attendees\n\n- Anna M. Berg (AMB)",
        "Anna M. Berg (AMB) called, and Anna's phone rang.",
        "a responder called, and a responder's phone rang.",
    );
    becomes(
        "## Attendees\n\n- Ludwig van der Rohe",
        "van der Rohe and ludwig went; a van came.",
        "a responder and a responder went; a van came.",
    );
    becomes(
        "## Attendees\n\n- RF, PW",
        "RF/PW looked, (RF) too; @PW did not.",
        "a responder/a responder looked, (a responder) too; a responder did not.",
    );
    becomes(
        "## Attendees\n\n- Anna Berg",
        "Mail a.berg@berg.example, anna.k@anna-berg.example or anna@berg.example.",
        "Mail a responder, a responder or a responder.",
    );
    becomes("## Attendees\n\n- rifis\n- wicar", "Rifis asked wicar.", "a responder asked a responder.");
}

#[test]
fn accents_and_scripts_do_not_hide_a_name() {
    gone("## Attendees\n\n- Søren Østergård", "Soren Ostergard and SØREN ran.", &["Soren", "SØREN", "Ostergard"]);
    gone("## Attendees\n\n- 王小明", "王小明重启了服务器", &["王小明"]);
    gone("## Attendees\n\n- Анна Берг", "Анна Берг checked.", &["Анна", "Берг"]);
    gone("## Attendees\n\n- Fionnuala O'Brien", "O'Brien's laptop", &["Brien"]);
}

#[test]
fn initials_that_are_also_abbreviations_are_people_where_they_act() {
    let list = "## Attendees\n\n- DB, CI, EC";
    becomes(
        list,
        "DB restarted the DB cluster, CI watched the CI/CD pipeline in CI, and EC2 nodes came back. The DB was slow. Fixed by EC.",
        "a responder restarted the DB cluster, a responder watched the CI/CD pipeline in CI, and EC2 nodes came back. The DB was slow. Fixed by a responder.",
    );
    becomes(
        "## Attendees\n\n- AN, PW",
        "See AN-1234 at https://example.org/AN/x, says AN.",
        "See AN-1234 at https://example.org/AN/x, says a responder.",
    );
}

#[test]
fn ordinary_words_and_roles_stay() {
    becomes(
        "## Attendees\n\n- Will Mark (incident commander)\n- Platform team\n- Head of Engineering: Grace Lane, Team Lead Payments",
        "We will mark the incident. The platform team asked Will, and Mark told Grace of Payments. It Will be fine in the fast lane.",
        "We will mark the incident. The platform team asked a responder, and a responder told a responder of Payments. It Will be fine in the fast lane.",
    );
}

#[test]
fn the_list_itself_is_kept_nowhere() {
    let it = review("## Attendees\n\n- Anna Berg, who likes tea", "Nothing.");
    assert!(it.sections.iter().all(|(heading, text)| heading != "Attendees" && !text.contains("tea")));
}

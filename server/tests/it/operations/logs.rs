//! Logs of tools by the command line: what would come, what came, nothing twice, and what could not be read.

use super::{Place, on_both, tell};
use crate::support::at;
use domain::incidents::{IncidentState, Nature, NewIncident, Severity};

const NOW: &str = "2026-03-05T12:00:00Z";

async fn an_incident(place: &Place) {
    let store = place.store().await;
    let host = store::people::service_viewer(&store, at(NOW)).await.unwrap();
    let new = NewIncident {
        title: "Slow".to_owned(),
        summary: String::new(),
        severity: Severity::Sev2,
        nature: Nature::Incident,
        state: IncidentState::Open,
        team_id: None,
        started_at: at("2026-03-02T10:00:00Z"),
        detected_at: None,
        declared_at: None,
        mitigated_at: None,
        resolved_at: None,
        zone: "Europe/Copenhagen".to_owned(),
        restricted: false,
    };
    store::incidents::add(&store, &host, &new, at(NOW)).await.unwrap();
    store.close().await;
}

fn counts(out: &str) -> serde_json::Value {
    serde_json::from_str(out.lines().last().unwrap()).unwrap()
}

#[test]
fn a_log_comes_in_once_and_says_what_it_took() {
    on_both(async |place| {
        an_incident(place).await;
        let file = place.data().join("notes.csv");
        std::fs::write(&file, "When,Who,Note\n2026-03-02 10:05,Oda,The queue grows\n2026-03-02 10:12,Rune,It is the index\n")
            .unwrap();
        let file = file.display().to_string();
        let import = |more: &[&str]| {
            let args = ["import", "csv", &file, "--incident", "INC-1", "--columns", "time=When,text=Note,author=2", "--json"];
            tell(place, &[&args, more].concat())
        };
        let would = import(&["--dry-run"]).ok();
        assert_eq!((counts(&would.out)["added"].as_u64(), would.err.contains("nothing was written")), (Some(2), true));
        assert_eq!(counts(&import(&[]).ok().out)["added"], 2);
        let again = counts(&import(&[]).ok().out);
        assert_eq!((again["added"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(2)));
        tell(place, &["import", "csv", &file, "--incident", "INC-9"]).refused("not there");
        tell(place, &["import", "csv", &file, "--incident", "INC-1", "--columns", "time=Never"]).refused("no column");
        tell(place, &["import", "csv", &file, "--incident", "INC-1", "--as", "nobody@example.org"]).refused("no account");
        let odd = tell(place, &["import", "slack", &file, "--incident", "INC-1"]);
        assert!(!odd.well, "what is no export is said, and the exit says so: {}", odd.out);
    });
}

#[test]
fn a_log_of_an_incident_of_its_own_becomes_one_and_grows() {
    on_both(async |place| {
        an_incident(place).await;
        let folder = place.data().join("alerts");
        std::fs::create_dir_all(&folder).unwrap();
        let page = |status: &str, ends: &str| {
            format!(
                r#"{{"version":"4","groupKey":"{{}}:{{alertname=\"Queue\"}}","status":"{status}","receiver":"night","groupLabels":{{"alertname":"Queue"}},
                "commonLabels":{{"alertname":"Queue","severity":"critical"}},"commonAnnotations":{{"summary":"The queue grows"}},"externalURL":"http://a.example",
                "alerts":[{{"status":"{status}","labels":{{"alertname":"Queue","severity":"critical"}},"annotations":{{"summary":"The queue grows"}},
                "startsAt":"2026-03-02T10:05:00Z","endsAt":"{ends}","generatorURL":"http://p.example/graph","fingerprint":"ab"}}]}}"#
            )
        };
        std::fs::write(folder.join("1.json"), page("firing", "0001-01-01T00:00:00Z")).unwrap();
        let path = folder.display().to_string();
        let first = counts(&tell(place, &["import", "alertmanager", &path, "--json"]).ok().out);
        assert_eq!(first["new_incidents"], serde_json::json!(["INC-2"]), "{first}");
        std::fs::write(folder.join("2.json"), page("resolved", "2026-03-02T10:40:00Z")).unwrap();
        let second = counts(&tell(place, &["import", "alertmanager", &path, "--json"]).ok().out);
        assert_eq!(
            (second["new_incidents"].as_array().unwrap().len(), second["incidents"][0].as_str()),
            (0, Some("INC-2")),
            "{second}"
        );
        assert!(second["added"].as_u64() > Some(0), "{second}");
        let third = counts(&tell(place, &["import", "alertmanager", &path, "--json"]).ok().out);
        assert_eq!((third["added"].as_u64(), third["changed"].as_u64()), (Some(0), Some(0)), "{third}");
    });
}

//! Tables.

use crate::support::{fixture, one, options, read, told, utc};
use domain::timeline::raw::{ImportedLogs, RawSource};
use importers::{Columns, LogOptions, read_table_head};

fn of(bytes: &[u8], options: &LogOptions) -> ImportedLogs {
    read(RawSource::Csv, &[("table.csv".to_owned(), bytes.to_vec())], options)
}

fn lines(read: &ImportedLogs) -> Vec<String> {
    one(read).entries.iter().map(told).collect()
}

#[test]
fn rows_are_entries_and_what_cannot_be_read_stays_without_a_time() {
    let read = read(RawSource::Csv, &fixture("csv/harbour.csv"), &options());
    let log = one(&read);
    assert_eq!(
        lines(&read),
        [
            "02 08:00:05 note lookout: Booking latency\nabove 4 s, see https://charts.ferry.example/d/1",
            "02 08:01:00 note helm@ferry.example: A \"quiet\" queue",
            "02 08:01:00 note Deck lead: Second row of that minute",
            "02 08:12:00 note Deck lead: Pool found full",
            " note helm@ferry.example: Gate opened by hand",
            "02 08:20:00 note lookout: Quiet again",
        ]
    );
    assert_eq!((log.name.as_str(), log.authors[1].email.as_str()), ("harbour", "helm@ferry.example"));
    assert_eq!(log.entries[0].details, [("Tide".to_owned(), "high".to_owned())]);
    assert_eq!((log.entries[0].place.as_str(), log.entries[0].links.len()), ("#watch", 1));
    assert_eq!((log.entries[3].as_written.as_str(), log.entries[4].as_written.as_str()), ("~08:12", "sometime"));
    assert_eq!(log.entries[2].external_id, "2026-03-02 08:01#2");
    let told =
        |list: &[domain::imported::Unreadable]| list.iter().map(|u| format!("{} {}", u.line, u.reason)).collect::<Vec<_>>();
    assert_eq!(
        told(&read.unreadable),
        ["7 “sometime” cannot be read as a time: it was not understood. The row stays without a time."]
    );
    assert_eq!(told(&read.notes), ["8 This row says nothing beside its time; it was left out."]);
}

#[test]
fn a_day_in_a_column_of_its_own_goes_on_over_midnight() {
    let options = LogOptions { zone: chrono_tz::Europe::Copenhagen, ..options() };
    let read = read(RawSource::Csv, &fixture("csv/natten.csv"), &options);
    assert_eq!(
        lines(&read),
        [
            "02 22:50:00 note -: Billetter åbner ikke",
            "02 22:58:00 note -: Kø ved porten",
            "02 23:10:00 note -: Porten åbnet i hånden",
            "03 06:00:00 note -: Ro",
        ]
    );
}

#[test]
fn clock_readings_take_the_day_that_was_named() {
    let files = fixture("csv/clock.tsv");
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 2);
    let with = read(RawSource::Csv, &files, &LogOptions { day, ..options() });
    assert_eq!(
        lines(&with),
        ["02 23:40:00 note -: Alarm on the bridge", "02 23:59:00 note -: Radio call", "03 00:05:00 note -: Engine stopped"]
    );
    let without = read(RawSource::Csv, &files, &options());
    assert_eq!((one(&without).entries.len(), without.unreadable.len()), (3, 3));
    // The day is no part of the name: said rightly the second time, it adds nothing.
    let ids = |read: &ImportedLogs| one(read).entries.iter().map(|e| e.external_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&with), ids(&without));
}

#[test]
fn any_usual_way_to_write_a_table_is_read() {
    let rows = ["time{d}event", "2026-03-02T08:00:00Z{d}one", "2026-03-02T09:00:00Z{d}two"].join("\n");
    for delimiter in [",", ";", "\t", "|"] {
        let text = rows.replace("{d}", delimiter);
        let mut bom = vec![0xEF, 0xBB, 0xBF];
        bom.extend_from_slice(text.as_bytes());
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [
            text.clone().into_bytes(),
            bom,
            utf16,
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
        ] {
            assert_eq!(lines(&of(&bytes, &options())), ["02 08:00:00 note -: one", "02 09:00:00 note -: two"], "{delimiter:?}");
        }
    }
}

#[test]
fn columns_that_a_person_named_win_over_the_guess() {
    let text = b"a,b,c,d\nx,2026-03-02 08:00,y,z\n";
    let columns = Some(Columns { time: 1, date: None, text: 3, author: Some(0), place: Some(2) });
    let read = of(text, &LogOptions { columns, ..options() });
    let entry = &one(&read).entries[0];
    assert_eq!((told(entry).as_str(), entry.place.as_str()), ("02 08:00:00 note x: z", "y"));
    let beyond = Some(Columns { time: 90, date: Some(91), text: 92, author: Some(93), place: Some(94) });
    let read = of(text, &LogOptions { columns: beyond, ..options() });
    assert_eq!((one(&read).entries[0].at, one(&read).entries[0].details.len()), (None, 4));
}

#[test]
fn american_dates_are_known_by_one_that_can_only_be_so() {
    let read = of(b"date,what\n03/02/2026 8:00 AM,one\n03/14/2026 8:00 PM,two\n", &options());
    assert_eq!(
        one(&read).entries.iter().map(|e| e.at).collect::<Vec<_>>(),
        [Some(utc("2026-03-02T08:00:00Z")), Some(utc("2026-03-14T20:00:00Z"))]
    );
}

#[test]
fn a_spreadsheet_may_name_what_divides_its_cells() {
    let read = of(b"sep=;\r\nWhen;What\r\n2026-03-02 08:00;a, b, c\r\nsoon;d\r\n", &options());
    assert_eq!(lines(&read), ["02 08:00:00 note -: a, b, c", " note -: d"]);
    assert_eq!(read.unreadable[0].line, 4);
}

#[test]
fn a_column_without_a_name_is_kept() {
    let read = of(b"time,event,,\n2026-03-02 08:00,a,b,c,d\n", &options());
    let details = &one(&read).entries[0].details;
    assert_eq!(details.iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>(), ["Column 3=b", "Column 4=c", "Column 5=d"]);
}

#[test]
fn a_file_fetched_again_has_the_same_name() {
    let read = read(RawSource::Csv, &[("x/export (2).csv".to_owned(), b"time,event\n2026-03-02 08:00,a\n".to_vec())], &options());
    assert_eq!(one(&read).name, "export");
}

#[test]
fn the_head_of_a_table_shows_names_rows_and_a_guess() {
    let head = read_table_head(&fixture("csv/harbour.csv")[0].1).expect("a table");
    assert_eq!(head.names, ["When (UTC)", "Who", "Channel", "What happened", "Tide"]);
    assert_eq!((head.rows.len(), head.rows[1][3].as_str()), (5, "A \"quiet\" queue"));
    assert_eq!(head.columns, Columns { time: 0, date: None, text: 3, author: Some(1), place: Some(2) });
    let head = read_table_head(&fixture("csv/natten.csv")[0].1).expect("a table");
    assert_eq!(head.columns, Columns { time: 1, date: Some(0), text: 2, author: None, place: None });
    let head = read_table_head(&fixture("csv/clock.tsv")[0].1).expect("a table");
    assert_eq!(head.names, ["Column 1", "Column 2"]);
    assert_eq!(head.columns, Columns { time: 0, date: None, text: 1, author: None, place: None });
    let head = read_table_head(b"created_at,user_name,service,message\n1772439600,helm,booking,Quiet\n").expect("a table");
    assert_eq!(head.columns, Columns { time: 0, date: None, text: 3, author: Some(1), place: Some(2) });
    let head = read_table_head(
        b"id,sent_at,body,severity\n1,2026-03-02T08:00:00Z,Booking is slow at the pier,low\n2,2026-03-02T08:01:00Z,More,low\n",
    )
    .expect("a table");
    assert_eq!((head.columns.time, head.columns.text), (1, 2));
    assert_eq!(read_table_head(b""), None);
    assert_eq!(read_table_head(&[0, 1, 2, 3, 4, 5, 6, 7]), None);
}

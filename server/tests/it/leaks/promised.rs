//! Who may find which words where, and whether with the author's name beside them: every audience × every viewer × every outlet,
//! while the review is open, once it is published, and behind the open wall.

use Outlet::{Api, Calibration, Export, Mail, Page, Preview, Search, Shared, SharedWithNames, Themes, Trends};
use Words::{Facilitator, Named, OnlyMe, Parked, ParkedWithName, Unattributed};

/// What an author chose; of question 9 also whether the name goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Words {
    OnlyMe,
    Parked,
    ParkedWithName,
    Facilitator,
    Unattributed,
    Named,
}

pub const WORDS: [Words; 6] = [OnlyMe, Parked, ParkedWithName, Facilitator, Unattributed, Named];

/// Where words may come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outlet {
    Page,
    /// What the author, or the facilitator, looks at beforehand.
    Preview,
    /// Files to take away.
    Export,
    /// The pages, asked for as programs ask.
    Api,
    Search,
    Trends,
    /// Quotes: with their authors, on the facilitator's desk, and where they are to stand and stand in the end.
    Calibration,
    /// Passages that the facilitator marked, gathered under themes.
    Themes,
    Mail,
    /// The published story by a link, for whoever holds it.
    Shared,
    /// The same, where the facilitator chose that names go with quotes.
    SharedWithNames,
}

pub const OUTLETS: [Outlet; 11] =
    [Page, Preview, Export, Api, Search, Trends, Calibration, Themes, Mail, Shared, SharedWithNames];

/// How somebody stands to the author, the review or the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    Author,
    OtherResponder,
    Facilitator,
    LaterFacilitator,
    /// Line manager of every author here, with an old appointment to the review.
    LineManager,
    /// With an old appointment to the review.
    Leadership,
    Planner,
    Administrator,
    Outsider,
    Guest,
    Nobody,
}

/// The columns of the table.
pub const VIEWERS: [As; 11] = [
    As::Author,
    As::OtherResponder,
    As::Facilitator,
    As::LaterFacilitator,
    As::LineManager,
    As::Leadership,
    As::Planner,
    As::Administrator,
    As::Outsider,
    As::Guest,
    As::Nobody,
];

/// In the order of [`VIEWERS`]: `.` finds no word of it, `o` finds their own, `w` finds words and no name beside them, `n` finds
/// words with the name beside them. First while the review is open, then published with the wall standing, then with the wall
/// open.
#[rustfmt::skip]
const TABLE: &[(Outlet, Words, [&str; 3])] = &[
    //                             AOFLMLPAOGN    AOFLMLPAOGN    AOFLMLPAOGN
    (Page, OnlyMe,               ["o..........", "o..........", "o.........."]),
    (Page, Parked,               ["o..........", "o..........", "o.....w...."]),
    (Page, ParkedWithName,       ["o..........", "o..........", "o.....n...."]),
    (Page, Facilitator,          ["o.n........", "o.n........", "o.n........"]),
    (Page, Unattributed,         ["o.ww.......", "o.w........", "o.w........"]),
    (Page, Named,                ["o.nn.......", "o.n........", "o.n........"]),

    (Preview, OnlyMe,            ["...........", "...........", "..........."]),
    (Preview, Parked,            ["...........", "...........", "..........."]),
    (Preview, ParkedWithName,    ["...........", "...........", "..........."]),
    (Preview, Facilitator,       ["o..........", "o..........", "o.........."]),
    (Preview, Unattributed,      ["o..........", "o..........", "o.........."]),
    (Preview, Named,             ["o..........", "o..........", "o.........."]),

    (Export, OnlyMe,             ["o..........", "o..........", "o.........."]),
    (Export, Parked,             ["o..........", "o..........", "o.........."]),
    (Export, ParkedWithName,     ["o..........", "o..........", "o.........."]),
    (Export, Facilitator,        ["o..........", "o..........", "o.........."]),
    (Export, Unattributed,       ["o..........", "o..........", "o.........."]),
    (Export, Named,              ["o..........", "o..........", "o.........."]),

    (Api, OnlyMe,                ["o..........", "o..........", "o.........."]),
    (Api, Parked,                ["o..........", "o..........", "o.....w...."]),
    (Api, ParkedWithName,        ["o..........", "o..........", "o.....n...."]),
    (Api, Facilitator,           ["o.n........", "o.n........", "o.n........"]),
    (Api, Unattributed,          ["o.ww.......", "o.w........", "o.w........"]),
    (Api, Named,                 ["o.nn.......", "o.n........", "o.n........"]),

    (Search, OnlyMe,             ["...........", "...........", "..........."]),
    (Search, Parked,             ["...........", "...........", "..........."]),
    (Search, ParkedWithName,     ["...........", "...........", "..........."]),
    (Search, Facilitator,        ["...........", "...........", "..........."]),
    (Search, Unattributed,       ["...........", "...........", "..........."]),
    (Search, Named,              ["...........", "...........", "..........."]),

    (Trends, OnlyMe,             ["...........", "...........", "..........."]),
    (Trends, Parked,             ["...........", "...........", "..........."]),
    (Trends, ParkedWithName,     ["...........", "...........", "..........."]),
    (Trends, Facilitator,        ["...........", "...........", "..........."]),
    (Trends, Unattributed,       ["...........", "...........", "..........."]),
    (Trends, Named,              ["...........", "...........", "..........."]),

    // Of these no quote can be made. Of the others what stands is what its author agreed to, for everybody who reads the story.
    (Calibration, OnlyMe,        ["...........", "...........", "..........."]),
    (Calibration, Parked,        ["...........", "...........", "..........."]),
    (Calibration, ParkedWithName,["...........", "...........", "..........."]),
    (Calibration, Facilitator,   ["...........", "...........", "..........."]),
    // Who became line manager after an appointment reads no answer; a quote is what is to stand before everybody.
    (Calibration, Unattributed,  ["o.www......", "owwwwwwww..", "owwwwwwww.."]),
    (Calibration, Named,         ["o.nnn......", "onnnnnnnn..", "onnnnnnnn.."]),

    // Of the first three nothing can be marked. The others are read here as the answers are, and by nobody else, before or after.
    (Themes, OnlyMe,             ["...........", "...........", "..........."]),
    (Themes, Parked,             ["...........", "...........", "..........."]),
    (Themes, ParkedWithName,     ["...........", "...........", "..........."]),
    (Themes, Facilitator,        ["..n........", "..n........", "..n........"]),
    (Themes, Unattributed,       ["..ww.......", "..w........", "..w........"]),
    (Themes, Named,              ["..nn.......", "..n........", "..n........"]),

    (Mail, OnlyMe,               ["...........", "...........", "..........."]),
    (Mail, Parked,               ["...........", "...........", "..........."]),
    (Mail, ParkedWithName,       ["...........", "...........", "..........."]),
    (Mail, Facilitator,          ["...........", "...........", "..........."]),
    (Mail, Unattributed,         ["...........", "...........", "..........."]),
    (Mail, Named,                ["...........", "...........", "..........."]),

    // Of a review that is not published there is no link. Quotes that stand are read by whoever holds one, without a name unless that was
    // chosen; of answers nothing.
    (Shared, OnlyMe, ["...........", "...........", "..........."]),
    (Shared, Parked, ["...........", "...........", "..........."]),
    (Shared, ParkedWithName, ["...........", "...........", "..........."]),
    (Shared, Facilitator, ["...........", "...........", "..........."]),
    (Shared, Unattributed, ["...........", "owwwwwwwwww", "owwwwwwwwww"]),
    (Shared, Named, ["...........", "owwwwwwwwww", "owwwwwwwwww"]),
    (SharedWithNames, OnlyMe, ["...........", "...........", "..........."]),
    (SharedWithNames, Parked, ["...........", "...........", "..........."]),
    (SharedWithNames, ParkedWithName, ["...........", "...........", "..........."]),
    (SharedWithNames, Facilitator, ["...........", "...........", "..........."]),
    (SharedWithNames, Unattributed, ["...........", "owwwwwwwwww", "owwwwwwwwww"]),
    (SharedWithNames, Named, ["...........", "onnnnnnnnnn", "onnnnnnnnnn"]),
];

/// What the table says.
pub fn may(stage: usize, outlet: Outlet, words: Words, viewer: As) -> char {
    let mut rows = TABLE.iter().filter(|(o, w, _)| (*o, *w) == (outlet, words));
    let (_, _, stages) = rows.next().unwrap_or_else(|| panic!("the table says nothing of {outlet:?} {words:?}"));
    assert!(rows.next().is_none(), "the table says {outlet:?} {words:?} twice");
    assert_eq!(stages[stage].len(), VIEWERS.len());
    let column = VIEWERS.iter().position(|v| *v == viewer).unwrap();
    stages[stage].chars().nth(column).unwrap()
}

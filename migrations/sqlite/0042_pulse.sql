-- The pulse: what people answered is added to sums at once, and the sums of an open quarter stand sealed in one row. No row of anybody's answers.
create table pulse_quarters (
  -- First day of the quarter.
  quarter text primary key,
  -- The sums so far, sealed under the instance key and filled up to whole blocks of 4 KiB; empty once the quarter is closed.
  sealed blob,
  -- How many took part, of how many who could; empty where that would tell of few.
  answered integer,
  invited integer,
  closed_at text
) strict, without rowid;

-- That somebody answered, or did not want to be asked again, in which months of the quarter: so that nobody counts twice. No time, and no
-- order of coming. Goes when the quarter closes.
create table pulse_marks (
  quarter text not null references pulse_quarters (quarter),
  -- Keyed hash of quarter and person.
  mark blob not null,
  -- Months and team of the first answer, sealed under the instance key; always of one length.
  sealed blob not null,
  primary key (quarter, mark)
) strict, without rowid;

-- What a closed quarter tells, as it is told: rounded, of groups that hide their people. What is not told has no row, whatever the reason.
create table pulse_figures (
  quarter text not null references pulse_quarters (quarter),
  item text not null,
  team_id blob references teams (id),
  -- The team, or 16 zeros for all together.
  counted_as blob not null,
  people integer not null,
  share integer not null,
  first_part text not null,
  second_part text not null,
  third_part text not null,
  primary key (quarter, item, counted_as)
) strict, without rowid;
create index idx_pulse_figures_team_id on pulse_figures (team_id);

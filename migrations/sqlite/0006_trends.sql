-- People measures: closed periods over one fixed partition, computed once, kept.
create table closed_months (
  -- First day of the month.
  month text primary key,
  closed_at text not null
) strict;

-- What a person gave to a closed month: kept so that later periods are audited against what was published before. The
-- subject is a keyed hash of person, not the person.
create table month_contributions (
  month text not null,
  subject blob not null,
  team_id blob,
  working_minutes integer not null,
  evening_minutes integer not null,
  night_minutes integer not null,
  weekend_minutes integer not null,
  primary key (month, subject)
) strict;

create table released_cells (
  measure text not null,
  period_kind text not null,
  period_start text not null,
  -- The team's id, or 'organisation'.
  unit text not null,
  -- Null when suppressed, with the reason.
  people integer,
  value_json text not null,
  suppressed text not null,
  released_at text not null,
  primary key (measure, period_kind, period_start, unit)
) strict;

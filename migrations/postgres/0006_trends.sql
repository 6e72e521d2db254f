-- People measures: closed periods over one fixed partition, computed once, kept.
create table closed_months (
  -- First day of the month.
  month date primary key,
  closed_at timestamptz not null
);

-- What a person gave to a closed month: kept so that later periods are audited against what was published before. The
-- subject is a keyed hash of person, not the person.
create table month_contributions (
  month date not null,
  subject bytea not null,
  team_id uuid,
  working_minutes bigint not null,
  evening_minutes bigint not null,
  night_minutes bigint not null,
  weekend_minutes bigint not null,
  primary key (month, subject)
);

create table released_cells (
  measure text not null,
  period_kind text not null,
  period_start date not null,
  -- The team's id, or 'organisation'.
  unit text not null,
  -- Null when suppressed, with the reason.
  people bigint,
  value_json text not null,
  suppressed text not null,
  released_at timestamptz not null,
  primary key (measure, period_kind, period_start, unit)
);

-- Hours and nights that are true: no minute counted twice, each by what held for its worker on its day.

-- Stretches that closed months have counted, by a keyed hash of whose they were and sealed under a key of the instance: what is told of
-- the same minutes again is taken off. They go when nothing of their months can be told late any more.
create table counted_spans (
  -- First day of the month that counted them.
  month date not null,
  subject bytea not null,
  spans_sealed bytea not null,
  primary key (month, subject)
);

-- Incident and person of each answer about support that was counted, as one keyed hash.
create table counted_supports (
  month date not null,
  mark bytea not null,
  primary key (month, mark)
);

-- What held for a person from a day on, as far as it ever changed: the stretch of a day is cut by what held on it.
create table person_history (
  person_id uuid not null references people (id),
  valid_from date not null,
  team_id uuid,
  calendar_id uuid,
  work_starts bigint not null,
  work_ends bigint not null,
  work_days bigint not null,
  primary key (person_id, valid_from)
);

-- A person who changed teams within a month gives to both.
alter table month_contributions rename to month_contributions_before;
create table month_contributions (
  month date not null,
  subject bytea not null,
  team_id uuid,
  -- The team, or 16 zeros for those without one.
  counted_as uuid not null,
  working_minutes bigint not null,
  evening_minutes bigint not null,
  night_minutes bigint not null,
  weekend_minutes bigint not null,
  primary key (month, subject, counted_as)
);
insert into month_contributions (month, subject, team_id, counted_as, working_minutes, evening_minutes, night_minutes, weekend_minutes)
select month, subject, team_id, coalesce(team_id, '00000000-0000-0000-0000-000000000000'), working_minutes, evening_minutes,
  night_minutes, weekend_minutes from month_contributions_before;
drop table month_contributions_before;

-- What a person gave to a closed month of nights; as month_contributions has it for hours.
create table month_nights (
  month date not null,
  subject bytea not null,
  broken_nights bigint not null,
  short_rests bigint not null,
  primary key (month, subject)
);

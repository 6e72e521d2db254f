-- Hours and nights that are true: no minute counted twice, each by what held for its worker on its day.

-- Stretches that closed months have counted, by a keyed hash of whose they were and sealed under a key of the instance: what is told of
-- the same minutes again is taken off. They go when nothing of their months can be told late any more.
create table counted_spans (
  -- First day of the month that counted them.
  month text not null,
  subject blob not null,
  spans_sealed blob not null,
  primary key (month, subject)
) strict;

-- Incident and person of each answer about support that was counted, as one keyed hash.
create table counted_supports (
  month text not null,
  mark blob not null,
  primary key (month, mark)
) strict;

-- What held for a person from a day on, as far as it ever changed: the stretch of a day is cut by what held on it.
create table person_history (
  person_id blob not null references people (id),
  valid_from text not null,
  team_id blob,
  calendar_id blob,
  work_starts integer not null,
  work_ends integer not null,
  work_days integer not null,
  primary key (person_id, valid_from)
) strict;

-- A person who changed teams within a month gives to both.
alter table month_contributions rename to month_contributions_before;
create table month_contributions (
  month text not null,
  subject blob not null,
  team_id blob,
  -- The team, or 16 zeros for those without one.
  counted_as blob not null,
  working_minutes integer not null,
  evening_minutes integer not null,
  night_minutes integer not null,
  weekend_minutes integer not null,
  primary key (month, subject, counted_as)
) strict;
insert into month_contributions (month, subject, team_id, counted_as, working_minutes, evening_minutes, night_minutes, weekend_minutes)
select month, subject, team_id, coalesce(team_id, x'00000000000000000000000000000000'), working_minutes, evening_minutes,
  night_minutes, weekend_minutes from month_contributions_before;
drop table month_contributions_before;

-- What a person gave to a closed month of nights; as month_contributions has it for hours.
create table month_nights (
  month text not null,
  subject blob not null,
  broken_nights integer not null,
  short_rests integer not null,
  primary key (month, subject)
) strict;

-- What a meeting talks about, chosen blind, and three questions after it. Only sums are kept: no row leads from a person to a choice.
alter table themes add column votes integer not null default 0;
alter table themes add column on_agenda integer not null default 0;

create table ballots (
  incident_id blob primary key references incidents (id),
  opened_at text not null,
  closed_at text,
  voted integer not null
) strict;

-- That somebody voted, so that nobody does twice; gone when the vote is closed.
create table ballot_voters (
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  primary key (incident_id, person_id)
) strict;
create index idx_ballot_voters_person_id on ballot_voters (person_id);

create table surveys (
  incident_id blob primary key references incidents (id),
  opened_at text not null
) strict;

create table survey_counts (
  incident_id blob not null references incidents (id),
  question text not null,
  step integer not null,
  answers integer not null,
  primary key (incident_id, question, step)
) strict;

-- That somebody answered, so that nobody does twice.
create table survey_answerers (
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  primary key (incident_id, person_id)
) strict;
create index idx_survey_answerers_person_id on survey_answerers (person_id);

-- What a meeting talks about, chosen blind, and three questions after it. Only sums are kept: no row leads from a person to a choice.
alter table themes add column votes bigint not null default 0;
alter table themes add column on_agenda boolean not null default false;

create table ballots (
  incident_id uuid primary key references incidents (id),
  opened_at timestamptz not null,
  closed_at timestamptz,
  voted bigint not null
);

-- That somebody voted, so that nobody does twice; gone when the vote is closed.
create table ballot_voters (
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  primary key (incident_id, person_id)
);
create index idx_ballot_voters_person_id on ballot_voters (person_id);

create table surveys (
  incident_id uuid primary key references incidents (id),
  opened_at timestamptz not null
);

create table survey_counts (
  incident_id uuid not null references incidents (id),
  question text not null,
  step bigint not null,
  answers bigint not null,
  primary key (incident_id, question, step)
);

-- That somebody answered, so that nobody does twice.
create table survey_answerers (
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  primary key (incident_id, person_id)
);
create index idx_survey_answerers_person_id on survey_answerers (person_id);

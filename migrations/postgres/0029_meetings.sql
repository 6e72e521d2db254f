-- The meeting of a review as it runs. Lines carry no person and no time: nothing leads from a line to who wrote it.
create table meetings (
  incident_id uuid primary key references incidents (id),
  opening_sealed bytea,
  opening_version bigint not null,
  started_at timestamptz,
  ended_at timestamptz,
  stage text not null,
  stage_since timestamptz,
  spent_json text not null,
  -- What is shown: ids only, for an event may go or be merged into another incident.
  event_id uuid,
  theme_id uuid,
  version bigint not null
);

create table meeting_lines (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  kind text not null,
  stage text not null,
  text_sealed bytea not null,
  position bigint not null,
  taken_out boolean not null
);
create index idx_meeting_lines_incident_id on meeting_lines (incident_id, position);

-- Who is here now; emptied when the meeting ends.
create table meeting_people (
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  seen_at timestamptz not null,
  primary key (incident_id, person_id)
);
create index idx_meeting_people_person_id on meeting_people (person_id);

-- Who may be called on, about what, and what they said to that.
create table meeting_calls (
  incident_id uuid not null references incidents (id),
  person_id uuid not null references people (id),
  id uuid not null,
  about_sealed bytea not null,
  answer text,
  primary key (incident_id, person_id)
);
create index idx_meeting_calls_person_id on meeting_calls (person_id);

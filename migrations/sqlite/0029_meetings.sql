-- The meeting of a review as it runs. Lines carry no person and no time: nothing leads from a line to who wrote it.
create table meetings (
  incident_id blob primary key references incidents (id),
  opening_sealed blob,
  opening_version integer not null,
  started_at text,
  ended_at text,
  stage text not null,
  stage_since text,
  spent_json text not null,
  -- What is shown: ids only, for an event may go or be merged into another incident.
  event_id blob,
  theme_id blob,
  version integer not null
) strict;

create table meeting_lines (
  id blob primary key,
  incident_id blob not null references incidents (id),
  kind text not null,
  stage text not null,
  text_sealed blob not null,
  position integer not null,
  taken_out integer not null
) strict;
create index idx_meeting_lines_incident_id on meeting_lines (incident_id, position);

-- Who is here now; emptied when the meeting ends.
create table meeting_people (
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  seen_at text not null,
  primary key (incident_id, person_id)
) strict;
create index idx_meeting_people_person_id on meeting_people (person_id);

-- Who may be called on, about what, and what they said to that.
create table meeting_calls (
  incident_id blob not null references incidents (id),
  person_id blob not null references people (id),
  id blob not null,
  about_sealed blob not null,
  answer text,
  primary key (incident_id, person_id)
) strict;
create index idx_meeting_calls_person_id on meeting_calls (person_id);

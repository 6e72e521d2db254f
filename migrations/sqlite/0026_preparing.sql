-- What an incident was, how large its review is to be, and what is prepared before its meeting. Who said it stands in the audit log.
alter table incidents add column nature text not null default 'incident';

create table sizings (
  incident_id blob primary key references incidents (id),
  -- Slugs of the signals that are there, with commas between.
  signals text not null,
  nominated integer not null,
  -- Null: not decided yet.
  size text,
  -- The note itself, or why there is no review.
  words text not null,
  version integer not null
) strict;

create table preparation_marks (
  incident_id blob not null references incidents (id),
  part text not null,
  mark text not null,
  marked_at text not null,
  primary key (incident_id, part)
) strict;

create table meeting_plans (
  incident_id blob primary key references incidents (id),
  starts_at text not null,
  zone text not null,
  minutes integer not null,
  place text not null,
  version integer not null
) strict;

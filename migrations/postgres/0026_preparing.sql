-- What an incident was, how large its review is to be, and what is prepared before its meeting. Who said it stands in the audit log.
alter table incidents add column nature text not null default 'incident';

create table sizings (
  incident_id uuid primary key references incidents (id),
  -- Slugs of the signals that are there, with commas between.
  signals text not null,
  nominated boolean not null,
  -- Null: not decided yet.
  size text,
  -- The note itself, or why there is no review.
  words text not null,
  version bigint not null
);

create table preparation_marks (
  incident_id uuid not null references incidents (id),
  part text not null,
  mark text not null,
  marked_at timestamptz not null,
  primary key (incident_id, part)
);

create table meeting_plans (
  incident_id uuid primary key references incidents (id),
  starts_at timestamptz not null,
  zone text not null,
  minutes bigint not null,
  place text not null,
  version bigint not null
);

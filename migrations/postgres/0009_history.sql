-- What was changed in an incident's own fields, events, factors and learnings. Words from one-on-ones, quotes, parked ideas and
-- mitigation items never enter it. Sections keep their own versions.
create table edits (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  -- incident, event, factor or learning.
  kind text not null,
  object_id uuid not null,
  -- The version that it became.
  version bigint not null,
  change text not null,
  -- The fields as JSON; null before it was added and after it was deleted.
  before_json text,
  after_json text,
  -- Emptied: words in it were taken back by their author.
  withheld boolean not null default false,
  changed_by uuid references people (id),
  changed_at timestamptz not null
);
create index idx_edits_incident_id on edits (incident_id, changed_at, id);
create index idx_edits_object_id on edits (object_id, version);

-- The version whose words came back; null for words that were typed.
alter table section_versions add column restored_from bigint;
-- Emptied: words in it were taken back by their author.
alter table section_versions add column withheld boolean not null default false;

-- The incident that this one is the same as.
alter table incidents add column merged_into uuid references incidents (id);
create index idx_incidents_merged_into on incidents (merged_into);

-- What came to an incident from the one that was merged into it, so that a merge can be undone.
create table merged_things (
  incident_id uuid not null references incidents (id),
  from_incident_id uuid not null references incidents (id),
  -- event, factor, learning, source or role.
  kind text not null,
  -- A thing's id; for a role the person's.
  object_id uuid not null,
  -- Its place before; for a role which one.
  detail text not null,
  primary key (from_incident_id, kind, object_id, detail)
);
create index idx_merged_things_incident_id on merged_things (incident_id);

-- What is gone for good: no content, but the number is not given again and the same document not taken for a new one.
create table gone (
  number bigint primary key,
  -- SHA-256 of what named the document.
  origin_key_hash bytea,
  origin_hash bytea,
  merged_into_number bigint,
  gone_at timestamptz not null
);
create index idx_gone_origin_hash on gone (origin_hash);
create index idx_gone_origin_key_hash on gone (origin_key_hash);

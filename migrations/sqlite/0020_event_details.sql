-- What may be known of an event beside when and what: see crates/domain/src/timeline/details.rs.
alter table events add column recorded_at text;
alter table events add column role text not null default '';
alter table events add column question text not null default '';
alter table events add column learned_later integer not null default 0;
alter table events add column sources_json text not null default '[]';
-- Of a mitigation action: in-place, undone, permanent; empty when nobody has said.
alter table events add column placement text not null default '';
alter table events add column settled_at text;
-- The page of all that still waits to be undone.
create index idx_events_in_place on events (at) where placement = 'in-place' and deleted_at is null;

alter table incidents add column declared_at text;
alter table incidents add column mitigated_at text;

-- What people thought it could be; false trails stay.
create table hypotheses (
  id blob primary key,
  incident_id blob not null references incidents (id),
  body text not null,
  state text not null,
  raised_at text,
  settled_at text,
  spoke_for text not null,
  spoke_against text not null,
  zone text not null,
  created_by blob references people (id),
  created_at text not null,
  -- Set by delete; undo clears it.
  deleted_at text,
  version integer not null
) strict;
create index idx_hypotheses_incident_id on hypotheses (incident_id, raised_at);
create index idx_hypotheses_created_by on hypotheses (created_by);

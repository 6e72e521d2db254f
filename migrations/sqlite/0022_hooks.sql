-- Hooks: where alerting and paging tools send what happens, what came, and which outage it was of.
create table hooks (
  id blob primary key,
  kind text not null,
  name text not null,
  -- SHA-256 of the address's secret part: 256 random bits.
  token_hash blob not null,
  -- What the sender signs with, sealed; null where it does not sign.
  secret_sealed blob,
  team_id blob references teams (id),
  opens text not null,
  min_severity integer not null,
  -- Lines of name=value; all must match, none matches everything.
  label_match text not null,
  quiet_minutes integer not null,
  zone text not null,
  created_by blob references people (id),
  created_at text not null,
  retired_at text
) strict;
create unique index idx_hooks_token_hash on hooks (token_hash);
create index idx_hooks_team_id on hooks (team_id);
create index idx_hooks_created_by on hooks (created_by);

-- An outage that a hook told of: proposed, said to be none, or an incident.
create table hook_outages (
  id blob primary key,
  hook_id blob not null references hooks (id),
  source text not null,
  -- A keyed hash of what names the group or the incident at its source.
  group_hash blob not null,
  state text not null,
  incident_id blob references incidents (id),
  -- What came so far, sealed, while it is no incident.
  log_sealed blob,
  severity integer not null,
  started_at text not null,
  resolved_at text,
  -- The latest time that anything that came tells of.
  last_at text not null,
  made_at text not null,
  -- When something came last.
  heard_at text not null
) strict;
create index idx_hook_outages_group on hook_outages (hook_id, source, group_hash, made_at);
create index idx_hook_outages_incident_id on hook_outages (incident_id);
create index idx_hook_outages_state on hook_outages (state, made_at) where incident_id is null;

-- What came and what was made of it.
create table hook_deliveries (
  id blob primary key,
  hook_id blob not null references hooks (id),
  received_at text not null,
  -- A keyed hash of all of it, to know it again.
  body_hash blob not null,
  -- What came, sealed, where it failed; for a replay, and nowhere shown.
  body_sealed blob,
  outcome text not null,
  -- A sentence of ours; nothing of what came.
  words text not null,
  incident_id blob references incidents (id),
  replays integer not null
) strict;
create index idx_hook_deliveries_received_at on hook_deliveries (hook_id, received_at);
create index idx_hook_deliveries_body on hook_deliveries (hook_id, body_hash);
create index idx_hook_deliveries_incident_id on hook_deliveries (incident_id);

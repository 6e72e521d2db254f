-- On-call schedules: who of a team stood when, as it was imported.
create table on_call_imports (
  id blob primary key,
  team_id blob not null references teams (id),
  -- On whose clock the rota's nights are told.
  zone text not null,
  imported_at text not null,
  -- What it covers: shifts that stood there before are replaced.
  from_at text not null,
  until_at text not null,
  shifts integer not null
) strict;
create index idx_on_call_imports_team_id on on_call_imports (team_id, imported_at);

create table on_call_shifts (
  id blob primary key,
  team_id blob not null references teams (id),
  -- Null: nobody that is known here, or somebody who erased it.
  person_id blob references people (id),
  starts_at text not null,
  ends_at text not null,
  import_id blob not null references on_call_imports (id),
  -- The latest import of the team, where it put others in place of this one: until the next, it can be taken back.
  replaced_by blob references on_call_imports (id)
) strict;
create index idx_on_call_shifts_team_id on on_call_shifts (team_id, starts_at);
create index idx_on_call_shifts_person_id on on_call_shifts (person_id);
create index idx_on_call_shifts_import_id on on_call_shifts (import_id);
create index idx_on_call_shifts_replaced_by on on_call_shifts (replaced_by);

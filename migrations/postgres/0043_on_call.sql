-- On-call schedules: who of a team stood when, as it was imported.
create table on_call_imports (
  id uuid primary key,
  team_id uuid not null references teams (id),
  -- On whose clock the rota's nights are told.
  zone text not null,
  imported_at timestamptz not null,
  -- What it covers: shifts that stood there before are replaced.
  from_at timestamptz not null,
  until_at timestamptz not null,
  shifts bigint not null
);
create index idx_on_call_imports_team_id on on_call_imports (team_id, imported_at);

create table on_call_shifts (
  id uuid primary key,
  team_id uuid not null references teams (id),
  -- Null: nobody that is known here, or somebody who erased it.
  person_id uuid references people (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  import_id uuid not null references on_call_imports (id),
  -- The latest import of the team, where it put others in place of this one: until the next, it can be taken back.
  replaced_by uuid references on_call_imports (id)
);
create index idx_on_call_shifts_team_id on on_call_shifts (team_id, starts_at);
create index idx_on_call_shifts_person_id on on_call_shifts (person_id);
create index idx_on_call_shifts_import_id on on_call_shifts (import_id);
create index idx_on_call_shifts_replaced_by on on_call_shifts (replaced_by);

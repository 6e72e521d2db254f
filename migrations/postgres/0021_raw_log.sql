-- The raw log of an incident: what chat, alerting and paging tools recorded, untouched. What was said, by whom and where is sealed; what
-- stands open is when, which tool and what sort of record.
create table raw_imports (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  source text not null,
  -- What the log is called at its source.
  name_sealed bytea not null,
  imported_by uuid references people (id),
  imported_at timestamptz not null,
  added bigint not null,
  changed bigint not null,
  unchanged bigint not null,
  -- Taken back: its entries wait as long as the trash does.
  undone_at timestamptz
);
create index idx_raw_imports_incident_id on raw_imports (incident_id);
create index idx_raw_imports_imported_by on raw_imports (imported_by);

create table raw_authors (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  source text not null,
  -- A keyed hash of the author's id at the source.
  external_hash uuid not null,
  name_sealed bytea not null,
  machine boolean not null,
  -- Who it is here, where somebody said so.
  person_id uuid references people (id),
  -- What they were in the incident, in a few words; may be empty.
  role text not null
);
create unique index idx_raw_authors_external on raw_authors (incident_id, source, external_hash);
create index idx_raw_authors_person_id on raw_authors (person_id);

create table raw_entries (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  -- Null where the import went to another incident.
  import_id uuid references raw_imports (id),
  source text not null,
  -- A keyed hash of what names the entry at its source: the same thing read twice is the same entry.
  external_hash uuid not null,
  -- A keyed hash of all that it says, to see whether it was changed at the source.
  content_hash uuid not null,
  kind text not null,
  -- When the source says that it happened; null where that could not be read.
  at timestamptz,
  -- Where it stands: its time, or that of the one before it.
  sort_at timestamptz not null,
  position bigint not null,
  author_id uuid references raw_authors (id),
  body_sealed bytea not null,
  removed_at timestamptz
);
create unique index idx_raw_entries_external on raw_entries (incident_id, source, external_hash);
create index idx_raw_entries_order on raw_entries (incident_id, sort_at, position, id) where removed_at is null;
create index idx_raw_entries_import_id on raw_entries (import_id);
create index idx_raw_entries_author_id on raw_entries (author_id);
create index idx_raw_entries_removed_at on raw_entries (removed_at) where removed_at is not null;

-- What an event of the story was told from. One of another incident is not shown.
create table evidence (
  event_id uuid not null references events (id),
  entry_id uuid not null references raw_entries (id),
  primary key (event_id, entry_id)
);
create index idx_evidence_entry_id on evidence (entry_id);

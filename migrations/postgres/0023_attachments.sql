-- Files and images of an incident. What they hold lies in files of its own, sealed under the incident's key; their names and what they
-- show are sealed here.
create table attachments (
  id uuid primary key,
  incident_id uuid not null references incidents (id),
  -- Names the sealed file. Another one after each move between incidents, so that a file is never written over.
  file_id uuid not null,
  kind text not null,
  name_sealed bytea not null,
  -- What an image shows, in words; may be empty.
  alt_sealed bytea not null,
  -- Of images, in pixels.
  width bigint,
  height bigint,
  -- Of what is kept, before sealing.
  bytes bigint not null,
  added_by uuid references people (id),
  added_at timestamptz not null,
  -- Taken away: it comes back as long as the trash keeps things.
  removed_at timestamptz
);
create index idx_attachments_incident_id on attachments (incident_id, added_at);
create unique index idx_attachments_file_id on attachments (file_id);
create index idx_attachments_added_by on attachments (added_by);
create index idx_attachments_removed_at on attachments (removed_at) where removed_at is not null;

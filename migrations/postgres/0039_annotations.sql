-- What changed in the organisation, beside the figures that it may explain. Who wrote it stands in the audit log.
create table annotations (
  id uuid primary key,
  day date not null,
  words text not null,
  created_at timestamptz not null
);
create index idx_annotations_day on annotations (day);

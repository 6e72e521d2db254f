-- What changed in the organisation, beside the figures that it may explain. Who wrote it stands in the audit log.
create table annotations (
  id blob primary key,
  day text not null,
  words text not null,
  created_at text not null
) strict;
create index idx_annotations_day on annotations (day);

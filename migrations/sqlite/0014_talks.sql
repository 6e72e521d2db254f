-- Talks that a facilitator leads and notes down. They end with publication.
create table talks (
  invitation_id blob primary key references invitations (id),
  incident_id blob not null references incidents (id),
  facilitator_id blob not null references people (id),
  -- The facilitator's own impressions, sealed; nobody else reads them.
  impressions_sealed blob not null,
  version integer not null,
  begun_at text not null,
  saved_at text not null,
  -- The last save's key: a page's own earlier save is no conflict.
  last_request text not null,
  -- From then on the notes are the responder's alone.
  handed_over_at text
) strict;
create index idx_talks_incident_id on talks (incident_id);
create index idx_talks_facilitator_id on talks (facilitator_id);

create table talk_notes (
  id blob primary key,
  invitation_id blob not null references invitations (id),
  incident_id blob not null references incidents (id),
  question integer not null,
  body_sealed blob not null,
  -- Something was said and nothing of it is written down.
  off_record integer not null,
  unique (invitation_id, question)
) strict;
create index idx_talk_notes_incident_id on talk_notes (incident_id);

-- Mail: what waits to be sent, where invitations go and what is written with them, who wants no more reminders, links that have ended.
create table outbox (
  id uuid primary key,
  -- account, one-on-one, reminder, quote-check or reset.
  kind text not null,
  person_id uuid not null references people (id),
  incident_id uuid references incidents (id),
  invitation_id uuid references invitations (id),
  -- Address, subject and text with its link, sealed; null once it was sent, stopped or given up.
  letter_sealed bytea,
  -- queued, sent, failed or stopped.
  state text not null,
  attempts bigint not null,
  -- Not before this.
  next_at timestamptz not null,
  -- One service is sending it; after this, another may.
  claimed_until timestamptz,
  -- A class, never what a server said; empty while nothing was in the way.
  last_error text not null,
  -- When it was to go first.
  created_at timestamptz not null,
  ended_at timestamptz
);
create index idx_outbox_state on outbox (state, next_at);
create index idx_outbox_person_id on outbox (person_id);
create index idx_outbox_incident_id on outbox (incident_id);
create index idx_outbox_invitation_id on outbox (invitation_id);

-- Where somebody without an account is written to, sealed.
alter table invitations add column address_sealed bytea;
-- What the facilitator wrote with it, sealed.
alter table invitations add column note_sealed bytea;
-- SHA-256 of the token by which somebody who is not signed in stops reminders.
alter table invitations add column stop_hash bytea;
alter table invitations add column reminders_off_at timestamptz;
create unique index idx_invitations_stop_hash on invitations (stop_hash);

-- Whether the facilitator is shown who named somebody: only where they agreed.
alter table nominations add column show_by boolean not null default false;

-- Personal links that ended, so that one explains itself to who still holds it.
create table ended_links (
  token_hash bytea primary key,
  invitation_id uuid not null references invitations (id),
  -- withdrawn, replaced or published.
  reason text not null,
  ended_at timestamptz not null
);
create index idx_ended_links_invitation_id on ended_links (invitation_id);

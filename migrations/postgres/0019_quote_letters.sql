-- Letters about quotes: a way in for authors without an account, and how often they were reminded.
-- SHA-256 of the token in such a letter; it opens the one conversation. It stands apart from the link that a facilitator made, whose
-- time they see: that a letter went tells whose words are quoted.
alter table invitations add column quotes_hash bytea;
alter table invitations add column quotes_until timestamptz;
-- Reminders of quotes that went: two at most, however often the time to answer changes.
alter table invitations add column quotes_reminded bigint not null default 0;
create unique index idx_invitations_quotes_hash on invitations (quotes_hash);

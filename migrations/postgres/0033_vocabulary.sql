-- Contributing factors get tags of a vocabulary that grows, and what else is known of them.
-- What an organisation added, and its own words for what is shipped; shipped entries as they came have no row.
create table vocabulary (
  tag text primary key,
  name text not null,
  definition text not null,
  example text not null,
  -- The group that it stands in; null: a group.
  parent text,
  -- One a line.
  synonyms text not null,
  retired_at timestamptz,
  -- What somebody decided counts for it.
  merged_into text,
  -- What counts for it in the end: itself, unless it is merged.
  counted text not null,
  version bigint not null,
  changed_at timestamptz not null
);

-- Every factor has one at least: "unsorted" while nobody has sorted it. `counted` is what the tag counts as; it follows merges and their undoing.
create table factor_tags (
  factor_id uuid not null references factors (id) on delete cascade,
  incident_id uuid not null references incidents (id),
  tag text not null,
  counted text not null,
  primary key (factor_id, tag)
);
insert into factor_tags (factor_id, incident_id, tag, counted) select id, incident_id, category, category from factors;
create index idx_factor_tags_incident_id on factor_tags (incident_id, counted);
create index idx_factor_tags_counted on factor_tags (counted, incident_id);

drop trigger search_factor_changed on factors;
drop index idx_factors_category;
drop index idx_factors_counted;
alter table factors drop column category;
alter table factors add column role text not null default 'contributor';
alter table factors add column phase text not null default '';
alter table factors add column known_before text not null default '';
alter table factors add column usual text not null default '';
alter table factors add column confidence text not null default '';
alter table factors add column state text not null default 'proposed';
alter table factors add column other_view text not null default '';
-- One address a line.
alter table factors add column evidence text not null default '';
-- What a published story says its group has agreed to.
update factors set state = 'agreed' where incident_id in (select id from incidents where published_at is not null);
create trigger search_factor_changed after update of body, other_view, incident_id on factors for each row execute function search_factor_stale();

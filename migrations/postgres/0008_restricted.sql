-- Restricted incidents exist for the people named on them alone; those in the trash for nobody.
alter table incidents add column restricted boolean not null default false;
alter table incidents add column trashed_at timestamptz;
alter table incidents add column trashed_by uuid references people (id);
create index idx_incidents_trashed_at on incidents (trashed_at);

-- Who is named on an incident: who entered it, who has a role in it, who was invited.
create view incident_people as
select id as incident_id, created_by as person_id from incidents where created_by is not null
union all
select incident_id, person_id from incident_roles
union all
select incident_id, person_id from invitations where state <> 'withdrawn';

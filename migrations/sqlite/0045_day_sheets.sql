-- What trends count of incidents, a row a day, kept up with each write: a look at a year reads its days and not its incidents.
create table day_sheets (
  -- In UTC.
  day text primary key,
  -- What is counted of each incident that began then, as the store writes it. Restricted and deleted ones stand on none.
  sheet text not null
) strict;
-- Days whose sheet the commit of the change itself writes anew. A day may stand here twice: who changes something waits for nobody else.
create table stale_days (
  number integer primary key,
  day text not null
) strict;
create index idx_stale_days_day on stale_days (day);

create trigger sheets_incident_added after insert on incidents begin
  insert into stale_days (day) values (substr(new.started_at, 1, 10));
end;
create trigger sheets_incident_removed after delete on incidents begin
  insert into stale_days (day) values (substr(old.started_at, 1, 10));
end;
create trigger sheets_incident_changed after update of number, started_at, resolved_at, published_at, team_id, severity, nature, restricted, trashed_at on incidents
when new.number is not old.number or new.started_at is not old.started_at or new.resolved_at is not old.resolved_at or new.published_at is not old.published_at or new.team_id is not old.team_id or new.severity is not old.severity or new.nature is not old.nature or new.restricted is not old.restricted or new.trashed_at is not old.trashed_at begin
  insert into stale_days (day) values (substr(old.started_at, 1, 10)), (substr(new.started_at, 1, 10));
end;
create trigger sheets_tag_added after insert on factor_tags begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_tag_removed after delete on factor_tags begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
end;
create trigger sheets_tag_changed after update of factor_id, incident_id, counted on factor_tags begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_service_added after insert on incident_services begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_service_removed after delete on incident_services begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
end;
create trigger sheets_service_changed after update of incident_id, service_id on incident_services begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_section_added after insert on sections when new.kind = 'went-right' begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_section_removed after delete on sections when old.kind = 'went-right' begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
end;
create trigger sheets_section_changed after update of incident_id, kind, body on sections when new.kind = 'went-right' or old.kind = 'went-right' begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_event_added after insert on events when new.kind = 'went-right' begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_event_removed after delete on events when old.kind = 'went-right' begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
end;
create trigger sheets_event_changed after update of incident_id, kind, deleted_at on events when new.kind = 'went-right' or old.kind = 'went-right' begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = old.incident_id;
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;
create trigger sheets_factor_changed after update of usual on factors when new.usual <> old.usual begin
  insert into stale_days (day) select substr(started_at, 1, 10) from incidents where id = new.incident_id;
end;

insert into stale_days (day) select distinct substr(started_at, 1, 10) from incidents;

-- Counting from the index alone also asks what an incident was.
drop index idx_incidents_counted;
create index idx_incidents_counted
  on incidents (started_at, number, published_at, resolved_at, team_id, severity, nature, restricted, trashed_at, id);
create index idx_incidents_restricted_started on incidents (started_at) where restricted;

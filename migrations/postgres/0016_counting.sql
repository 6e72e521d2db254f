-- What trends count is read from indexes alone, so that a year of many incidents is counted without their rows.
create index idx_incidents_counted on incidents (started_at, number, published_at, resolved_at, team_id, severity, restricted, trashed_at, id);
create index idx_factors_counted on factors (incident_id, category);
create index idx_events_went_right on events (incident_id) where kind = 'went-right' and deleted_at is null;

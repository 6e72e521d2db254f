-- When the sitting began in which the page saved this text by itself; null where somebody asked for it.
alter table section_versions add column began_at timestamptz;

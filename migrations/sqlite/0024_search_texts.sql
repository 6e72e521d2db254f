-- Words of events, factors, learnings and published stories, as the program writes them: what stands here may be found by everybody with
-- an account. Of a restricted or deleted incident, of a story before it is published, of what was removed, nothing stands here.
create table search_texts (
  number integer primary key,
  -- event, factor, learning or story.
  kind text not null,
  -- The thing's id; of a story the incident's.
  object_id blob not null,
  -- Which section of a story; else empty.
  part text not null,
  incident_id blob not null references incidents (id),
  -- Its own kind: of event or learning, category of factor, section.
  label text not null,
  -- When the incident began: the order of what is found.
  sort_at text not null,
  words text not null
) strict;
create unique index idx_search_texts_object on search_texts (kind, object_id, part);
create index idx_search_texts_incident_id on search_texts (incident_id);
create index idx_search_texts_order on search_texts (kind, sort_at, number);

-- What changed and whose words are to be written, by the commit of the change itself. Waiting: from before there was such a search.
create table search_stale (
  kind text not null,
  object_id blob not null,
  part text not null,
  waiting integer not null,
  primary key (kind, object_id, part)
) strict;
create index idx_search_stale_waiting on search_stale (waiting);

create virtual table search_words using fts5 (
  kind, words, content = 'search_texts', content_rowid = 'number', columnsize = 0,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
-- What is taken out is gone from the file, not only from the answers.
insert into search_words (search_words, rank) values ('secure-delete', 1);
create trigger search_words_added after insert on search_texts begin
  insert into search_words (rowid, kind, words) values (new.number, new.kind, new.words);
end;
create trigger search_words_removed after delete on search_texts begin
  insert into search_words (search_words, rowid, kind, words) values ('delete', old.number, old.kind, old.words);
end;
create trigger search_words_changed after update of words on search_texts when new.words <> old.words begin
  insert into search_words (search_words, rowid, kind, words) values ('delete', old.number, old.kind, old.words);
  insert into search_words (rowid, kind, words) values (new.number, new.kind, new.words);
end;

create trigger search_event_added after insert on events begin
  insert into search_stale (kind, object_id, part, waiting) values ('event', new.id, '', 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_event_changed after update of body, question, kind, incident_id, deleted_at on events begin
  insert into search_stale (kind, object_id, part, waiting) values ('event', new.id, '', 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_event_removed after delete on events begin
  delete from search_texts where kind = 'event' and object_id = old.id;
  delete from search_stale where kind = 'event' and object_id = old.id;
end;

create trigger search_factor_added after insert on factors begin
  insert into search_stale (kind, object_id, part, waiting) values ('factor', new.id, '', 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_factor_changed after update of body, category, incident_id on factors begin
  insert into search_stale (kind, object_id, part, waiting) values ('factor', new.id, '', 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_factor_removed after delete on factors begin
  delete from search_texts where kind = 'factor' and object_id = old.id;
  delete from search_stale where kind = 'factor' and object_id = old.id;
end;

create trigger search_learning_added after insert on learnings begin
  insert into search_stale (kind, object_id, part, waiting) values ('learning', new.id, '', 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_learning_changed after update of body, body_before, kind, incident_id on learnings begin
  insert into search_stale (kind, object_id, part, waiting) values ('learning', new.id, '', 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_learning_removed after delete on learnings begin
  delete from search_texts where kind = 'learning' and object_id = old.id;
  delete from search_stale where kind = 'learning' and object_id = old.id;
end;

create trigger search_section_added after insert on sections begin
  insert into search_stale (kind, object_id, part, waiting) values ('story', new.incident_id, new.kind, 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_section_changed after update of body on sections begin
  insert into search_stale (kind, object_id, part, waiting) values ('story', new.incident_id, new.kind, 0)
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_section_removed after delete on sections begin
  delete from search_texts where kind = 'story' and object_id = old.incident_id and part = old.kind;
  delete from search_stale where kind = 'story' and object_id = old.incident_id and part = old.kind;
end;

-- In the very statement in which an incident is restricted or deleted its words are gone; when it comes back they are written again.
create trigger search_incident_hidden after update of restricted, trashed_at on incidents
when new.restricted or new.trashed_at is not null begin
  delete from search_texts where incident_id = new.id;
end;
create trigger search_incident_shown after update of restricted, trashed_at on incidents
when not new.restricted and new.trashed_at is null and (old.restricted or old.trashed_at is not null) begin
  insert into search_stale (kind, object_id, part, waiting)
  select 'event', id, '', 0 from events where incident_id = new.id and deleted_at is null
  on conflict (kind, object_id, part) do update set waiting = 0;
  insert into search_stale (kind, object_id, part, waiting)
  select 'factor', id, '', 0 from factors where incident_id = new.id
  on conflict (kind, object_id, part) do update set waiting = 0;
  insert into search_stale (kind, object_id, part, waiting)
  select 'learning', id, '', 0 from learnings where incident_id = new.id
  on conflict (kind, object_id, part) do update set waiting = 0;
  insert into search_stale (kind, object_id, part, waiting)
  select 'story', incident_id, kind, 0 from sections where incident_id = new.id
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_incident_published after update of published_at on incidents
when new.published_at is not old.published_at begin
  delete from search_texts where kind = 'story' and object_id = new.id and new.published_at is null;
  insert into search_stale (kind, object_id, part, waiting)
  select 'story', incident_id, kind, 0 from sections where incident_id = new.id
  on conflict (kind, object_id, part) do update set waiting = 0;
end;
create trigger search_incident_moved after update of started_at on incidents when new.started_at <> old.started_at begin
  update search_texts set sort_at = new.started_at where incident_id = new.id;
end;

-- Titles and summaries of deleted incidents leave their index, too.
drop trigger incident_words_changed;
create trigger incident_words_changed after update of search_folded, restricted, trashed_at on incidents
when new.search_folded <> old.search_folded or new.restricted <> old.restricted or (new.trashed_at is null) <> (old.trashed_at is null) begin
  delete from incident_words where rowid = old.number;
  insert into incident_words (rowid, words) select new.number, new.search_folded where not new.restricted and new.trashed_at is null;
end;
delete from incident_words where rowid in (select number from incidents where trashed_at is not null);

insert into search_stale (kind, object_id, part, waiting) select 'event', id, '', 1 from events where deleted_at is null;
insert into search_stale (kind, object_id, part, waiting) select 'factor', id, '', 1 from factors;
insert into search_stale (kind, object_id, part, waiting) select 'learning', id, '', 1 from learnings;
insert into search_stale (kind, object_id, part, waiting)
select 'story', s.incident_id, s.kind, 1 from sections s join incidents i on i.id = s.incident_id where i.published_at is not null;

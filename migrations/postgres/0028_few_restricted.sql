-- Restricted incidents are few: a search begins at them, and not at the thousands that somebody is named on.
create index idx_incidents_restricted on incidents (number) where restricted;

-- Words by kind: most texts are events, and a word that many of them have was looked for among all.
create index search_event_words on search_texts
  using gin (array_to_tsvector(array_remove(string_to_array(words, ' '), ''))) where kind = 'event';
create index search_factor_words on search_texts
  using gin (array_to_tsvector(array_remove(string_to_array(words, ' '), ''))) where kind = 'factor';
create index search_learning_words on search_texts
  using gin (array_to_tsvector(array_remove(string_to_array(words, ' '), ''))) where kind = 'learning';
create index search_story_words on search_texts
  using gin (array_to_tsvector(array_remove(string_to_array(words, ' '), ''))) where kind = 'story';
drop index search_texts_words;

//! Pieces of a page that were drawn before. Drawing a row costs a hundred times as much as finding it again.

use leptos::prelude::*;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::hash::Hash;
use std::sync::Arc;

/// What one kind of piece may take, in bytes of HTML.
const ROOM: u64 = 4 * 1024 * 1024;

/// HTML by everything that it depends on: who asks for the same key gets the same piece, so that nothing is ever out of date. What the
/// drawing reads, the key holds; nothing of a confidential text belongs in here.
pub struct Kept<K>(Cache<K, Arc<str>, Size>);

#[derive(Clone)]
struct Size;

impl<K> Weighter<K, Arc<str>> for Size {
    fn weight(&self, _: &K, html: &Arc<str>) -> u64 {
        html.len() as u64
    }
}

impl<K: Eq + Hash + Clone> Default for Kept<K> {
    fn default() -> Self {
        Self(Cache::with_weighter(4096, ROOM, Size))
    }
}

/// Pieces one after the other, none of which a browser wakes. Only drawing puts anything in: no string becomes HTML here.
#[derive(Default)]
pub struct Pieces(String);

impl Pieces {
    /// Draws a piece.
    pub fn draw(&mut self, view: impl IntoView) {
        // The markers between nodes serve waking alone.
        self.0 += &view.into_view().to_html().replace("<!>", "");
    }

    /// The piece of this key; drawn where it is not kept.
    pub fn keep<K, V>(&mut self, kept: &Kept<K>, key: &K, draw: impl FnOnce() -> V)
    where
        K: Eq + Hash + Clone,
        V: IntoView,
    {
        if let Some(html) = kept.0.get(key) {
            self.0 += &html;
            return;
        }
        let begin = self.0.len();
        self.draw(draw());
        kept.0.insert(key.clone(), self.0[begin..].into());
    }

    /// The rows of a table, each a row.
    pub fn rows(self) -> impl IntoView {
        view! { <tbody inner_html=self.0></tbody> }
    }

    /// An ordered list of them, each an item.
    pub fn list(self, class: &'static str) -> impl IntoView {
        view! { <ol class=class inner_html=self.0></ol> }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_drawn_once_a_key_and_stays_escaped() {
        let kept: Kept<(u8, String)> = Kept::default();
        let mut times = 0;
        let mut pieces = Pieces::default();
        for word in ["<b>", "<b>", "calm"] {
            pieces.keep(&kept, &(1, word.to_owned()), || {
                times += 1;
                view! { <li>{word}" and on"</li> }
            });
        }
        assert_eq!(times, 2);
        assert_eq!(pieces.0, "<li>&lt;b&gt; and on</li><li>&lt;b&gt; and on</li><li>calm and on</li>");
    }

    #[test]
    fn more_than_there_is_room_for_is_let_go() {
        let kept: Kept<u32> = Kept::default();
        let long = "x".repeat(64 * 1024);
        for n in 0..200 {
            Pieces::default().keep(&kept, &n, || view! { <li>{long.clone()}</li> });
        }
        assert!(kept.0.weight() <= ROOM);
    }
}

//! Known ways in which words that were given without a name have told their author elsewhere, one test for each; and every
//! audience at every outlet, for everybody.

mod outlets;
mod promised;
mod pulse;
mod scene;
mod sent;
mod shown;

use server::router::table;

/// The endpoints of which a part of the path is one of these words.
fn routes_with(words: &[&str]) -> Vec<&'static str> {
    let all = table();
    assert!(all.iter().any(|e| e.path.split('/').any(|part| part == "overview")), "the table is the service's own");
    all.iter().map(|e| e.path).filter(|path| path.split(['/', '.', '-']).any(|part| words.contains(&part))).collect()
}

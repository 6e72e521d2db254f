//! The vocabulary of factors and the form about a factor, as people meet them.

use crate::support::App;
use domain::vocabulary::Tag;

both_engines! {
    a_factor_is_a_sentence_with_tags_and_what_is_known_of_it,
    a_refused_factor_keeps_what_was_typed,
    tags_are_added_renamed_retired_merged_and_split,
    everybody_reads_the_vocabulary_and_few_keep_it,
}

async fn a_factor_is_a_sentence_with_tags_and_what_is_known_of_it(app: App) {
    let world = app.world().await;
    let tab = format!("/incidents/{}/factors", world.review.key);
    let frida = app.as_(&world.people.facilitator).await;
    frida
        .get(&tab)
        .await
        .ok()
        .shows("Could it be true if other people had been on shift?")
        .shows("A resource or a quota reached its limit.");
    let fields = [
        ("factor", "The graph showed an average"),
        ("tag", "observability"),
        ("tag", "capacity"),
        ("tag", "no-such-tag"),
        ("role", "difficulty"),
        ("phase", "diagnosis"),
        ("known_before", "written"),
        ("usual", "normal"),
        ("confidence", "several"),
        ("state", "disputed"),
        ("other_view", "It was on the *other* screen"),
        ("evidence", "https://graphs.example/1\r\n/incidents/INC-1#e-1"),
    ];
    let added = frida.post(&tab, &fields).await;
    let page = frida.follow(&added).await;
    page.ok().shows("What else had to be true?").shows("Observability").shows("Capacity").hides("no-such-tag");
    page.shows("Made it harder to deal with · Finding out · It was written down · It is the normal state · Told by several");
    page.shows("Seen in different ways").shows("It was on the <em>other</em> screen");
    page.shows("href=\"https://graphs.example/1\" rel=\"noopener noreferrer nofollow\"").shows("href=\"/incidents/INC-1#e-1\"");
    let edit = added.location().split("#f-").nth(1).map(|id| format!("{tab}/{id}")).unwrap();
    let form = frida.get(&edit).await;
    form.ok().shows("value=\"capacity\" checked").shows("It was on the *other* screen").shows("graphs.example/1");
    // Everybody who sees the incident sees both views; nobody else has the form.
    let otto = app.as_(&world.people.outsider).await;
    otto.get(&tab).await.ok().shows("other</em> screen").hides("Add a factor").hides("What else had to be true?");
    // In the history it stands in words.
    let history = format!("/incidents/{}/history?kind=factor", world.review.key);
    frida.get(&history).await.ok().shows("How well it is known").shows("Capacity, Observability");
}

async fn a_refused_factor_keeps_what_was_typed(app: App) {
    let world = app.world().await;
    let tab = format!("/incidents/{}/factors", world.review.key);
    let frida = app.as_(&world.people.facilitator).await;
    let fields = [("factor", "Mine"), ("tag", "capacity"), ("other_view", "Theirs"), ("evidence", "javascript:alert(1)")];
    let refused = frida.post(&tab, &fields).await;
    refused.is(422).shows("id=\"evidence-error\"").shows("Mine").shows("Theirs").shows("value=\"capacity\" checked");
}

async fn tags_are_added_renamed_retired_merged_and_split(app: App) {
    let world = app.world().await;
    let frida = app.as_(&world.people.facilitator).await;
    let refused =
        frida.post("/vocabulary", &[("name", "Capacity"), ("definition", "Typed already"), ("parent", "condition")]).await;
    refused.is(422).shows("id=\"name-error\"").shows("Typed already");
    let said =
        [("name", "Phase of the moon"), ("definition", "It was full."), ("parent", "condition"), ("synonyms", "tide, ebb")];
    let added = frida.post("/vocabulary", &said).await;
    assert!(added.location().ends_with("#t-phase-of-the-moon"), "{}", added.location());
    frida.follow(&added).await.ok().shows("Phase of the moon").shows("tide, ebb").shows("Ours");
    let one = "/vocabulary/phase-of-the-moon";
    let change = [("name", "Moon"), ("definition", "It was full."), ("parent", "condition"), ("version", "1")];
    frida.post(one, &change).await.is(303);
    frida.post(one, &change).await.is(409).shows("Somebody saved while you were writing.");
    let tab = format!("/incidents/{}/factors", world.review.key);
    frida.post(&tab, &[("factor", "A high tide"), ("tag", "phase-of-the-moon")]).await.is(303);
    frida.get(&tab).await.ok().shows(">Moon<").shows("/incidents?factor=phase-of-the-moon");
    let ada = app.as_(&world.people.admin).await;
    ada.post(&format!("{one}/merge"), &[("into", "phase-of-the-moon")]).await.is(422).shows("id=\"into-error\"");
    ada.post(&format!("{one}/merge"), &[("into", "environment")]).await.is(303);
    frida.get(&tab).await.ok().shows("Surroundings").shows("/incidents?factor=environment");
    frida.get("/incidents?factor=phase-of-the-moon").await.ok().shows(&world.review.key.to_string()).shows("Surroundings");
    ada.get(one).await.ok().shows("It counts as Surroundings, everywhere.");
    ada.post(&format!("{one}/split"), &[]).await.is(303);
    frida.get(&tab).await.ok().shows("/incidents?factor=phase-of-the-moon");
    ada.post(&format!("{one}/retire"), &[("retired", "yes")]).await.is(303);
    frida.get(&tab).await.ok().hides("value=\"phase-of-the-moon\"").shows(">Moon<");
    let words = store::vocabulary::words(&app.store, app.now()).await;
    assert!(words.find(&Tag::parse("phase-of-the-moon").unwrap()).unwrap().retired);
}

async fn everybody_reads_the_vocabulary_and_few_keep_it(app: App) {
    let world = app.world().await;
    for reader in [&world.people.outsider, &world.people.leader] {
        let reader = app.as_(reader).await;
        reader
            .get("/vocabulary")
            .await
            .ok()
            .shows("Vocabulary of factors")
            .shows("Tech debt")
            .hides("Add a tag")
            .hides("canary-");
        reader.get("/vocabulary/capacity").await.is(404);
        reader.post("/vocabulary", &[("name", "x")]).await.is(404);
    }
    let frida = app.as_(&world.people.facilitator).await;
    frida.get("/vocabulary/no-such-tag").await.is(404);
    frida.get("/vocabulary/capacity").await.ok().shows("Merge").shows("Retire");
}

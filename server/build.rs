//! Embeds the site: reads the manifest that `tools/site` wrote and generates the table of files for `src/assets.rs`.
//! Without a manifest the table is empty, so that `cargo check` and unit tests need no browser build.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SECOND_STORY_SITE");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let site = match env::var_os("SECOND_STORY_SITE") {
        Some(folder) => root.join(folder),
        None => root.join("target/site").join(env::var("PROFILE")?),
    };
    let manifest = site.join("manifest.txt");
    if !manifest.exists() {
        // Cargo would run this again and again for a file that is not there; an empty one waits to be written.
        fs::create_dir_all(&site)?;
        fs::write(&manifest, "")?;
    }
    println!("cargo::rerun-if-changed={}", manifest.display());

    let mut table = String::from("pub(super) static ASSETS: &[Asset] = &[\n");
    for line in fs::read_to_string(&manifest)?.lines() {
        let [logical, name, content_type] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("{}: not three columns: {line}", manifest.display()).into());
        };
        let path = site.join(name).canonicalize()?;
        let br = match site.join(format!("{name}.br")).canonicalize() {
            Ok(br) => format!("Some(include_bytes!({br:?}))"),
            Err(_) => "None".to_owned(),
        };
        let start = format!("logical: {logical:?}, path: {name:?}, content_type: {content_type:?}");
        writeln!(table, "    Asset {{ {start}, bytes: include_bytes!({path:?}), br: {br} }},")?;
    }
    table.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("assets.rs"), table)?;
    Ok(())
}

//! The two steps that transform: the wasm module into module and glue, the style sheets into one.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use wasm_bindgen_cli_support::Bindgen;

use crate::{Flavour, Result};

/// Features that every browser of the last four years has. Never `--all-features`: browsers refuse some of those.
const WASM_OPT: [&str; 9] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];

/// The browser's half of the app.
pub(crate) struct Module {
    /// The glue: `default` export takes the module's address, `hydrate` wakes the islands.
    pub(crate) js: Vec<u8>,
    pub(crate) wasm: Vec<u8>,
}

/// Runs wasm-bindgen over what cargo built and, for a release, wasm-opt over the result. `work` is for files in between.
pub(crate) fn module(wasm: &Path, work: &Path, flavour: Flavour) -> Result<Module> {
    if work.exists() {
        fs::remove_dir_all(work)?;
    }
    let mut output = Bindgen::new()
        .input_path(wasm)
        .out_name("frontend")
        .web(true)?
        .typescript(false)
        .demangle(false)
        .keep_debug(false)
        .remove_name_section(flavour == Flavour::Release)
        .remove_producers_section(true)
        // The page passes the module's hashed address; a default would name a file that does not exist.
        .omit_default_module_path(true)
        .generate_output()?;
    let snippets = output.snippets().iter().filter(|(_, files)| !files.is_empty()).map(|(name, _)| name);
    if let Some(name) = snippets.chain(output.local_modules().keys()).next() {
        return Err(format!("{name} brings JavaScript files of its own; this tool writes one glue file only").into());
    }
    output.emit(work)?;
    let bound = work.join("frontend_bg.wasm");
    if flavour == Flavour::Release {
        let optimiser = Path::new("node_modules/.bin/wasm-opt");
        if optimiser.exists() {
            let small = work.join("small.wasm");
            run(Command::new(optimiser).args(WASM_OPT).arg(&bound).arg("-o").arg(&small))?;
            fs::rename(small, &bound)?;
        } else {
            println!("site: wasm-opt is not here; the module is about twice as large as it could be");
        }
    }
    let module = Module { js: fs::read(work.join("frontend.js"))?, wasm: fs::read(&bound)? };
    fs::remove_dir_all(work)?;
    Ok(module)
}

/// Bundles `style/main.css` and writes the hashed name of each file that it refers to as `/assets/<logical>`. The styles lie beside
/// those files, so the name alone finds them wherever the site lies.
pub(crate) fn styles(names: &BTreeMap<String, String>) -> Result<Vec<u8>> {
    let bundler = Path::new("node_modules/.bin/lightningcss");
    if !bundler.exists() {
        return Err("the style bundler is not here: run `make setup`".into());
    }
    let output = run(Command::new(bundler).args(["--bundle", "--minify", "style/main.css"]))?;
    Ok(with_hashed_names(String::from_utf8(output.stdout)?, names)?.into_bytes())
}

fn with_hashed_names(css: String, names: &BTreeMap<String, String>) -> Result<String> {
    let mut parts = css.split("/assets/");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([')', '"', '\'', '#', '?']).unwrap_or(part.len());
        let (logical, rest) = part.split_at(end);
        let name = names.get(logical).ok_or_else(|| format!("the styles name /assets/{logical}, which is not in style/"))?;
        out.push_str(&format!("{name}{rest}"));
    }
    Ok(out)
}

fn run(command: &mut Command) -> Result<Output> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("{command:?} failed\n{}", String::from_utf8_lossy(&output.stderr)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> BTreeMap<String, String> {
        BTreeMap::from([("inter.woff2".to_owned(), "inter-0123456789.woff2".to_owned())])
    }

    #[test]
    fn styles_refer_to_the_hashed_names() {
        let css = "@font-face{src:url(/assets/inter.woff2)format(\"woff2\")}a{b:url(\"/assets/inter.woff2\")}";
        assert_eq!(
            with_hashed_names(css.to_owned(), &names()).expect("is known"),
            "@font-face{src:url(inter-0123456789.woff2)format(\"woff2\")}a{b:url(\"inter-0123456789.woff2\")}"
        );
    }

    #[test]
    fn styles_that_name_a_missing_file_are_refused() {
        let error = with_hashed_names("a{b:url(/assets/gone.woff2)}".to_owned(), &names()).expect_err("is unknown");
        assert!(error.to_string().contains("gone.woff2"));
    }
}

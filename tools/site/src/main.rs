//! Turns the wasm module, styles, icons and fonts into hashed, compressed files under `target/site/<flavour>`, and lists
//! them in `manifest.txt`, from which `server/build.rs` embeds them. `site WASM release|debug`, run in the workspace's root.

mod bundle;

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use sha2::{Digest, Sha256};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How much effort goes into size: `Release` is what people load, `Debug` is quick to make.
#[derive(Clone, Copy, PartialEq)]
enum Flavour {
    Release,
    Debug,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (wasm, flavour) = match arguments.as_slice() {
        [wasm, flavour] if flavour == "release" => (wasm, Flavour::Release),
        [wasm, flavour] if flavour == "debug" => (wasm, Flavour::Debug),
        _ => {
            eprintln!("usage: site WASM release|debug (in the workspace's root)");
            return ExitCode::from(2);
        }
    };
    match build(Path::new(wasm), flavour) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("site: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(wasm: &Path, flavour: Flavour) -> Result<()> {
    let out = Path::new("target/site").join(if flavour == Flavour::Release { "release" } else { "debug" });
    let stamp = out.join("stamp");
    let inputs = inputs_hash(wasm)?;
    if fs::read_to_string(&stamp).is_ok_and(|old| old == inputs) && is_whole(&out) {
        println!("site: nothing changed");
        return Ok(());
    }
    fs::create_dir_all(&out)?;
    // Gone first: a run that breaks off is done again.
    let _ = fs::remove_file(&stamp);

    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for font in fonts()? {
        files.insert(file_name(&font), fs::read(&font)?);
    }
    for picture in ["sprite.svg", "favicon.svg"] {
        files.insert(picture.to_owned(), fs::read(Path::new("style").join(picture))?);
    }
    let css = bundle::styles(&files.iter().map(|(logical, bytes)| (logical.clone(), hashed(logical, bytes))).collect())?;
    files.insert("main.css".to_owned(), css);
    let module = bundle::module(wasm, &out.join("work"), flavour)?;
    files.insert("frontend.js".to_owned(), module.js);
    files.insert("frontend.wasm".to_owned(), module.wasm);

    write(&out, &files, flavour)?;
    fs::write(stamp, inputs)?;
    Ok(())
}

/// Writes every file under its hashed name, its brotli twin where that is smaller, the manifest, and removes what is old.
fn write(out: &Path, files: &BTreeMap<String, Vec<u8>>, flavour: Flavour) -> Result<()> {
    let mut manifest = String::new();
    let mut keep = vec!["manifest.txt".to_owned()];
    for (logical, bytes) in files {
        let name = hashed(logical, bytes);
        let content_type = content_type(logical)?;
        fs::write(out.join(&name), bytes)?;
        manifest.push_str(&format!("{logical}\t{name}\t{content_type}\n"));
        let mut line = format!("site: {logical} {} bytes", bytes.len());
        // A woff2 font is brotli already.
        if !logical.ends_with(".woff2") {
            let small = compress(bytes, if flavour == Flavour::Release { 11 } else { 5 })?;
            if small.len() < bytes.len() {
                line.push_str(&format!(", {} as brotli", small.len()));
                fs::write(out.join(format!("{name}.br")), small)?;
                keep.push(format!("{name}.br"));
            }
        }
        println!("{line}");
        keep.push(name);
    }
    for entry in fs::read_dir(out)? {
        let path = entry?.path();
        if path.is_file() && !keep.contains(&file_name(&path)) {
            fs::remove_file(path)?;
        }
    }
    let manifest_path = out.join("manifest.txt");
    // The server is compiled anew when this file is touched: leave it alone when it says the same.
    if fs::read_to_string(&manifest_path).is_ok_and(|old| old == manifest) {
        return Ok(());
    }
    let fresh = out.join("manifest.new");
    fs::write(&fresh, manifest)?;
    fs::rename(fresh, manifest_path)?;
    Ok(())
}

/// `main.css` with these bytes becomes `main-0123456789.css`: the name says the content, so it may be cached for ever.
fn hashed(logical: &str, bytes: &[u8]) -> String {
    let digest = hex(&Sha256::digest(bytes));
    let (stem, extension) = logical.rsplit_once('.').unwrap_or((logical, "bin"));
    format!("{stem}-{}.{extension}", &digest[..10])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn compress(bytes: &[u8], quality: u32) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, quality, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn content_type(logical: &str) -> Result<&'static str> {
    Ok(match logical.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        _ => return Err(format!("no content type is known for {logical}").into()),
    })
}

/// One hash over everything that the result depends on: the module, `style/`, the pinned tools, and this program.
fn inputs_hash(wasm: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    let mut inputs = vec![wasm.to_owned(), PathBuf::from("package-lock.json")];
    inputs.extend(fonts()?);
    for entry in fs::read_dir("style")? {
        inputs.push(entry?.path());
    }
    inputs.sort();
    for path in inputs.iter().filter(|path| path.is_file()) {
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        hash.update(format!("{} {}\n", path.display(), bytes.len()));
        hash.update(bytes);
    }
    let program = fs::metadata(env::current_exe()?)?;
    hash.update(format!("{:?} {}", program.modified()?, Path::new("node_modules/.bin/wasm-opt").exists()));
    Ok(hex(&hash.finalize()))
}

fn is_whole(out: &Path) -> bool {
    let Ok(manifest) = fs::read_to_string(out.join("manifest.txt")) else { return false };
    manifest.lines().all(|line| line.split('\t').nth(1).is_some_and(|name| out.join(name).is_file()))
}

fn fonts() -> Result<Vec<PathBuf>> {
    let mut fonts = Vec::new();
    for entry in fs::read_dir("style/fonts")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "woff2") {
            fonts.push(path);
        }
    }
    fonts.sort();
    Ok(fonts)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_and_only_with_it() {
        assert_eq!(hashed("main.css", b"a{}"), hashed("main.css", b"a{}"));
        assert_ne!(hashed("main.css", b"a{}"), hashed("main.css", b"b{}"));
        assert_eq!(hashed("main.css", b""), "main-e3b0c44298.css");
    }

    #[test]
    fn what_is_compressed_comes_back_whole() {
        let text = "second story ".repeat(500);
        let small = compress(text.as_bytes(), 11).expect("compresses");
        assert!(small.len() < text.len() / 10);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut small.as_slice(), &mut back).expect("is brotli");
        assert_eq!(back, text.as_bytes());
    }

    #[test]
    fn an_unknown_kind_of_file_is_refused() {
        assert!(content_type("secrets.txt").is_err());
    }
}

//! The instance key: a 0600 file in the data folder, made on first start, or a mounted secret.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use store::{InstanceKey, random};

/// Where the key lies unless `--key-file` names another place.
pub fn key_path(data: &Path) -> PathBuf {
    data.join("secrets").join("instance.key")
}

/// Reads the key, or makes it where there is none yet and `may_create` says so.
///
/// # Errors
/// A sentence for the operator.
pub fn instance_key(path: &Path, may_create: bool) -> Result<InstanceKey, String> {
    let told = |what: &str, e: &io::Error| format!("cannot {what} the instance key {}: {e}", path.display());
    match fs::read(path) {
        Ok(bytes) => parse(&bytes)
            .map(InstanceKey::new)
            .ok_or_else(|| format!("{} does not hold 32 bytes in hex; is it the right file?", path.display())),
        Err(e) if e.kind() == io::ErrorKind::NotFound && may_create => {
            match write_private(path, &hex(&random::bytes::<32>())) {
                // Several processes that start at once all take the key of the first.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                written => written.map_err(|e| told("write", &e))?,
            }
            instance_key(path, false)
        }
        Err(e) => Err(told("read", &e)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn parse(bytes: &[u8]) -> Option<[u8; 32]> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let digits: Vec<u8> =
        text.as_bytes().chunks(2).map(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok()).collect::<Option<_>>()?;
    digits.try_into().ok()
}

/// Whatever this process writes from now on is for its owner alone, in whatever folder it lies.
pub fn private_files() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Makes a folder that only its owner may enter.
///
/// # Errors
/// What the file system said.
pub fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Writes a file that only its owner may read, durably, wholly or not at all, and never over an existing one.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    private_folder(folder)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let part = folder.join(format!(".{}.part", random::id().simple()));
    let mut file = options.open(&part)?;
    let written = writeln!(file, "{text}").and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&part, path));
    fs::remove_file(&part)?;
    written?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_read_again() {
        let folder = tempfile::tempdir().expect("folder");
        let path = key_path(folder.path());
        assert!(instance_key(&path, false).is_err(), "never made by a command that only reads");
        let made = instance_key(&path, true).expect("made");
        assert_eq!(instance_key(&path, true).expect("read").id(), made.id());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "nonsense").expect("write");
        assert!(instance_key(&path, true).is_err(), "a damaged key is never replaced");
    }
}

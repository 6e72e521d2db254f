//! Which way up a photo is held: the one thing of EXIF that draws. Read from the block that a camera wrote, written alone.

/// The tag in the first directory (EXIF 2.32, 4.6.4: Orientation, SHORT).
const TAG: u16 = 0x0112;
/// Entries that a directory of a camera may have.
const ENTRIES: u16 = 512;

/// 2 to 8, where the block says so; 1 is as it lies, and anything else is nothing.
pub(super) fn read(tiff: &[u8]) -> Option<u8> {
    let little = match tiff.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let offset: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = usize::try_from(if little { u32::from_le_bytes(offset) } else { u32::from_be_bytes(offset) }).ok()?;
    let count = short(first)?.min(ENTRIES);
    let found = (0..usize::from(count)).find_map(|n| {
        let entry = first.checked_add(2)?.checked_add(n * 12)?;
        (short(entry)? == TAG).then(|| short(entry.checked_add(8)?)).flatten()
    })?;
    u8::try_from(found).ok().filter(|way| (2..=8).contains(way))
}

/// A block that says this and nothing else.
pub(super) fn write(orientation: u8) -> [u8; 26] {
    // Big-endian; one directory at 8 with one entry: tag 0x0112, SHORT, one, the value; no other directory.
    [b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
}

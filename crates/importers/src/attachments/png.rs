//! PNG (ISO/IEC 15948): chunks with checksums. Those that draw stay; text, times, profiles with their names, EXIF and foreign ones go.

use super::{Drawn, Reader, as_shown, be32, orientation};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What draws, animation among it.
const DRAW: [&[u8; 4]; 13] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"acTL", b"fcTL", b"fdAT"];

/// `None`: cut off or damaged.
pub(super) fn drawn(bytes: &[u8]) -> Option<Drawn> {
    let mut reader = Reader { rest: bytes };
    if reader.take(8)? != SIGNATURE {
        return None;
    }
    let (mut out, mut size, mut has_pixels, mut way) = (SIGNATURE.to_vec(), None, false, None);
    loop {
        let whole = reader.rest;
        let length = usize::try_from(be32(reader.take(4)?)?).ok()?;
        let name: &[u8; 4] = reader.take(4)?.try_into().ok()?;
        let data = reader.take(length)?;
        let sum = be32(reader.take(4)?)?;
        if checksum(&[name, data]) != sum {
            return None;
        }
        match (name, size) {
            (b"IHDR", None) if length == 13 => size = Some((be32(data)?, be32(data.get(4..)?)?)),
            // The header comes first and once.
            (b"IHDR", _) | (_, None) => return None,
            (b"eXIf", _) => {
                way = way.or(orientation::read(data));
                continue;
            }
            (b"IDAT", _) => has_pixels = true,
            (b"IEND", _) => {
                if let Some(way) = way {
                    put(&mut out, b"eXIf", &orientation::write(way))?;
                }
                out.extend_from_slice(whole.get(..length.checked_add(12)?)?);
                return has_pixels.then_some(Drawn { bytes: out, size: as_shown(size?, way) });
            }
            _ => {}
        }
        if DRAW.contains(&name) {
            out.extend_from_slice(whole.get(..length.checked_add(12)?)?);
        }
    }
}

fn put(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Option<()> {
    out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_be_bytes());
    out.extend_from_slice(name);
    out.extend_from_slice(data);
    out.extend_from_slice(&checksum(&[name, data]).to_be_bytes());
    Some(())
}

/// CRC-32 as PNG's annex D has it.
pub(super) fn checksum(parts: &[&[u8]]) -> u32 {
    const TABLE: [u32; 256] = table();
    let mut sum = u32::MAX;
    for byte in parts.iter().copied().flatten() {
        sum = TABLE[usize::from((sum as u8) ^ byte)] ^ (sum >> 8);
    }
    !sum
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let (mut value, mut bit) = (n as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[n] = value;
        n += 1;
    }
    table
}

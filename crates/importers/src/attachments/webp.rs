//! WebP (RFC 9649): RIFF chunks. Those that draw stay; EXIF, XMP, profiles and foreign ones go, and the flags that announce them.

use super::{Drawn, Reader, as_shown, le16, le32, orientation};

const EXIF_FLAG: u8 = 0b0000_1000;
/// Profile, EXIF and XMP.
const ANNOUNCED: u8 = 0b0010_1100;

/// `None`: cut off or damaged.
pub(super) fn drawn(bytes: &[u8]) -> Option<Drawn> {
    let length = usize::try_from(le32(bytes.get(4..)?)?).ok()?;
    let mut reader = Reader { rest: bytes.get(12..length.checked_add(8)?)? };
    let (mut body, mut size, mut has_pixels, mut extended, mut way) = (Vec::with_capacity(bytes.len()), None, false, None, None);
    while !reader.rest.is_empty() {
        let name: &[u8; 4] = reader.take(4)?.try_into().ok()?;
        let data = chunk(&mut reader)?;
        match name {
            b"VP8X" => {
                if size.is_some() || data.len() != 10 {
                    return None;
                }
                size = Some((wide(data.get(4..)?)?, wide(data.get(7..)?)?));
                extended = Some(data);
            }
            b"VP8 " | b"VP8L" => {
                let own = if name == b"VP8 " { lossy(data)? } else { lossless(data)? };
                // A canvas that claims another size than its picture is none of ours.
                if *size.get_or_insert(own) != own {
                    return None;
                }
                has_pixels = true;
                put(&mut body, name, data)?;
            }
            b"ANMF" => {
                // A frame begins with its place, size and time, and holds chunks of its own.
                let (head, inner) = data.split_at_checked(16)?;
                let (left, top, width, height) =
                    (wide(head)?, wide(head.get(3..)?)?, wide(head.get(6..)?)?, wide(head.get(9..)?)?);
                let (canvas_width, canvas_height) = size?;
                if (left - 1) * 2 + width > canvas_width || (top - 1) * 2 + height > canvas_height {
                    return None;
                }
                let mut frame = head.to_vec();
                let mut inner = Reader { rest: inner };
                while !inner.rest.is_empty() {
                    let name: &[u8; 4] = inner.take(4)?.try_into().ok()?;
                    let data = chunk(&mut inner)?;
                    if matches!(name, b"ALPH" | b"VP8 " | b"VP8L") {
                        put(&mut frame, name, data)?;
                    }
                }
                has_pixels = true;
                put(&mut body, name, &frame)?;
            }
            b"ALPH" | b"ANIM" => put(&mut body, name, data)?,
            // Some writers put the name of a JPEG's segment before the block.
            b"EXIF" => way = way.or(orientation::read(data.strip_prefix(b"Exif\0\0").unwrap_or(data))),
            _ => {}
        }
    }
    let size = size.filter(|_| has_pixels)?;
    let mut inner = b"WEBP".to_vec();
    // What a plain picture cannot say needs no block of its own.
    let way = way.filter(|_| extended.is_some());
    if let Some(head) = extended {
        let mut head = head.to_vec();
        let flags = head.first_mut()?;
        *flags &= !ANNOUNCED;
        if way.is_some() {
            *flags |= EXIF_FLAG;
        }
        put(&mut inner, b"VP8X", &head)?;
    }
    inner.extend_from_slice(&body);
    if let Some(way) = way {
        put(&mut inner, b"EXIF", &orientation::write(way))?;
    }
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&u32::try_from(inner.len()).ok()?.to_le_bytes());
    out.extend_from_slice(&inner);
    Some(Drawn { bytes: out, size: as_shown(size, way) })
}

/// A chunk's data behind its name; an odd length is filled up.
fn chunk<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = usize::try_from(le32(reader.take(4)?)?).ok()?;
    let data = reader.take(length)?;
    if length % 2 == 1 {
        // The last filling byte is left out by some writers.
        let _ = reader.take(1);
    }
    Some(data)
}

fn put(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Option<()> {
    out.extend_from_slice(name);
    out.extend_from_slice(&u32::try_from(data.len()).ok()?.to_le_bytes());
    out.extend_from_slice(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
    Some(())
}

/// Three bytes that hold one less.
fn wide(bytes: &[u8]) -> Option<u32> {
    match bytes.get(..3)? {
        [a, b, c] => Some(u32::from_le_bytes([*a, *b, *c, 0]) + 1),
        _ => None,
    }
}

fn lossy(data: &[u8]) -> Option<(u32, u32)> {
    if data.get(3..6)? != [0x9d, 1, 0x2a] {
        return None;
    }
    let side = |at: usize| Some(u32::from(le16(data.get(at..)?)? & 0x3fff));
    Some((side(6)?, side(8)?))
}

fn lossless(data: &[u8]) -> Option<(u32, u32)> {
    if *data.first()? != 0x2f {
        return None;
    }
    let bits = le32(data.get(1..)?)?;
    Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

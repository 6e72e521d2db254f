//! JPEG (ITU-T T.81): segments, then scans. Tables, frames and scans stay, and Adobe's note on how colours are coded; all other
//! application segments, comments, thumbnails and what follows the end go.

use super::{Drawn, Reader, as_shown, be16, orientation};

const SOI: [u8; 2] = [0xff, 0xd8];
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
/// JFIF 1.02 without density and thumbnail.
const JFIF: [u8; 18] = [0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0];

/// `None`: cut off or damaged.
pub(super) fn drawn(bytes: &[u8]) -> Option<Drawn> {
    let mut reader = Reader { rest: bytes };
    if reader.take(2)? != SOI {
        return None;
    }
    let (mut body, mut size, mut scans, mut jfif, mut way) = (Vec::with_capacity(bytes.len()), None, 0, false, None);
    loop {
        let marker = marker(&mut reader)?;
        if marker == EOI {
            break;
        }
        let length = usize::from(be16(reader.rest)?);
        let segment = reader.take(length)?;
        let data = segment.get(2..)?;
        match marker {
            // Frames; C4, C8 and CC are no frames.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                if size.is_some() {
                    return None;
                }
                size = Some((u32::from(be16(data.get(3..)?)?), u32::from(be16(data.get(1..)?)?)));
                keep(&mut body, marker, segment);
            }
            // Huffman and arithmetic tables, quantisation, number of lines, restarts.
            0xc4 | 0xcc | 0xdb | 0xdc | 0xdd => keep(&mut body, marker, segment),
            SOS => {
                // A scan before its frame draws nothing.
                size?;
                scans += 1;
                keep(&mut body, marker, segment);
                body.extend_from_slice(scan(&mut reader)?);
            }
            0xe0 => jfif |= data.starts_with(b"JFIF\0"),
            0xe1 if data.starts_with(b"Exif\0\0") => way = way.or(orientation::read(data.get(6..)?)),
            0xee if data.starts_with(b"Adobe") && data.len() == 12 => keep(&mut body, marker, segment),
            0xe1..=0xef | 0xfe => {}
            _ => return None,
        }
    }
    let size = size.filter(|_| scans > 0)?;
    let mut out = SOI.to_vec();
    if jfif {
        out.extend_from_slice(&JFIF);
    }
    if let Some(way) = way {
        let exif = orientation::write(way);
        out.extend_from_slice(&[0xff, 0xe1]);
        out.extend_from_slice(&u16::try_from(exif.len() + 8).ok()?.to_be_bytes());
        out.extend_from_slice(b"Exif\0\0");
        out.extend_from_slice(&exif);
    }
    out.extend_from_slice(&body);
    out.extend_from_slice(&[0xff, EOI]);
    Some(Drawn { bytes: out, size: as_shown(size, way) })
}

/// The next marker; any number of fill bytes may stand before it.
fn marker(reader: &mut Reader<'_>) -> Option<u8> {
    if reader.byte()? != 0xff {
        return None;
    }
    loop {
        match reader.byte()? {
            0xff => {}
            0 => return None,
            marker => return Some(marker),
        }
    }
}

fn keep(body: &mut Vec<u8>, marker: u8, segment: &[u8]) {
    body.extend_from_slice(&[0xff, marker]);
    body.extend_from_slice(segment);
}

/// Coded data up to the next marker that is no restart.
fn scan<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mut at = 0;
    loop {
        at += reader.rest.get(at..)?.iter().position(|b| *b == 0xff)?;
        match reader.rest.get(at + 1)? {
            0 | 0xd0..=0xd7 => at += 2,
            _ => return reader.take(at),
        }
    }
}

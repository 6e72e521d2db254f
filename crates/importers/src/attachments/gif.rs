//! GIF (89a): blocks. Pictures, how they follow one another and how often stay; comments, text and foreign application blocks go.

use super::{Drawn, Reader, le16};

/// Repeats the animation.
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

/// `None`: cut off or damaged.
pub(super) fn drawn(bytes: &[u8]) -> Option<Drawn> {
    let mut reader = Reader { rest: bytes };
    let head = reader.take(13)?;
    let size = (u32::from(le16(head.get(6..)?)?), u32::from(le16(head.get(8..)?)?));
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(head);
    out.extend_from_slice(reader.take(colours(*head.get(10)?))?);
    let mut pictures = 0;
    loop {
        match reader.byte()? {
            0x3b => break,
            0x2c => {
                let place = reader.take(9)?;
                let table = reader.take(colours(*place.get(8)?))?;
                let code = reader.byte()?;
                out.push(0x2c);
                out.extend_from_slice(place);
                out.extend_from_slice(table);
                out.push(code);
                out.extend_from_slice(blocks(&mut reader)?);
                pictures += 1;
            }
            0x21 => {
                let label = reader.byte()?;
                let data = blocks(&mut reader)?;
                let loops = label == 0xff && data.get(1..12).is_some_and(|name| LOOPS.contains(&name));
                // The repeat count is three bytes; what else hides in such a block goes.
                if label == 0xf9 || (loops && data.len() == 17) {
                    out.extend_from_slice(&[0x21, label]);
                    out.extend_from_slice(data);
                }
            }
            _ => return None,
        }
    }
    out.push(0x3b);
    (pictures > 0).then_some(Drawn { bytes: out, size })
}

/// Bytes of a colour table, by the flags that announce it.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Data blocks with their lengths, up to and with the empty one that ends them.
fn blocks<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mut length = 0_usize;
    loop {
        let next = usize::from(*reader.rest.get(length)?);
        length += 1 + next;
        if next == 0 {
            return reader.take(length);
        }
    }
}

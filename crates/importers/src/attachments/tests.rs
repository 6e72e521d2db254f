//! What is kept of images made by hand, and what is refused.

use super::*;
use domain::timeline::attachments::AttachmentKind::{Gif, Gzip, Jpeg, Json, Pdf, Png, Text, Webp, Zip};
use proptest::prelude::*;

const SECRET: &[u8] = b"55.6761N 12.5683E";

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], name, data, &png::checksum(&[name, data]).to_be_bytes()].concat()
}

/// EXIF with an orientation and, behind it, a place.
fn exif(way: u8) -> Vec<u8> {
    [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[way, 0, 0, 0], &[0; 4], SECRET].concat()
}

fn png_of(width: u32, height: u32, way: u8) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        chunk(b"tEXt", &[b"Comment\0", SECRET].concat()),
        chunk(b"eXIf", &exif(way)),
        chunk(b"IDAT", &[1, 2, 3]),
        chunk(b"IEND", &[]),
        SECRET.to_vec(),
    ]
    .concat()
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &u16::try_from(data.len() + 2).unwrap().to_be_bytes(), data].concat()
}

fn jpeg_of(width: u16, height: u16, way: u8) -> Vec<u8> {
    let frame = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01thumbnail"),
        segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(way)].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat()),
        segment(0xe2, &[b"ICC_PROFILE\0".as_slice(), SECRET].concat()),
        segment(0xfe, SECRET),
        segment(0xdb, &[0; 65]),
        segment(0xc0, &frame),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        // A stuffed byte and a restart belong to the scan.
        vec![1, 2, 0xff, 0, 3, 0xff, 0xd0, 4],
        segment(0xc4, &[0; 17]),
        segment(0xda, &[1, 1, 0, 0, 63, 0]),
        vec![5, 6],
        vec![0xff, 0xd9],
        SECRET.to_vec(),
    ]
    .concat()
}

fn webp_of(width: u32, height: u32, way: u8) -> Vec<u8> {
    let three = |n: u32| n.to_le_bytes()[..3].to_vec();
    let riff = |name: &[u8; 4], data: &[u8]| {
        let mut chunk = [&name[..], &u32::try_from(data.len()).unwrap().to_le_bytes(), data].concat();
        chunk.extend(std::iter::repeat_n(0, data.len() % 2));
        chunk
    };
    let head = [vec![0b0010_1100, 0, 0, 0], three(width - 1), three(height - 1)].concat();
    let pixels = [vec![0x2f], ((height - 1) << 14 | (width - 1)).to_le_bytes().to_vec(), vec![9]].concat();
    let inner = [
        b"WEBP".to_vec(),
        riff(b"VP8X", &head),
        riff(b"ICCP", SECRET),
        riff(b"VP8L", &pixels),
        riff(b"EXIF", &exif(way)),
        riff(b"XMP ", SECRET),
    ]
    .concat();
    [b"RIFF".to_vec(), u32::try_from(inner.len()).unwrap().to_le_bytes().to_vec(), inner, SECRET.to_vec()].concat()
}

fn gif_of(width: u16, height: u16) -> Vec<u8> {
    let said = u8::try_from(SECRET.len()).unwrap();
    [
        b"GIF89a".to_vec(),
        width.to_le_bytes().to_vec(),
        height.to_le_bytes().to_vec(),
        vec![0x80, 0, 0],
        vec![0; 6],
        [&[0x21, 0xfe, said][..], SECRET, &[0]].concat(),
        [&[0x21, 0xff, 11][..], b"NETSCAPE2.0", &[3, 1, 0, 0, 0]].concat(),
        [&[0x21, 0xff, 11][..], b"XMP DataXMP", &[said], SECRET, &[0]].concat(),
        vec![0x21, 0xf9, 4, 0, 1, 0, 0, 0],
        vec![0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0],
        vec![0x3b],
        SECRET.to_vec(),
    ]
    .concat()
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn all_images() -> [(AttachmentKind, Vec<u8>); 4] {
    [(Png, png_of(4, 3, 1)), (Jpeg, jpeg_of(4, 3, 1)), (Webp, webp_of(4, 3, 1)), (Gif, gif_of(4, 3))]
}

#[test]
fn an_image_keeps_what_draws_and_nothing_else() {
    for (kind, bytes) in all_images() {
        assert!(has(&bytes, SECRET));
        let checked = check_attachment(bytes.clone()).unwrap();
        assert_eq!((checked.kind, checked.size), (kind, Some((4, 3))));
        for hidden in [SECRET, b"Exif", b"eXIf", b"EXIF", b"thumbnail", b"http:", b"XMP", b"ICC", b"Comment"] {
            assert!(!has(&checked.bytes, hidden), "{kind:?} keeps {:?}", String::from_utf8_lossy(hidden));
        }
        assert!(checked.bytes.len() < bytes.len());
        let again = check_attachment(checked.bytes.clone()).unwrap();
        assert_eq!(again, checked, "{kind:?}: what is clean stays as it is");
    }
    let gif = check_attachment(gif_of(4, 3)).unwrap().bytes;
    assert!(has(&gif, b"NETSCAPE2.0"), "an animation goes on repeating");
    let jpeg = check_attachment(jpeg_of(4, 3, 1)).unwrap().bytes;
    assert!(has(&jpeg, &[1, 2, 0xff, 0, 3, 0xff, 0xd0, 4]), "scans are whole");
}

#[test]
fn a_photo_stays_the_way_up_it_was_held() {
    for way in 2..=8 {
        let size = if way >= 5 { (3, 4) } else { (4, 3) };
        for (kind, bytes) in [(Png, png_of(4, 3, way)), (Jpeg, jpeg_of(4, 3, way)), (Webp, webp_of(4, 3, way))] {
            let checked = check_attachment(bytes).unwrap();
            assert_eq!(checked.size, Some(size), "{kind:?} held {way}");
            assert!(has(&checked.bytes, &orientation::write(way)), "{kind:?} held {way}");
            assert!(!has(&checked.bytes, SECRET));
            assert_eq!(check_attachment(checked.bytes.clone()).unwrap(), checked);
        }
        assert_eq!(orientation::read(&orientation::write(way)), Some(way));
        assert_eq!(orientation::read(&exif(way)), Some(way));
    }
    assert_eq!(orientation::read(&exif(9)), None);
}

#[test]
fn what_is_cut_off_anywhere_is_refused_and_nothing_panics() {
    for (kind, bytes) in all_images() {
        let end = bytes.len() - SECRET.len();
        // What is shorter than its own name is text, or nothing.
        for length in 13..end {
            let cut = check_attachment(bytes[..length].to_vec());
            assert!(cut.is_err(), "{kind:?} cut at {length} of {end}");
        }
        assert!(check_attachment(bytes[..end].to_vec()).is_ok());
    }
    for (bytes, message) in [(b"%PDF-1.7 no end".to_vec(), CUT_PDF), (b"PK\x03\x04 no end".to_vec(), CUT_ARCHIVE)] {
        assert_eq!(check_attachment(bytes), Err(message));
    }
    let mut damaged = png_of(4, 3, 1);
    damaged[20] ^= 1;
    assert_eq!(check_attachment(damaged), Err(CUT_OFF));
}

#[test]
fn a_picture_that_no_memory_holds_is_refused() {
    assert_eq!(check_attachment(png_of(60_000, 60_000, 1)), Err(HUGE));
    assert_eq!(check_attachment(jpeg_of(u16::MAX, u16::MAX, 1)), Err(HUGE));
    assert_eq!(check_attachment(webp_of(16_000, 16_000, 1)), Err(HUGE));
    assert_eq!(check_attachment(gif_of(u16::MAX, u16::MAX)), Err(HUGE));
    assert_eq!(check_attachment(png_of(0, 3, 1)), Err(HUGE));
}

#[test]
fn the_bytes_say_what_it_is() {
    for (bytes, kind) in [
        (b"02:14 the queue grows\n\x1b[31mred\x1b[0m\n".to_vec(), Text),
        ("Zeit;Wert\n02:14;größer\n".as_bytes().to_vec(), Text),
        (b" {\"a\": [1, 2]}\n".to_vec(), Json),
        (b"{not json}".to_vec(), Text),
        (b"%PDF-1.7\n1 0 obj\n%%EOF\n".to_vec(), Pdf),
        ([b"PK\x03\x04".as_slice(), &[0; 30], b"PK\x05\x06", &[0; 18]].concat(), Zip),
        ([&[0x1f, 0x8b, 8][..], &[0; 20]].concat(), Gzip),
    ] {
        assert_eq!(check_attachment(bytes.clone()).map(|c| (c.kind, c.bytes)), Ok((kind, bytes)));
    }
}

#[test]
fn what_may_run_and_what_is_not_known_is_refused_in_words() {
    for text in [
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "<?xml version='1.0'?><svg/>",
        "\u{feff} \n<!DOCTYPE html><script>alert(1)</script>",
        "<HTML>",
        "<!-- x --><svg/>",
    ] {
        assert_eq!(check_attachment(text.as_bytes().to_vec()), Err(DRAWS), "{text}");
    }
    for bytes in [b"MZ\x90\0".to_vec(), b"\x7fELF".to_vec(), vec![0xfe, 0xff, 0, 65], b"a\0b".to_vec(), b"BM\x01\x02".to_vec()] {
        assert_eq!(check_attachment(bytes), Err(OTHER));
    }
    assert_eq!(check_attachment(Vec::new()), Err(EMPTY));
}

proptest! {
    #[test]
    fn any_bytes_give_an_answer(begin in 0usize..5, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let magic: [&[u8]; 5] = [b"", b"\x89PNG\r\n\x1a\n", &[0xff, 0xd8, 0xff], b"RIFF\xff\0\0\0WEBP", b"GIF89a"];
        let _ = check_attachment([magic[begin], &bytes].concat());
    }

    #[test]
    fn a_changed_byte_brings_nothing_back(which in 0usize..4, at in 0usize..400, bit in 0u8..8) {
        let (_, mut bytes) = all_images()[which].clone();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(checked) = check_attachment(bytes) {
            let again = check_attachment(checked.bytes.clone());
            prop_assert_eq!(again, Ok(checked));
        }
    }
}

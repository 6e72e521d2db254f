//! Small readers of Markdown that several rooms of this crate share: bullets, rules, emphasis, words.

/// The marker of a list item.
pub(crate) struct Bullet<'a> {
    /// Columns before the marker; a tab is four.
    pub(crate) indent: usize,
    /// Columns before the text of the item.
    pub(crate) content: usize,
    /// What follows the marker and its checkbox.
    pub(crate) text: &'a str,
    /// The state of its checkbox.
    pub(crate) ticked: Option<bool>,
}

/// Columns of white space at the start; a tab goes to the next multiple of four.
pub(crate) fn indent(line: &str) -> usize {
    let mut columns = 0;
    for c in line.chars() {
        match c {
            ' ' | '\u{A0}' => columns += 1,
            '\t' => columns = (columns / 4 + 1) * 4,
            _ => break,
        }
    }
    columns
}

/// The line without up to `columns` of leading white space.
pub(crate) fn dedent(line: &str, columns: usize) -> &str {
    let mut rest = line;
    while indent(line) - indent(rest) < columns {
        match rest.chars().next() {
            Some(c @ (' ' | '\t' | '\u{A0}')) => rest = &rest[c.len_utf8()..],
            _ => break,
        }
    }
    rest
}

/// Reads `- text`, `* text`, `+ text`, `1. text`, `1) text`, `• text`, each with or without a checkbox.
pub(crate) fn bullet(line: &str) -> Option<Bullet<'_>> {
    let text = line.trim_start();
    let marker = match text.chars().next()? {
        c @ ('-' | '*' | '+' | '•' | '◦' | '▪' | '‣') => c.len_utf8(),
        c if c.is_ascii_digit() => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 9 || !matches!(text.as_bytes().get(digits), Some(b'.' | b')')) {
                return None;
            }
            digits + 1
        }
        _ => return None,
    };
    let rest = &text[marker..];
    if !rest.is_empty() && !rest.starts_with([' ', '\t', '\u{A0}']) {
        return None;
    }
    if is_rule(text) {
        return None;
    }
    let before = indent(line);
    let mut body = rest.trim();
    let mut ticked = None;
    for (mark, state) in [("[ ]", false), ("[x]", true), ("[X]", true), ("[]", false)] {
        if let Some(after) = body.strip_prefix(mark)
            && (after.is_empty() || after.starts_with([' ', '\t']))
        {
            ticked = Some(state);
            body = after.trim_start();
            break;
        }
    }
    let gap = indent(rest).clamp(1, 4);
    Some(Bullet { indent: before, content: before + text[..marker].chars().count() + gap, text: body, ticked })
}

/// `---`, `***`, `___`, `- - -`.
pub(crate) fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else { return false };
    matches!(first, '-' | '*' | '_') && {
        let rest: Vec<char> = marks.take(80).collect();
        rest.len() >= 2 && rest.iter().all(|c| *c == first)
    }
}

/// A line that shows something but says nothing: an image, a lone tag.
pub(crate) fn is_decoration(line: &str) -> bool {
    let text = line.trim();
    let image = text.starts_with("![") && text.ends_with(')') && !text[2..].contains("![");
    let tag = text.starts_with('<')
        && text.ends_with('>')
        && !text.starts_with("<http")
        && text.len() > 2
        && text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.matches('<').count() == 1;
    image || tag
}

/// The words of a line that is nothing but bold, as in `**Timeline:**`.
pub(crate) fn bold_line(line: &str) -> Option<&str> {
    let text = line.trim().trim_end_matches(':').trim_end();
    for mark in ["**", "__"] {
        if let Some(inner) = text.strip_prefix(mark).and_then(|t| t.strip_suffix(mark))
            && !inner.is_empty()
            && !inner.contains(mark)
        {
            return Some(inner.trim().trim_end_matches(':').trim_end());
        }
    }
    None
}

/// Nothing but marks: an empty bullet, `…`, `**`.
pub(crate) fn says_nothing(text: &str) -> bool {
    !text.chars().any(|c| c.is_alphanumeric() || is_symbol(c))
}

/// Emoji and other pictures say something.
fn is_symbol(c: char) -> bool {
    c as u32 > 0x2190 && c != '\u{FE0F}' && !c.is_whitespace()
}

/// Lower case, words only, single spaces, without what stands in brackets.
pub(crate) fn plain_words(text: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            '\'' | '’' => {}
            _ if !out.ends_with(' ') && !out.is_empty() => out.push(' '),
            _ => {}
        }
    }
    out.trim_end().to_owned()
}
